"""One drawing with a hint, a split, an edited swatch and soft shading, on every way from a file to a file: the same
bytes in each format. No file holds the time or a path, so whole files are compared.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.golden.ways import (
    CORRECTED,
    PAINTED,
    SUFFIXES,
    Hand,
    Place,
    batch_folder,
    batch_manifest,
    colorize,
    make_place,
)

ALL = (*CORRECTED, *PAINTED)
VERBS = ("hint", "split", "edit_swatch", "shade")
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return make_place(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def golden(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What the command line writes, by suffix."""
    folder = tmp_path_factory.mktemp("golden")
    return {suffix: colorize(place, folder / f"out{suffix}", *ALL) for suffix in SUFFIXES}


@pytest.fixture
def hand(qapp: QApplication, qtbot: QtBot, tmp_path: Path, place: Place) -> Iterator[Hand]:
    """At a window that has colored the drawing."""
    with Hand.at_program(qapp, qtbot, tmp_path / "program") as hand:
        hand.open(place.line)
        hand.add_reference(place.reference)
        yield hand


def check(hand: Hand, folder: Path, golden: Files) -> None:
    """What the window exports is what the command line wrote."""
    folder.mkdir()
    for suffix in SUFFIXES:
        assert hand.export(folder / f"out{suffix}") == golden[suffix], suffix


def correct(hand: Hand, verbs: tuple[str, ...] = VERBS) -> None:
    for verb in verbs:
        getattr(hand, verb)()


@pytest.mark.parametrize("left_out", ALL)
def test_each_edit_is_seen(place: Place, golden: Files, tmp_path: Path, left_out: str) -> None:
    fewer = [one for one in ALL if one != left_out]
    colorize(place, tmp_path / "fewer.png", *fewer)
    (tmp_path / "golden.png").write_bytes(golden[".png"])
    with Image.open(tmp_path / "fewer.png") as one, Image.open(tmp_path / "golden.png") as other:
        assert (np.asarray(one) != np.asarray(other)).any(axis=-1).sum() > 100


def test_the_command_line_again(place: Place, golden: Files, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        assert colorize(place, tmp_path / f"again{suffix}", *ALL) == golden[suffix], suffix


# A batch takes no corrections of single drawings: hint and split are left out on both sides.
@pytest.mark.parametrize("options", [(), ("--palette=off",), (*PAINTED, "--gap=3")], ids=["plain", "free", "painted"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_batch(place: Place, tmp_path: Path, suffix: str, options: tuple[str, ...]) -> None:
    wanted = colorize(place, tmp_path / f"out{suffix}", *options)
    assert batch_folder(place, tmp_path / "folder", suffix, *options) == wanted
    assert batch_manifest(place, tmp_path / "manifest", suffix, *options) == wanted


def test_the_window(hand: Hand, golden: Files, tmp_path: Path) -> None:
    correct(hand)
    check(hand, tmp_path / "corrected", golden)
    hand.color_again()
    check(hand, tmp_path / "colored again", golden)


ORDERS = (VERBS[::-1], ("split", "hint", "shade", "edit_swatch"), ("edit_swatch", "split", "hint", "shade"))


@pytest.mark.parametrize("verbs", ORDERS, ids="-".join)
def test_the_window_in_another_order(hand: Hand, golden: Files, tmp_path: Path, verbs: tuple[str, ...]) -> None:
    correct(hand, verbs)
    assert hand.export(tmp_path / "out.psd") == golden[".psd"]


def test_a_project_that_was_saved_and_opened(
    hand: Hand, qapp: QApplication, qtbot: QtBot, golden: Files, tmp_path: Path
) -> None:
    correct(hand)
    hand.save_project(tmp_path / "girl.nurie")
    with Hand.at_program(qapp, qtbot, tmp_path / "another") as other:
        other.open(tmp_path / "girl.nurie")
        check(other, tmp_path / "opened", golden)
        other.color_again()
        check(other, tmp_path / "colored again", golden)
