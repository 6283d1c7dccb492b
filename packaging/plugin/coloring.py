"""What the plug-ins for Krita and GIMP share: one call of Nurie's command line as a process, and what it wrote.

`nurie plugin` copies this file into each of them. It runs in the Python of the host program, by what comes with that.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

CONFIG = Path(__file__).resolve().with_name("nurie.json")  # {"command": [...]}, written by `nurie plugin … --install`
GROUP = "Nurie"  # what Nurie's layers lie in
CLEAR = 0.25  # of the picture that is transparent in lines under which colors are seen
LEFT_OUT = {"Paper", "Line", "Rough", "merged"}  # of what it writes: the image has these itself
PICTURES = ("png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "psd", "ora")  # that a reference may be
_LINES = re.compile(
    r"(?i)(?<![a-z])(line ?art|line ?work|lines?|ink(s|ing|ed)?|outlines?)(?![a-z])|線画|主線|清書|ペン入れ"
)
_PATIENCE = 3.0  # s that a cancelled Nurie has to end
_TEXT_BEFORE = (b"tEXt", b"iTXt")
_Own = TypeVar("_Own")


class CannotColor(Exception):
    """What is missing or went wrong, in one sentence for the artist."""


def command() -> list[str]:
    """How Nurie is called: the environment's NURIE, what the installation wrote, or `nurie` on the path; else empty."""
    if os.environ.get("NURIE"):
        return shlex.split(os.environ["NURIE"])
    found = shutil.which("nurie")
    words = _installed() or ([found] if found else [])
    # A program in Flatpak's sandbox starts those outside by this one, where it may.
    outside = ["flatpak-spawn", "--host", "--watch-bus"] if words and Path("/.flatpak-info").exists() else []
    return [*outside, *words]


def _installed() -> list[str]:
    try:
        words = json.loads(CONFIG.read_text(encoding="utf-8"))["command"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        return []
    sandboxed = Path("/.flatpak-info").exists()
    return words if sandboxed or shutil.which(words[0]) else []  # else it was moved: perhaps the path knows more


def arguments(
    lines: Path, references: Sequence[Path], folder: Path, *, by_color: bool, shading: str, more: Sequence[str] = ()
) -> list[str]:
    """The command line that colors `lines` into PNG layers in `folder`."""
    words = ["colorize", str(lines)]
    for path in references:
        words += ["--reference", str(path)]
    words += ["--output", str(folder / "merged_picture.png"), "--layers", str(folder / "layers"), "--control"]
    words += ["--swatch-layers"] if by_color else []
    return [*words, "--shading", shading, *more]


def guess(layers: Sequence[tuple[str, bool, bool]]) -> int:
    """Which of the layers, from the top, is the lines: the active one where its name says so, the highest visible one
    that is named so, else the active one, else the highest that is visible.

    layers: name, whether it is visible, whether it is the active one; at least one.
    """
    named = [place for place, (name, visible, _) in enumerate(layers) if visible and _LINES.search(name)]
    active = [place for place, (_, _, is_active) in enumerate(layers) if is_active]
    if active and (not named or active[0] in named):
        return active[0]
    visible = [place for place, (_, is_visible, _) in enumerate(layers) if is_visible]
    return [*named, *visible, 0][0]


def renewed(before: Sequence[tuple[_Own, str | None]], after: Sequence[str]) -> list[tuple[_Own | None, str]]:
    """How layers that are made anew and the artist's own ones lie on one another, both from the top.

    before: each layer there is, and its name where it is Nurie's, None where it is the artist's. after: the names of
    the new ones. An artist's layer stays over the layer of Nurie's that it lay on. Returns the artist's layers and,
    with None before it, the name of each new one.
    """
    resting: dict[str | None, list[_Own]] = {}
    waiting: list[_Own] = []
    for layer, name in before:
        if name is None:
            waiting.append(layer)
        elif name in after:
            resting.setdefault(name, []).extend(waiting)
            waiting = []
    found: list[tuple[_Own | None, str]] = []
    for name in after:
        found += [(layer, "") for layer in resting.pop(name, [])]
        found.append((None, name))
    return found + [(layer, "") for layer in waiting]


@dataclass
class Coloring:
    """A Nurie at work, which is asked by `is_running` how it goes.

    share: how much is done, 0 to 1. step: what it does. error: why it failed, one sentence; empty where it did not.
    """

    folder: Path
    share: float = 0.0
    step: str = ""
    notes: list[str] = field(default_factory=list)
    error: str = ""
    was_cancelled: bool = False
    _process: Any = None
    _deadline: float = 0.0
    _read: int = 0

    def start(self, words: Sequence[str], program: str, through: Sequence[str] = ()) -> None:
        """Call Nurie with these words behind its command. program: krita or gimp. through: what calls it instead.

        Raises CannotColor.
        """
        known = command()
        if not known:
            raise CannotColor(f"Nurie was not found: call 'nurie plugin {program} --install' once more.")
        # Into files, which fill without anybody reading, and can be read without waiting on every system.
        with self._told.open("wb") as told, self._errors.open("wb") as errors:
            try:
                self._process = subprocess.Popen(
                    [*through, *known, *words], stdin=subprocess.PIPE, stdout=told, stderr=errors, env=_settings(),
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )  # fmt: skip
            except OSError as error:
                raise CannotColor(f"Nurie cannot be started: {error.strerror or error}: {known[0]}.") from error

    def is_running(self) -> bool:
        """Read what it said since; whether it is at work."""
        if self._process is None:
            return False
        code = self._process.poll()
        self._listen()
        if code is None:
            if self.was_cancelled and time.monotonic() > self._deadline:
                self._process.kill()
            return True
        if code and not self.was_cancelled:
            self.error = self._why(code)
        self._close()
        self._process = None
        return False

    def cancel(self) -> None:
        """Let it end: a Nurie whose input is closed does. So it does, too, when the program it was called from dies."""
        if not self.was_cancelled:
            self.was_cancelled = True
            self._deadline = time.monotonic() + _PATIENCE
            self._close()

    @property
    def _told(self) -> Path:
        return self.folder / "told"

    @property
    def _errors(self) -> Path:
        return self.folder / "errors"

    def _close(self) -> None:
        if self._process is not None and not self._process.stdin.closed:
            self._process.stdin.close()

    def _listen(self) -> None:
        data = self._told.read_bytes()[self._read :]
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            try:
                told: Any = json.loads(line.decode("utf-8", "replace"))
                if told["event"] == "progress":
                    self.share, self.step = float(told["share"]), str(told["step"])
                elif told["event"] == "ended":
                    self.notes = [str(note) for note in told["notes"]]
            except (ValueError, KeyError, TypeError):
                continue

    def _why(self, code: int) -> str:
        said = self._errors.read_bytes().decode("utf-8", "replace").strip().splitlines()
        last = next((line for line in reversed(said) if "error:" in line), "")
        return last.partition("error: ")[2] or f"Nurie ended with the code {code}."


def _settings() -> dict[str, str]:
    """The environment without the host's own libraries, which must not be taken for Nurie's, as an AppImage's would."""
    left_out = ("LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "QT_PLUGIN_PATH", "GI_TYPELIB_PATH")
    return {name: value for name, value in os.environ.items() if name not in left_out}


@dataclass(frozen=True)
class Made:
    """A layer that Nurie wrote as a PNG of the image's size. blend: normal, multiply or screen; opacity: 0 to 255;
    group: the folder within Nurie's, empty for none."""

    path: Path
    size: tuple[int, int]
    name: str
    blend: str
    opacity: int
    is_visible: bool
    group: str


def layers_in(folder: Path, size: tuple[int, int]) -> list[Made]:
    """What Nurie wrote into a folder, from the bottom to the top, without what the image has itself.

    size: width and height of the image. Raises CannotColor where a file is no layer of it.
    """
    paths = sorted(path for path in folder.glob("*.png") if path.stem != "merged")
    found = [_made(path) for path in paths]
    if any(one.size != size for one in found):
        raise CannotColor("The image has another size than before: color it again.")
    return [one for one in found if one.group or one.name not in LEFT_OUT]


def _made(path: Path) -> Made:
    try:
        data = path.read_bytes()
        size = struct.unpack_from(">II", data, 16)
        text = dict(_texts(data))
        opacity = int(text.get("Opacity", "255"))
    except (OSError, ValueError, IndexError, struct.error, zlib.error) as error:
        raise CannotColor(f"What Nurie made cannot be read: {path.name}.") from error
    name, blend = text.get("Layer") or path.stem[3:], text.get("Blend mode", "normal")
    return Made(path, size, name, blend, opacity, text.get("Visible") != "no", text.get("Group", ""))


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Key and text of the chunks tEXt and iTXt of a PNG. Source: PNG specification, third edition, 11.3.3."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            return
        if kind in _TEXT_BEFORE:
            key, _, rest = chunk.partition(b"\0")
            if kind == b"iTXt":
                text = rest[2:].split(b"\0", 2)[2]
                yield key.decode("latin-1"), (zlib.decompress(text) if rest[0] else text).decode("utf-8")
            else:
                yield key.decode("latin-1"), rest.decode("latin-1")
        at += 12 + length


def stacked(made: Sequence[Made]) -> dict[str, list[Made]]:
    """Layers from the bottom as they lie in the group, from the top: by its name a layer, or those of a folder."""
    found: dict[str, list[Made]] = {}
    for one in reversed(made):
        found.setdefault(one.group or one.name, []).append(one)
    return found


def tidy(prefix: str, older_than: float) -> None:
    """Take away scratch folders whose plug-in was ended by its host before it could. older_than: s without a change."""
    for folder in Path(tempfile.gettempdir()).glob(prefix + "*"):
        try:
            is_old = time.time() - folder.stat().st_mtime > older_than
        except OSError:
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
