"""The report of a batch: a page that needs nothing else, and a table."""

import base64
import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.batch import report
from app.batch.journal import Entry
from engine.leaks import Leak
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.folders import color_file, line_file

Batch = Callable[..., Run]
VOID = {"meta", "img", "br"}


class Structure(HTMLParser):
    """Checks that tags are closed in order, and collects texts and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data + " "


@pytest.fixture
def folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two drawings that can be colored and have a leak, one that cannot, one that is there already."""
    for name in ("<b>&.png", "two/b.png"):
        line_file(place / "in" / name)
    line_file(place / "in" / "there.png")
    color_file(place / "out" / "there.png", (1, 2, 3))
    (place / "in" / "broken.png").write_text("text")
    monkeypatch.setattr("engine.finishing.find_leaks", lambda *_: [Leak("escape", 7, 9, 5, (1,))])
    return place / "in"


def test_the_page_holds_all_it_needs(batch: Batch, place: Path, folder: Path) -> None:
    assert batch("--recursive", "--report", place / "out" / "report.html").code == 1
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    structure = Structure()
    structure.feed(page)
    assert structure.open == []
    text = structure.text
    for words in ("<b>&.png", "two/b.png", "broken.png is not a picture", "was there already", "at 7, 9", "1 leak"):
        assert words in text
    assert re.search(r"\b4\s+drawings", text)
    assert re.search(r"\b2\s+colored", text)
    pictures = [link for link in structure.links if link.startswith("data:image/jpeg;base64,")]
    assert len(pictures) == 2
    for data in pictures:
        with Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))) as image:
            assert image.size == (40 + 8 + 40, 30)
    others = [link for link in structure.links if link not in pictures]
    assert set(others) == {"%3Cb%3E%26.png", "two/b.png"}, "links to the pictures, nothing from elsewhere"
    assert "http" not in page


def test_the_table(batch: Batch, place: Path, folder: Path) -> None:
    line_file(folder / "=1+1.png")
    assert batch("--recursive", "--report", place / "table.csv").code == 1
    with (place / "table.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["drawing"]: row for row in csv.DictReader(stream)}
    assert set(rows) == {"'=1+1.png", "<b>&.png", "broken.png", "there.png", "two/b.png"}, "no formula"
    colored = rows["two/b.png"]
    assert (colored["state"], colored["width"], colored["height"]) == ("colored", "40", "30")
    assert (colored["leaks"], colored["leak places"]) == ("1", "7,9")
    assert colored["picture"] == str(place / "out" / "two" / "b.png")
    assert float(colored["seconds"]) > 0
    assert "not a picture" in rows["broken.png"]["error"]
    assert rows["there.png"]["state"] == "was there already"


def test_a_later_run_reports_what_an_earlier_one_made(batch: Batch, place: Path, folder: Path) -> None:
    assert batch("--recursive").code == 1
    assert batch("--recursive", "--report", place / "out" / "report.html").code == 1
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg") == 2
    assert page.count("colored before") == 3  # the count at the top, and two drawings
    assert page.count("1 leak<") == 2


def test_a_report_never_takes_the_place_of_a_drawing(batch: Batch, place: Path, folder: Path) -> None:
    assert "There is no folder" in batch("--report", place / "none" / "a.html").error
    (place / "link.html").symlink_to(folder / "<b>&.png")
    assert "would overwrite" in batch("--report", place / "link.html").error


class Words(HTMLParser):
    """The elements and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def page_with(folder: Path, text: str) -> Words:
    """A page where `text` stands wherever a text of others can stand."""
    place = {"x": 1, "y": 2, "text": text}
    entry = Entry(text, output=text or "a", doubts=1, doubtful_places=(place,), leaks=1, leak_places=(place,))
    rows = [
        report.Row(
            text, "done", replace(entry, notes=(f"Note: {text}",)), "", folder / "none.jpg", folder / entry.output
        ),
        report.Row(text, "failed", None, text, folder / "none.jpg"),
    ]
    report.write(folder / "report.html", report.Head(Path(f"in {text}"), Path(f"out {text}"), 1.0), rows)
    return Words((folder / "report.html").read_text("utf-8"))


@settings(max_examples=30)
@given(
    text=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n/"), min_size=1, max_size=20
    ).filter(lambda text: text not in (".", ".."))
)
@example(text="not UTF-8: \udcff")
@example(text="<script>alert('{{ 1 }}')</script>&amp;")
def test_no_text_of_others_is_taken_for_the_page_s_own(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    page = page_with(folder, text)
    assert page.elements == page_with(folder, "plain").elements
    shown = text.encode("utf-8", "replace").decode("utf-8")
    assert page.words.count(shown) >= 8
