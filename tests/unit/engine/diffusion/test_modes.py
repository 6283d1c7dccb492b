import subprocess
import sys
import typing

import numpy as np
import pytest

from engine.diffusion import modes
from engine.diffusion.modes import Active, choose, which
from engine.errors import RequestError
from engine.options import PaintingMode

FIGURE = np.zeros((20, 20), np.float32)
FIGURE[5:15, 5:15] = 1.0
PLAIN = np.full((20, 20, 3), 200, np.uint8)
BUSY = np.random.default_rng(1).integers(0, 256, (20, 20, 3)).astype(np.uint8)


def test_each_mode_lets_other_parts_act() -> None:
    decided = [mode for mode in typing.get_args(PaintingMode) if mode != "auto"]
    assert len({which(mode) for mode in decided}) == len(decided)
    assert which("vanilla") == Active()
    assert which("bg2fig") == Active(split=True, figure_lora=True)
    with pytest.raises(RequestError, match="vanilla or bg2fig or fig2fig"):
        which("auto")


def test_auto_looks_at_what_is_behind_the_figures() -> None:
    assert choose(FIGURE, [(PLAIN, FIGURE)]) == "fig2fig"
    assert choose(FIGURE, [(BUSY, FIGURE)]) == "bg2fig"
    assert choose(FIGURE, [(BUSY, FIGURE), (PLAIN, FIGURE), (PLAIN, None)]) == "fig2fig"
    assert choose(FIGURE, [(PLAIN, np.ones_like(FIGURE))]) == "fig2fig"


def test_without_a_figure_nothing_is_split() -> None:
    assert choose(None, [(PLAIN, FIGURE)]) == choose(FIGURE, [(PLAIN, None)]) == choose(FIGURE, []) == "vanilla"


def test_every_mode_has_a_name_and_a_line_that_says_when() -> None:
    assert set(modes.NAMES) == set(modes.WHEN) == set(typing.get_args(PaintingMode))
    assert all(len(line) < 120 and line.endswith((".", "which.")) for line in modes.WHEN.values())


def test_modes_load_neither_torch_nor_diffusers() -> None:
    code = "import engine.diffusion.modes, sys; print({'torch', 'diffusers', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
