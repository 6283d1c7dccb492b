"""What ends Nurie when GIMP has ended its plug-in."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import plugin

KEEPER = plugin.source("gimp") / "nurie" / "keeper.py"
LISTENS = "import sys; print('here', flush=True); sys.stdin.read(); sys.exit(130)"
IS_DEAF = "import time; print('here', flush=True); time.sleep(600)"


def kept(folder: Path, *words: str) -> "subprocess.Popen[str]":
    folder.mkdir()
    (folder / "lines.png").touch()
    command = [sys.executable, str(KEEPER), str(folder), *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("nurie", [LISTENS, IS_DEAF])
def test_without_a_plug_in_nurie_ends_and_its_folder_goes(tmp_path: Path, nurie: str) -> None:
    process = kept(tmp_path / "scratch", sys.executable, "-c", nurie)
    assert process.stdout is not None and process.stdout.readline() == "here\n"
    process.communicate(timeout=60)
    assert not (tmp_path / "scratch").exists()


def test_what_nurie_says_and_its_end_pass_through(tmp_path: Path) -> None:
    said = "import sys; print('out'); print('error: bad.', file=sys.stderr); sys.exit(2)"
    process = kept(tmp_path / "scratch", sys.executable, "-c", said)
    assert process.wait(60) == 2 and process.stdout is not None and process.stderr is not None
    assert (process.stdout.read(), process.stderr.read()) == ("out\n", "error: bad.\n")
    assert (tmp_path / "scratch" / "lines.png").exists(), "the plug-in is there to see to it"
    process.communicate()
    process = kept(tmp_path / "other", "/nowhere/nurie")
    assert "error: Nurie cannot be started" in process.communicate(timeout=60)[1]
