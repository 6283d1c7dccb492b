"""The command line as a whole: help, version, mistakes of use, the window, and everything that can go wrong."""

import os
import signal
import subprocess
import sys
import tomllib
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from app import paths
from app.cli import main as cli
from app.cli import models as models_command
from app.cli import options
from engine import __version__
from engine.errors import PictureError
from engine.options import Options
from tests.unit.app.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[4]
Nurie = Callable[..., Run]


def spawn(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT, env=os.environ | more, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_version_is_the_projects(nurie: Nurie) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == __version__
    assert nurie("--version") == Run(0, f"nurie {__version__}\n", "")


def test_help_names_all_commands_and_every_command_has_its_own(nurie: Nurie) -> None:
    run = nurie("--help")
    assert run.code == 0
    assert run.err == ""
    for command in cli.COMMANDS:
        assert command in run.out
        helped = nurie(command, "--help")
        assert helped.code == 0
        assert helped.out.startswith(f"usage: nurie {command} ")
    assert nurie("drawing.png", "-h").out == run.out


def test_version_and_list_of_commands_import_no_command() -> None:
    code = (
        "import sys; from app.cli import main; main.main(['--version']); main.main(['--help']);"
        "found = {'engine.options', *(f'app.cli.{name}' for name in main.COMMANDS)} & set(sys.modules);"
        "sys.exit(str(found) if found else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from app.cli.main import main; main(['--help']); main(['colorize', '--help']);"
        "heavy = {'torch', 'numpy', 'PySide6', 'cv2', 'PIL', 'scipy'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["colorise"], "did you mean colorize?"),
        (["xyzzy"], "the commands are"),
        (["--frob"], "--frob"),
        (["--self-test"], "--self-test"),
        (["colorize"], "LINE"),
        (["colorize", "a.png"], "--output"),
        (["colorize", "a.png", "--out", "b.png"], "--output"),
        (["colorize", "a.png", "--output", ""], "empty"),
        (["colorize", "a.png", "--output", "b.png", "--sigma", "0.6"], "0.30 to 0.50"),
        (["colorize", "a.png", "--output", "b.png", "--sigma", "nan"], "0.30 to 0.50"),
        (["colorize", "a.png", "--output", "b.png", "--size", "-1"], "64 to 2048"),
        (["colorize", "a.png", "--output", "b.png", "--size", "1" * 5000], "64 to 2048"),
        (["colorize", "a.png", "--output", "b.png", "--lines", "both"], "extract"),
        (["colorize", "a.png", "--output", "b.png", "--device", "tpu"], "cuda"),
        (["batch"], "--manifest"),
        (["batch", "--manifest", "a.csv", "--jobs", "0"], "1 to 64"),
        (["models", "extra"], "extra"),
    ],
)
def test_a_mistake_of_use_is_one_line(nurie: Nurie, arguments: list[str], said: str) -> None:
    assert said in nurie(*arguments).error


def test_a_true_process_says_it_the_same_way() -> None:
    run = spawn("colorize", "nix.png", "--reference", "nix.png", "--output", "nix.jpg")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("nurie: error: ")
    assert run.stderr.count("\n") == 1


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let `nurie models` raise what the test wants."""

    def raising(error: BaseException) -> None:
        def run(arguments: object) -> int:
            raise error

        monkeypatch.setattr(models_command, "run", run)

    return raising


def test_errors_become_one_line(nurie: Nurie, command: Callable[[BaseException], None]) -> None:
    command(PictureError("A name\nwith a break."))
    assert nurie("models").error == "A name with a break."
    command(OSError(28, "No space left on device", "out.png"))
    assert nurie("models").error == "The system refused: No space left on device (out.png)."
    command(MemoryError())
    assert "memory" in nurie("models").error


def test_a_bug_is_one_line_too_and_says_where_on_request(
    nurie: Nurie, command: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    command(KeyError("nix"))
    monkeypatch.delenv("NURIE_DEBUG", raising=False)
    run = nurie("models")
    assert run.code == 70
    assert run.err.count("\n") == 1
    assert "bug in Nurie" in run.err
    monkeypatch.setenv("NURIE_DEBUG", "1")
    assert "Traceback" in nurie("models").err


def test_ctrl_c_is_one_line_and_130(nurie: Nurie, command: Callable[[BaseException], None]) -> None:
    command(KeyboardInterrupt())
    assert nurie("models") == Run(130, "", "nurie: stopped\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal to a child")
def test_ctrl_c_in_a_true_process(tmp_path: Path) -> None:
    # A manifest that is a pipe nobody writes to: the command waits in it for as long as the test wants.
    pipe = tmp_path / "pairs.csv"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "main.py", "batch", "--manifest", str(pipe)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    writer = os.open(pipe, os.O_WRONLY)  # opens once the command reads
    try:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        os.close(writer)
        process.kill()
    assert (process.returncode, out, err) == (130, "", "nurie: stopped\n")


@pytest.mark.skipif(sys.platform == "win32", reason="closed pipes are told differently there")
@pytest.mark.parametrize("arguments", [["--help"], ["models"], ["models", "--json"]])
def test_a_closed_pipe_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("command", ["palette", "models"])  # one that ends at once, and one that does not
def test_a_process_ends_with_all_that_was_to_be_done(command: str) -> None:
    code = (
        "import atexit, sys, tempfile; from app.cli.main import run_alone;"
        "folder = tempfile.TemporaryDirectory(); print(folder.name);"
        "atexit.register(lambda: print('at the end', end=''));"
        f"run_alone([{command!r}, 'no such file', '--json'])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    folder, *_, end = run.stdout.split("\n")
    assert (run.returncode, end) == (2, "at the end")
    assert run.stderr.startswith("nurie")
    assert not Path(folder).exists()


@pytest.mark.parametrize(("given", "used"), [({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")])
def test_threads_of_a_short_command_wait_as_they_are_told_to(given: dict[str, str], used: str) -> None:
    code = (
        "import atexit, os; from app.cli.main import run_alone;"
        "atexit.register(lambda: print(os.environ['OMP_WAIT_POLICY']));"
        "run_alone(['palette', '--help'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"} | given
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.stdout.split()[-1] == used


@pytest.mark.skipif(sys.platform == "win32", reason="closed pipes are told differently there")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["palette", "models"])
def test_a_mistake_is_one_line_where_nobody_reads_the_json(command: str, unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [sys.executable, "main.py", command, "no such file", "--json"],
        cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": unbuffered}, stdout=writing, stderr=subprocess.PIPE, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr


def test_output_in_a_console_of_few_letters(tmp_path: Path) -> None:
    run = spawn("models", NURIE_MODELS=str(tmp_path / "塗り絵"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.isascii()


class Window:
    """What would have been opened."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.shots: list[Path] = []

    def run(self, named: list[str]) -> int:
        self.calls.append(named)
        return 7

    def make_application(self) -> "Window":
        return self

    def self_test(self, application: object, shot: Path) -> int:
        assert application is self
        self.shots.append(shot)
        return 7


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    stand_in = Window()
    module = types.ModuleType("app.application")
    module.__dict__.update(run=stand_in.run, make_application=stand_in.make_application)
    monkeypatch.setitem(sys.modules, "app.application", module)
    monkeypatch.setattr("app.application", module, raising=False)
    tester = types.ModuleType("app.cli.self_test")
    tester.__dict__["run_self_test"] = stand_in.self_test
    monkeypatch.setitem(sys.modules, "app.cli.self_test", tester)
    return stand_in


def test_without_a_command_the_window_opens_on_the_files(
    nurie: Nurie, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nosuffix").touch()
    (tmp_path / "models").touch()
    for arguments in ([], ["a.png", "b.png"], ["nosuffix"], ["./models"], ["folder/drawing"], ["--", "--odd.png"]):
        assert nurie(*arguments).code == 7
    named = [[], ["a.png", "b.png"], ["nosuffix"], ["./models"], ["folder/drawing"], ["--odd.png"]]
    assert window.calls == named


def test_the_self_test_is_passed_on(nurie: Nurie, window: Window) -> None:
    assert nurie("--self-test", "shot.png").code == 7
    assert (window.calls, window.shots) == ([], [Path("shot.png")])


def test_a_missing_part_of_qt_is_one_line(nurie: Nurie, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *more: object) -> None:
            if name == "app.application":
                raise ImportError("libEGL.so.1: cannot open shared object file", name="PySide6.QtGui")

    monkeypatch.delitem(sys.modules, "app.application", raising=False)
    monkeypatch.delattr("app.application", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    assert "libEGL.so.1" in nurie().error


def test_the_models_folder_is_the_persons_or_as_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path))
    assert paths.models() == tmp_path
    monkeypatch.delenv("NURIE_MODELS")
    assert paths.models() == paths.user_data() / "models"
    assert paths.user_data().name == paths.APPLICATION


def test_defaults_of_the_options_are_the_engines() -> None:
    arguments = cli.build_parser().parse_args(["colorize", "a.png", "--output", "b.png"])
    assert options.options_of(arguments) == Options()
    assert (arguments.device, arguments.json) == ("auto", False)
