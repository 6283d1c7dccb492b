"""Manifests of a batch: what is read, and what is refused with one sentence."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli.manifest import read_manifest
from engine.errors import RequestError


def manifest(folder: Path, content: str | bytes) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_file_names_are_relative_to_the_manifest(tmp_path: Path) -> None:
    absolute = tmp_path / "elsewhere" / "b.png"
    rows = read_manifest(manifest(tmp_path, f"line,reference,output\na.png, r1.png ;{absolute}; ,out/a.png\n"))
    assert len(rows) == 1
    assert (rows[0].number, rows[0].problem) == (2, "")
    assert rows[0].line == tmp_path / "a.png"
    assert rows[0].sources.references == (tmp_path / "r1.png", absolute)
    assert rows[0].output == tmp_path / "out" / "a.png"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spreadsheets_are_understood(tmp_path: Path, start: str, end: str) -> None:
    lines = ["Output,comment, LINE ,reference", '塗り絵.png,"a, b","l,1.png",r.png', ",,,", "", "o2.png,,l2.png,r.png"]
    rows = read_manifest(manifest(tmp_path, start + end.join(lines)))
    assert [row.line.name for row in rows] == ["l,1.png", "l2.png"]
    assert rows[0].output.name == "塗り絵.png"
    assert [row.number for row in rows] == [2, 5]
    assert not any(row.problem for row in rows)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (",r.png,o.png", "no drawing"),
        ("l.png,,o.png", "no picture in the column reference"),
        ("l.png, ; ,o.png", "no picture in the column reference"),
        ("l.png,r.png,", "no file in the column output"),
        ("l.png,r.png", "no file in the column output"),
        ("l.png,r.png,o.png,more", "more cells"),
        ("l\0.png,r.png,o.png", "zero byte"),
    ],
)
def test_a_bad_row_is_that_rows_problem(tmp_path: Path, record: str, said: str) -> None:
    rows = read_manifest(manifest(tmp_path, f"line,reference,output\n{record}\nl.png,r.png,o.png\n"))
    assert said in rows[0].problem
    assert rows[1].problem == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("\n\n , \n", "empty"),
        ("\ufeff", "empty"),
        ("line,reference,output\n", "no drawings"),
        ("line,reference,output\n,,\n\n", "no drawings"),
        ("a.png,b.png,c.png\n", "no column line"),
        ("line,reference\na,b\n", "no column output"),
        ("line,reference,output,line\na,b,c,d\n", "twice"),
        ("line;reference;output\na;b;c\n", "commas"),
        ("line,reference,output\n涂.png,r,o\n".encode("utf-16"), "UTF-8"),
        ("line,reference,output\nä.png,r,o\n".encode("latin-1"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "UTF-8"),
        ('line,reference,output\n"a.png,r,o\n', "not a CSV"),
        ('line,reference,output\n"a"x,r,o\n', "not a CSV"),
    ],
)
def test_a_bad_manifest_is_one_sentence(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        read_manifest(manifest(tmp_path, content))
    assert "pairs.csv" in str(caught.value)


def test_a_missing_manifest_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RequestError, match="manifest"):
            read_manifest(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: "line,reference,output\n" + text)))
def test_nothing_but_rows_or_one_error_comes_of_any_file(tmp_path: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    try:
        rows = read_manifest(manifest(tmp_path, content))
    except RequestError:
        return
    assert rows
    assert all(row.problem or row.sources.files for row in rows)
