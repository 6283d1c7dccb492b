"""The pages for people: what they name is there, and the window can show them."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from app.window.actions import MORE_SHORTCUTS, table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "resources" / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
PAGES = [*(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")), *sorted(DOCS.rglob("*.md"))]
FOR_ARTISTS = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings(page))
    return {heading.strip().replace(" ", "-") for heading in plain}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files and anchors that a page links to."""
    for target in LINK.findall(prose(page)):
        if not target.startswith(("https://", "http://")):
            file, _, anchor = target.partition("#")
            yield (page.parent / file if file else page).resolve(), anchor


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for file, anchor in links(page):
        assert file.exists(), f"{name(page)} links to {file}"
        assert not anchor or anchor in anchors(file), f"{name(page)} links to #{anchor} of {file.name}"


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_the_window_can_show_it(page: Path, qapp: QApplication) -> None:
    """Qt's reader of Markdown takes a stray angle bracket for HTML and loses what follows."""
    document = QTextDocument()
    document.setMarkdown(page.read_text(encoding="utf-8"), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    shown, block = [], document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel():
            shown.append(block.text())
        block = block.next()
    assert shown == headings(page)
    last = re.findall(r"\w+", prose(page))[-1]
    assert last in document.toPlainText()[-200:]


@pytest.mark.parametrize("page", FOR_ARTISTS, ids=name)
def test_pages_for_artists_name_no_source_file(page: Path) -> None:
    assert not re.findall(
        r"\b(?:app|engine|trainer|tests)/\w+|\b(?!main\.py)\w+\.py\b", page.read_text(encoding="utf-8")
    )


def test_every_shortcut_is_in_the_guide() -> None:
    keys = prose(DOCS / "guide.md").partition("\n## Keys\n")[2]
    rows = [row.split("|")[1] for row in keys.splitlines() if row.startswith("| ")]
    listed = {key.strip() for row in rows for key in row.strip().split(", ")}
    for spec in table():
        for shortcut in (spec.shortcut, *MORE_SHORTCUTS.get(spec.id, ())):
            shown = shortcut.replace("Return", "Enter")
            assert not shown or shown in listed, f"the guide lacks {shown} of {spec.id}"


def test_every_command_and_option_is_on_the_page_of_the_command_line() -> None:
    script = runpy.run_path(str(ROOT / "packaging" / "command_line.py"))
    page = (DOCS / "command_line.md").read_text(encoding="utf-8")
    assert script["written"](page) == page, "run packaging/command_line.py"


def test_a_command_without_a_chapter_is_told() -> None:
    script = runpy.run_path(str(ROOT / "packaging" / "command_line.py"))
    page = (DOCS / "command_line.md").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no chapter: palette"):
        script["written"](page.replace("\n## palette\n", "\n## swatches\n"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_short_and_listed(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 20
    assert headings(page)[1:] == ["Context", "Decision", "Consequences"]
    assert re.match(r"Status: (accepted|superseded by \d+), \d{4}-\d\d-\d\d\.", lines[2])
    assert f"({page.name})" in (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
