import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.jobs import child_process
from app.jobs.child_process import ChildProcess
from engine.sentences import Sentence, to_plain
from tests import children

ROOT = Path(__file__).resolve().parents[4]

# Says an event in two halves, echoes what it is told, and ends when its stdin is closed.
ECHO = """
import json, sys, time
sys.stdout.write('{"event": "hel'); sys.stdout.flush(); time.sleep(0.05)
sys.stdout.write('lo", "name": "ぬりえ"}\\n'); sys.stdout.flush()
for line in sys.stdin:
    print(json.dumps({"event": "heard", "word": line.strip()}), flush=True)
print('{"event": "closed"}', end="")
"""
DEAF = 'import time, sys\nprint(\'{"event": "up"}\', flush=True)\ntime.sleep(60)'


class Child:
    """A script as a child process, and all it says."""

    def __init__(self, folder: Path, script: str, owner: QObject) -> None:
        path = folder / "script.py"
        path.write_text(script, encoding="utf-8")
        self.process = ChildProcess(owner, [sys.executable, str(path)])
        self.events: list[dict[str, Any]] = []
        self.ends: list[tuple[int, str]] = []
        self.process.received.connect(self.events.append)
        self.process.ended.connect(lambda code, sentence: self.ends.append((code, sentence)))

    def run(self, qtbot: QtBot, *arguments: str) -> tuple[int, str]:
        self.process.start(arguments)
        qtbot.waitUntil(lambda: bool(self.ends))
        return self.ends[0]


@pytest.fixture
def owner(qapp: QObject) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    for child in parent.findChildren(ChildProcess):
        child.close(200)
        assert not child.is_running


def test_events_arrive_whole_and_words_are_heard(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    child = Child(tmp_path, ECHO, owner)
    child.process.start([])
    qtbot.waitUntil(lambda: len(child.events) == 1)
    assert child.events == [{"event": "hello", "name": "ぬりえ"}]
    child.process.send("pause")
    qtbot.waitUntil(lambda: len(child.events) == 2)
    assert child.events[1] == {"event": "heard", "word": "pause"}
    child.process.terminate()
    qtbot.waitUntil(lambda: bool(child.ends))
    assert child.events[-1] == {"event": "closed"}  # also without a line break after it
    assert child.ends == [(0, "")]


def test_what_is_no_event_is_ignored_with_a_word_in_the_log(
    qtbot: QtBot, tmp_path: Path, owner: QObject, caplog: pytest.LogCaptureFixture
) -> None:
    lines = ["no json", "[1, 2]", '{"progress": 1}', '{"event": 3}', "", '{"event": "good"}']
    script = f"import sys\nfor line in {lines!r}: print(line)\nsys.stdout.flush()\nsys.stdout.buffer.write(b'\\xff\\n')"
    child = Child(tmp_path, script, owner)
    with caplog.at_level(logging.WARNING):
        assert child.run(qtbot) == (0, "")
    assert child.events == [{"event": "good"}]
    assert len(caplog.records) == 5


@pytest.mark.parametrize(
    ("script", "code", "sentence"),
    [
        ("import sys; print('1 of 2', file=sys.stderr); sys.exit('nurie: error: No such file.')", 1, "No such file."),
        ('print(\'{"event": "error", "message": "Too big."}\'); raise SystemExit(2)', 2, "Too big."),
        ("raise SystemExit(3)", 3, "The work in the background ended without saying why."),
    ],
)
def test_a_failure_is_one_sentence(
    qtbot: QtBot, tmp_path: Path, owner: QObject, script: str, code: int, sentence: str
) -> None:
    assert Child(tmp_path, script, owner).run(qtbot) == (code, sentence)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not Windows's")
def test_a_child_that_is_killed_is_a_failure_with_a_sentence(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    code, sentence = Child(tmp_path, "import os; os.kill(os.getpid(), 9)", owner).run(qtbot)
    assert code < 0
    assert "memory" in sentence


def test_a_program_that_is_not_there_is_a_failure_with_a_sentence(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    process = ChildProcess(owner, [str(tmp_path / "nothing")])
    with qtbot.waitSignal(process.ended) as end:
        process.start([])
    assert end.args is not None
    assert end.args[0] < 0
    assert "could not start" in end.args[1]


def test_arguments_reach_the_child(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    script = 'import json, sys; print(json.dumps({"event": "told", "arguments": sys.argv[1:]}))'
    child = Child(tmp_path, script, owner)
    child.run(qtbot, "finetune", "a picture.png", "--json")
    assert child.events[0]["arguments"] == ["finetune", "a picture.png", "--json"]


def test_a_child_that_does_not_end_when_told_is_killed(
    qtbot: QtBot, tmp_path: Path, owner: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "GRACE_MS", 50)
    child = Child(tmp_path, DEAF, owner)
    child.process.start([])
    qtbot.waitUntil(lambda: bool(child.events))
    child.process.terminate()
    qtbot.waitUntil(lambda: bool(child.ends))
    assert child.ends[0][0] < 0


def test_closing_leaves_no_child_behind(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    before = children.living()
    for script in (DEAF, ECHO):
        child = Child(tmp_path, script, owner)
        child.process.start([])
        qtbot.waitUntil(lambda child=child: bool(child.events))
        child.process.close(200)
        assert not child.process.is_running
    child = Child(tmp_path, DEAF, owner)
    child.process.start([])
    child.process.close(50)  # at once, before it is known to have started
    assert not child.process.is_running
    assert children.living() == before


def test_a_window_that_is_killed_leaves_no_child_behind(qtbot: QtBot, tmp_path: Path) -> None:
    """Its end of the child's stdin closes, whatever ended it."""
    (tmp_path / "child.py").write_text(
        'import sys, pathlib\nprint(\'{"event": "up"}\', flush=True)\nsys.stdin.read()\n'
        f"pathlib.Path({str(tmp_path / 'closed')!r}).touch()",
        encoding="utf-8",
    )
    parent = f"""
import sys
from PySide6.QtCore import QCoreApplication
from app.jobs.child_process import ChildProcess
from engine.sentences import Sentence, to_plain
app = QCoreApplication([])
child = ChildProcess(None, [sys.executable, {str(tmp_path / "child.py")!r}])
child.received.connect(lambda event: print(event, flush=True))
child.start([])
app.exec()
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert b"up" in process.stdout.readline()
        process.kill()
    qtbot.waitUntil((tmp_path / "closed").exists)


def test_words_to_one_that_has_ended_are_lost_quietly(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    child = Child(tmp_path, "pass", owner)
    child.run(qtbot)
    child.process.send("pause")
    child.process.terminate()
    child.process.close()
    assert child.ends == [(0, "")]


def test_sentences_arrive_with_their_templates(qtbot: QtBot, tmp_path: Path, owner: QObject) -> None:
    sentence = Sentence("There is no file {0}; check its name and folder.", "a.png")
    event = {"event": "error", "message": sentence, "skipped": [{"why": sentence}]}
    child = Child(tmp_path, f"print({json.dumps(to_plain(event))!r}); raise SystemExit(2)", owner)
    code, ended = child.run(qtbot)
    heard = child.events[0]
    assert code == 2 and heard == event
    for told in (ended, heard["message"], heard["skipped"][0]["why"]):
        assert isinstance(told, Sentence) and told.template == sentence.template and told.values == ("a.png",)


def test_a_packaged_window_runs_the_command_line_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_process.own_program() == [sys.executable, str(ROOT / "main.py")]
    window = tmp_path / "Nurie window.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(window))
    assert child_process.own_program() == [str(window)]
    (tmp_path / "nurie.exe").touch()
    assert child_process.own_program() == [str(window)], "elsewhere the one program does both"
    monkeypatch.setattr(sys, "platform", "win32")
    assert child_process.own_program() == [str(tmp_path / "nurie.exe")]
