"""What is no project, or a damaged or newer one: one clear sentence, never a traceback, never other content."""

import hashlib
import io
import json
import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.project_file import blobs
from app.project_file import schema as project_schema
from app.project_file.blobs import ProjectError
from engine.errors import NurieError
from tests.projects import page, read, read_whole, write

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("good") / "a.nurie", (page(1), page(2)))


def content(path: Path) -> bytes:
    """What a project says when it is read whole and written again."""
    return write(path.with_name("again.nurie"), read_whole(path))


def rewritten(good: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The project with another project.json."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.json":
                values = json.loads(data)
                change(values)
                data = json.dumps(values).encode()
            new.writestr(name, data)
    return out.getvalue()


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(NurieError) as error:
        read_whole(path)
    text = str(error.value)
    assert "\n" not in text and text.endswith((".", "it.", "is.")), text
    return text


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(st.data())
def test_a_truncated_file(good: bytes, tmp_path: Path, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(good) - 1))
    refusal(tmp_path / "cut.nurie", good[:end])


@SLOW
@given(st.data())
def test_flipped_bytes(good: bytes, tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(good) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "flipped.nurie"
    path.write_bytes(bytes(damaged))
    try:
        now = content(path)
    except NurieError as error:
        assert "\n" not in str(error)
    else:
        assert now == good  # what was hit means nothing, such as a date


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_any_value_in_the_place_of_another(good: bytes, tmp_path: Path, value: object) -> None:
    def change(values: dict[str, Any]) -> None:
        values["pages"][0]["coloring"]["regions"] = value
        values["pages"][1]["lines"] = value

    refusal(tmp_path / "odd.nurie", rewritten(good, change))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no Nurie project"),
        (b"not a zip at all", "no Nurie project"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no Nurie project"),
    ],
)
def test_files_that_are_none(tmp_path: Path, data: bytes, expected: str) -> None:
    assert expected in refusal(tmp_path / "x.nurie", data)


def test_another_zip(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "image/openraster")
    assert "choose a file that Nurie saved" in refusal(tmp_path / "x.nurie", out.getvalue())


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="There is no file"):
        read(tmp_path / "gone.nurie")
    with pytest.raises(ProjectError, match="folder"):
        read(tmp_path)


def test_a_newer_version(good: bytes, tmp_path: Path) -> None:
    newer = rewritten(good, lambda values: values.update(version=project_schema.VERSION + 1, unknown=1))
    assert "newer Nurie" in refusal(tmp_path / "x.nurie", newer)


def test_an_unknown_key_is_not_lost_in_silence(good: bytes, tmp_path: Path) -> None:
    text = refusal(tmp_path / "x.nurie", rewritten(good, lambda values: values["pages"][0].update(magic=1)))
    assert "magic" in text


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.update(version=0),
        lambda values: values.update(version="1"),
        lambda values: values.update(pages=[]),
        lambda values: values.update(current=2),
        lambda values: values["pages"][0]["drawing"].update(kind="photo"),
        lambda values: values["pages"][0]["drawing"].update(pixels=None),
        lambda values: values["pages"][0]["drawing"]["pixels"].update(shape=[64, 9999, 3]),
        lambda values: values["pages"][0]["drawing"]["pixels"].update(shape=[1 << 20, 1 << 20, 3]),
        lambda values: values["pages"][0]["drawing"]["pixels"].update(shape=[-1, 5]),
        lambda values: values["pages"][0]["drawing"]["pixels"].update(dtype="object"),
        lambda values: values["pages"][0]["drawing"]["pixels"].update(blob="../../etc/passwd"),
        lambda values: values["pages"][0]["drawing"].update(pixels=values["pages"][0]["references"][0]["mask"]),
        lambda values: values["pages"][0]["references"][0].update(weight=7.0),
        lambda values: values["pages"][0]["coloring"]["regions"].update(count=1),
        lambda values: values["pages"][0]["coloring"]["regions"].update(palette=None),
        lambda values: values["pages"][0]["coloring"].update(options=None),
        lambda values: values["pages"][0]["coloring"].update(color=values["pages"][1]["coloring"]["color"]),
        lambda values: values["pages"][0]["lines"].update(sigma="thick"),
        lambda values: values["pages"][0].update(thumbnail="0" * 64),
    ],
)
def test_values_that_make_no_sense(good: bytes, tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    refusal(tmp_path / "x.nurie", rewritten(good, change))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.json", b" " * (1 << 22))
    monkeypatch.setattr("app.project_file.file.MAX_JSON", 1 << 20)
    refusal(tmp_path / "json.nurie", out.getvalue())
    monkeypatch.setattr(blobs, "MAX_ENTRY", 1 << 20)
    assert "too large" in refusal(tmp_path / "entry.nurie", out.getvalue())
    monkeypatch.setattr(blobs, "MAX_ENTRIES", 0)
    assert "more than a project has" in refusal(tmp_path / "many.nurie", out.getvalue())


def test_an_entry_is_never_more_than_it_says(good: bytes, tmp_path: Path) -> None:
    """A directory that understates what a deflated entry unpacks to."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.json", b"[" * 100_000)
    data = out.getvalue().replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    refusal(tmp_path / "x.nurie", data)


def test_one_damaged_drawing_leaves_the_others(good: bytes, tmp_path: Path) -> None:
    damaged = rewritten(good, lambda values: values["pages"][0]["drawing"]["pixels"].update(shape=[64, 98, 3]))
    (tmp_path / "x.nurie").write_bytes(damaged)
    project = read(tmp_path / "x.nurie")
    assert "damaged" in project.problem
    assert project.page_id == project.pages[1].id and project.pages[1].drawing is not None


def test_migrations_lead_from_version_to_version(good: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as file:
        values = json.loads(file.read("project.json")) | {"version": 1}
    for one in values["pages"]:
        one["name"] = one.pop("title")
    steps: dict[int, project_schema.Migration] = {
        1: lambda old: old | {"pages": [{**one, "label": one["name"]} for one in old["pages"]]},
        2: lambda old: (
            old
            | {
                "pages": [
                    {k: v for k, v in one.items() if k not in ("name", "label")} | {"title": "new"}
                    for one in old["pages"]
                ]
            }
        ),
    }
    record = project_schema.from_json(json.dumps(values).encode(), "x", steps, 3)
    assert record.version == 3 and [one.title for one in record.pages] == ["new", "new"]
    with pytest.raises(ProjectError, match="damaged"):
        project_schema.from_json(json.dumps(values).encode(), "x", {}, 3)


def bomb(change: Callable[[dict[str, Any]], object], blob: bytes, suffix: str = ".png") -> Callable[[bytes], bytes]:
    """A project in which `change` puts the digest of a blob where it says BLOB."""
    digest = hashlib.sha256(blob).hexdigest()

    def made(good: bytes) -> bytes:
        data = rewritten(good, change)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b"BLOB", digest.encode()))
            new.writestr(f"blobs/{digest}{suffix}", blob)
        return out.getvalue()

    return made


def png(width: int, height: int, announced: int = 0) -> bytes:
    """The beginning of a picture that says it is as large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head, len(head)), (b"IDAT", b"x" * 40, announced or 40), (b"IEND", b"", 0)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", length) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data, length in chunks
    )


def pixels_of(width: int, height: int) -> Callable[[dict[str, Any]], object]:
    record = {"blob": "BLOB", "shape": [height, width, 3], "dtype": "uint8", "coding": "png"}

    def change(values: dict[str, Any]) -> None:
        for one in values["pages"]:
            one["drawing"]["pixels"] = record

    return change


@pytest.mark.parametrize(
    ("width", "height", "announced", "words"),
    [(16384, 16384, 0, "too large to be true"), (96, 64, 0xFFFF_FFF0, "damaged"), (9000, 9000, 0, "too large")],
)
def test_no_small_file_takes_much_memory(
    good: bytes, tmp_path: Path, width: int, height: int, announced: int, words: str
) -> None:
    data = bomb(pixels_of(width, height), png(width, height, announced))(good)
    tracemalloc.start()
    assert words in refusal(tmp_path / "a.nurie", data)
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_a_thumbnail_that_is_no_small_picture_is_left_out(good: bytes, tmp_path: Path) -> None:
    def change(values: dict[str, Any]) -> None:
        values["pages"][1]["thumbnail"] = "BLOB"

    path = tmp_path / "a.nurie"
    path.write_bytes(bomb(change, png(30_000, 30_000))(good))
    thumbnail = read(path).pages[1].thumbnail
    assert thumbnail is not None and thumbnail.isNull()


@pytest.mark.parametrize("text", ["{}", "0", "[]"])
def test_a_description_of_nothing_but_commas_is_refused(good: bytes, tmp_path: Path, text: str) -> None:
    def change(values: dict[str, Any]) -> None:
        values["pages"] = "MANY"

    out = io.BytesIO()
    many = b"[" + b",".join([text.encode()] * 6_000_000) + b"]"
    old = zipfile.ZipFile(io.BytesIO(rewritten(good, change)))
    with old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("project.json", old.read("project.json").replace(b'"MANY"', many))
    assert "damaged" in refusal(tmp_path / "a.nurie", out.getvalue())


def test_what_fits_its_type_and_is_no_picture_is_refused_or_mended(good: bytes, tmp_path: Path) -> None:
    def negative(values: dict[str, Any]) -> None:
        values["pages"][0]["coloring"]["regions"]["areas"]["shape"] = [-1]

    def resolution(values: dict[str, Any]) -> None:
        values["pages"][0]["drawing"]["dpi"] = [-9e18, 300.0]
        values["pages"][0]["title"] = "a\ud800b"

    path = tmp_path / "a.nurie"
    path.write_bytes(rewritten(good, negative))
    assert "damaged" in read(path).problem
    path.write_bytes(rewritten(good, resolution))
    page_one = read_whole(path)[0]
    assert page_one.drawing is not None and page_one.drawing.picture.dpi is None and page_one.title == "a\ufffdb"
    assert content(path)


def test_a_pipe_is_no_project(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes there")
    os.mkfifo(tmp_path / "a.nurie")
    with pytest.raises(NurieError, match="no ordinary file"):
        read(tmp_path / "a.nurie")
