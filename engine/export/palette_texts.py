"""Palettes as lines of text, as people and many programs write them: GIMP's .gpl, JASC's .pal and .hex.

Read as GIMP reads them: a line that is no color is stepped over, and a note says so. Text may be in UTF-8 or UTF-16,
or in the letters of the country as programs of before 2000 wrote them: Shift-JIS or Latin-1.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from engine.layers import clean_name
from engine.palette import Color, Swatch
from engine.sentences import Sentence

NAME_LENGTH = 255

_GPL, _JASC = "GIMP Palette", "JASC-PAL"
_LINE_END = re.compile(r"\r\n|\r|\n")  # not splitlines, which also breaks at letters that a name may have
_COLOR = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:(\s+)(.*))?", re.ASCII | re.DOTALL)
_ALPHA = re.compile(r"(\d{1,3})(?:\s+(.*))?", re.ASCII | re.DOTALL)
_HEADER = re.compile(r"(Name|Columns|Channels)\b", re.ASCII)
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})", re.ASCII)


@dataclass
class Found:
    """The palette's name, its swatches, and sentences on what was left out."""

    title: str = ""
    swatches: list[Swatch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(data: bytes) -> Found | None:
    """The palette in a text, None where it is no palette of these kinds. Raises nothing."""
    text, note = _text_of(data)
    lines = _LINE_END.split(text)
    if lines[0].startswith(_GPL):
        found = _from_gpl(lines)
    elif lines[0].strip() == _JASC:
        found = _from_jasc(lines)
    elif _is_hex(lines):
        found = _from_hex(lines)
    else:
        return None
    if note and any(not swatch.name.isascii() for swatch in found.swatches):
        found.notes.append(note)
    return found


def clean(name: str) -> str:
    """A name as it stands in a palette file."""
    return clean_name(name)[:NAME_LENGTH].strip()


def _from_gpl(lines: list[str]) -> Found:
    found, strange, colors = Found(), [], []
    has_alpha = tabbed = False
    for number, line in enumerate(lines[1:], start=2):
        match = _COLOR.fullmatch(line)
        color = _color(match) if match else None
        if match and color:
            colors.append((color, match[5] or ""))
            tabbed = tabbed or "\t" in (match[4] or "")
        elif line.startswith("Name:"):
            found.title = clean(line.removeprefix("Name:"))
        elif line.startswith("Channels:"):
            has_alpha = line.removeprefix("Channels:").strip().upper() == "RGBA"
        elif line.strip() and not line.lstrip().startswith("#") and not _HEADER.match(line):
            strange.append(number)
    alphas = [_ALPHA.fullmatch(name) for _, name in colors]
    if has_alpha or (alphas and not tabbed and all(match and match[1] == "255" for match in alphas)):
        colors = [
            (color, (match[2] or "") if match else name) for (color, name), match in zip(colors, alphas, strict=True)
        ]
        if any(match and match[1] != "255" for match in alphas):
            found.notes.append(Sentence("Its colors are partly transparent, which was left out."))
    found.swatches = [Swatch(clean(name), color) for color, name in colors]
    _note_strange(found, strange)
    return found


def _from_jasc(lines: list[str]) -> Found:
    found, strange = Found(), []
    for number, line in enumerate(lines[3:], start=4):
        match = _COLOR.fullmatch(line)
        color = _color(match) if match else None
        if color:
            found.swatches.append(Swatch("", color))
        elif line.strip():
            strange.append(number)
    _note_strange(found, strange)
    return found


def _is_hex(lines: list[str]) -> bool:
    """Whether the first line with something in it is a color, and most others are."""
    filled = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith(";")]
    colors = [line for line in filled if _HEX.fullmatch(line)]
    return bool(filled) and bool(_HEX.fullmatch(filled[0])) and 2 * len(colors) > len(filled)


def _from_hex(lines: list[str]) -> Found:
    found, strange = Found(), []
    for number, line in enumerate(lines, start=1):
        match = _HEX.fullmatch(line.strip())
        if match:
            red, green, blue = bytes.fromhex(match[1])
            found.swatches.append(Swatch("", (red, green, blue)))
        elif line.strip() and not line.lstrip().startswith(";"):
            strange.append(number)
    _note_strange(found, strange)
    return found


def _color(match: re.Match[str]) -> Color | None:
    red, green, blue = (int(number) for number in match.groups()[:3])
    return (red, green, blue) if max(red, green, blue) <= 255 else None


def _note_strange(found: Found, numbers: list[int]) -> None:
    if len(numbers) == 1:
        found.notes.append(Sentence("A line that is no color was left out: line {0}.", numbers[0]))
    elif numbers:
        found.notes.append(
            Sentence("{0} lines that are no colors were left out (the first is line {1}).", len(numbers), numbers[0])
        )


def _text_of(data: bytes) -> tuple[str, str]:
    """The text, and a note where its letters were guessed."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            wide = {b"\0": "utf-16-be"}.get(data[:1], "utf-16-le" if data[1:2] == b"\0" else name)
            try:
                return data.decode(wide if name == "utf-8-sig" else name, "replace" if "16" in wide else "strict"), ""
            except UnicodeDecodeError:
                break
    try:
        japanese = data.decode("cp932")
    except UnicodeDecodeError:
        japanese = ""
    if _looks_japanese(japanese):
        return japanese, Sentence("The names in it are not in UTF-8; they were read as Shift-JIS.")
    return data.decode("latin-1"), Sentence("The names in it are not in UTF-8; they were read as Latin-1.")


def _looks_japanese(text: str) -> bool:
    """Whether most of its letters beyond ASCII stand among their like, not within a word of Latin letters."""
    letters = [place for place, letter in enumerate(text) if not letter.isascii()]
    beside = [place for place in letters if any("a" <= one <= "z" for one in text[max(0, place - 1) : place + 2])]
    return bool(letters) and 2 * len(beside) < len(letters)
