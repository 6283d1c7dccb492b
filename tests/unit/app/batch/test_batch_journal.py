"""The journal of a batch, and how a batch is paused and timed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batch.control import Control
from app.batch.journal import FILE, Entry, Journal, read
from app.batch.plan import STATE_FOLDER
from app.batch.progress import Progresses
from engine.errors import PictureError, RequestError


def entry(name: str, error: str = "") -> Entry:
    places = ({"x": 3, "y": 4, "text": "red?"},)
    return Entry(
        name, "in", "set", f"{name}.png", f"{name}.png", 5, 6, error, 0.5, doubtful_places=places, notes=("a",)
    )


def test_entries_come_back_and_the_last_one_counts(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(entry("a", "It failed."))
        journal.add(entry("塗り b\n"))
        journal.add(entry("a"))
        assert journal.entries == read(tmp_path) == {"a": entry("a"), "塗り b\n": entry("塗り b\n")}
    with Journal(tmp_path) as again:
        assert again.entries["a"] == entry("a")


@given(cut=st.integers(0, 400))
def test_a_torn_line_costs_one_picture_and_the_next_one_is_whole(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    with Journal(folder) as journal:
        journal.add(entry("a"))
        journal.add(entry("b"))
    path = folder / STATE_FOLDER / FILE
    data = path.read_bytes()
    path.write_bytes(data[: max(0, len(data) - cut)])
    left = set(read(folder))
    with Journal(folder) as journal:
        journal.add(entry("c"))
    assert set(read(folder)) == left | {"c"}
    if cut <= 1:
        assert left == {"a", "b"}


def test_foreign_lines_are_left_out(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(entry("a"))
    path = tmp_path / STATE_FOLDER / FILE
    lines = [b"\xff\xfe", b"[1]", b'{"name": 3}', b'{"name": "x", "new": 1}', b"[" * 5000, b""]
    path.write_bytes(path.read_bytes() + b"\n".join(lines))
    assert set(read(tmp_path)) == {"a"}


def test_one_batch_at_a_time(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(RequestError, match="Another batch"):
        Journal(tmp_path)
    Journal(tmp_path).close()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PictureError, match="cannot be written"):
        Journal(tmp_path / "file")
    with Journal(tmp_path) as journal:
        (tmp_path / STATE_FOLDER / FILE).mkdir()
        with pytest.raises(PictureError, match="cannot be written"):
            journal.add(entry("a"))


def test_an_entry_holds_as_long_as_its_picture_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"12345")
    status = path.stat()
    made = Entry("a", output="a.png", size=5, modified=status.st_mtime_ns)
    assert made.still_holds(tmp_path)
    path.write_bytes(b"123456")
    assert not made.still_holds(tmp_path)
    path.unlink()
    assert not made.still_holds(tmp_path)
    with pytest.raises(ValueError, match="outside"):
        Entry("a", output="\0")


def test_pauses_do_not_count_as_work() -> None:
    now = [0.0]
    control = Control(lambda: now[0])
    assert control.seconds() == 0.0
    control.begin()
    now[0] = 10.0
    control.pause()
    now[0] = 100.0
    assert (control.is_paused, control.seconds()) == (True, 10.0)
    control.resume()
    control.resume()
    now[0] = 105.0
    assert control.seconds() == 15.0
    control.listen(["pause\n", "nonsense\n", "resume\n"])
    assert control.is_stopped, "the end of the words is the end of the batch"
    control.pause()
    assert control.should_stop(), "stopping does not wait for the end of a pause"


def test_time_left_goes_by_what_was_colored() -> None:
    now = [0.0]
    control = Control(lambda: now[0])
    control.begin()
    progresses = Progresses(10, control)
    assert progresses.advance("bad", 0.0)["seconds_left"] is None
    progresses.end("bad", False)
    now[0] = 6.0
    assert progresses.advance("a", 0.25)["seconds_left"] is None, "too early to tell"
    stand = progresses.advance("b", 0.5)
    assert stand["seconds_left"] == pytest.approx(6.0 / 0.75 * 8.25)
    assert (stand["done"], stand["of"], stand["share"]) == (1, 10, 0.175)
    progresses.end("a", True)
    assert progresses.advance("b", 1.0)["seconds_left"] == pytest.approx(6.0 / 2.0 * 7.0)


@pytest.mark.parametrize(
    "name", ["../x.png", "/tmp/x.png", "a/../../x.png", "a//x.png", "", "a\0.png", "x" * 300, "a/" * 5000 + "x"]
)
def test_a_journal_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with Journal(tmp_path) as journal:
        journal.add(entry("a"))
    path = tmp_path / STATE_FOLDER / FILE
    lines = [json.dumps({"name": "b", key: name}) for key in ("mirrored", "output") if name]
    lines += [json.dumps({"name": name, "mirrored": "b.png"})]
    path.write_bytes(path.read_bytes() + "\n".join(lines).encode())
    assert set(read(tmp_path)) == {"a"}


@pytest.mark.parametrize("place", [{}, {"x": 1}, {"x": "1", "y": 2, "text": ""}, {"x": 1, "y": 2, "text": "", "z": 3}])
def test_places_that_no_report_could_show_are_left_out(tmp_path: Path, place: dict[str, object]) -> None:
    with Journal(tmp_path) as journal:
        journal.add(entry("a"))
    path = tmp_path / STATE_FOLDER / FILE
    lines = [json.dumps({"name": "b", key: [place]}) for key in ("doubtful_places", "leak_places")]
    path.write_bytes(path.read_bytes() + "\n".join(lines).encode())
    assert set(read(tmp_path)) == {"a"}


def test_an_entry_is_one_line_of_plain_text(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(entry("a\nb"))
    (line,) = (tmp_path / STATE_FOLDER / FILE).read_text(encoding="ascii").splitlines()
    assert json.loads(line)["name"] == "a\nb"
