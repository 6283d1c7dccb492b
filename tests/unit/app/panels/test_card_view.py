from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from app import paths
from app.finetune import model_card
from app.language.translations import LANGUAGE_CHOICES, SOURCE
from app.panels.card_view import CardView, _tables
from engine.checkpoint import BaseModel, CheckpointInfo
from engine.model_catalog import ModelEntry

INFO = CheckpointInfo(
    "sga",
    {},
    "Mio *of* the <b>sea</b>",
    description="For one character | only.",
    provenance={"pictures": 5, "hours": 0.1, "long": "x" * 900},
    licence="CC0-1.0",
    attributions=("Drawn by [somebody](http://example.com)",),
    base=BaseModel("nurie-compact", "0" * 64),
)


@pytest.fixture
def card(qtbot: QtBot) -> CardView:
    made = CardView()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_model_without_a_card_says_what_its_file_says(card: CardView, tmp_path: Path) -> None:
    (tmp_path / "mio.safetensors").write_bytes(b"x" * 1_500_000)
    card.show_card(model_card.markdown(ModelEntry("mio", tmp_path / "mio.safetensors", False, INFO)))
    text = card.toPlainText()
    for part in (
        "Mio *of* the <b>sea</b>",
        "For one character | only.",
        "CC0-1.0",
        "nurie-compact",
        "1.5 MB",
        "pictures",
    ):
        assert part in text
    assert "Drawn by [somebody](http://example.com)" in text  # text of a stranger is text, no link
    assert "x" * 301 not in text


def test_a_card_beside_the_file_is_shown(tmp_path: Path) -> None:
    (tmp_path / "mio.md").write_text("# Card of Mio", encoding="utf-8")
    assert model_card.markdown(ModelEntry("mio", tmp_path / "mio.safetensors", False, INFO)) == "# Card of Mio"


@pytest.mark.parametrize(("language", "shown"), [("ja", "# 澪"), ("en", "# Mio"), ("de", "# Mio")])
def test_a_card_is_shown_in_the_language_of_the_person(tmp_path: Path, language: str, shown: str) -> None:
    (tmp_path / "mio.md").write_text("# Mio", encoding="utf-8")
    (tmp_path / "mio.ja.md").write_text("# 澪", encoding="utf-8")
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        assert model_card.markdown(ModelEntry("mio", tmp_path / "mio.safetensors", False, INFO)) == shown
    finally:
        QLocale.setDefault(before)


def test_the_model_that_ships_has_a_card_in_every_language() -> None:
    others = [one for one in LANGUAGE_CHOICES if one not in ("system", SOURCE)]
    assert others
    for language in others:
        assert paths.resources().joinpath("models", f"nurie-compact.{language}.md").is_file()


def test_a_damaged_model_says_why(tmp_path: Path) -> None:
    entry = ModelEntry("mio", tmp_path / "mio.safetensors", False, None, "The file is cut off.")
    assert "The file is cut off\\." in model_card.markdown(entry)


def test_a_table_without_heading_has_no_empty_row(card: CardView) -> None:
    card.show_card("| | |\n|---|---|\n| file | a |\n| size | b |\n\n| x | y |\n|---|---|\n| 1 | 2 |\n")
    assert [table.rows() for table in _tables(card.document().rootFrame())] == [2, 2]


def test_an_empty_card_is_empty(card: CardView) -> None:
    card.show_card("# One")
    card.show_card("")
    assert card.toPlainText() == ""
