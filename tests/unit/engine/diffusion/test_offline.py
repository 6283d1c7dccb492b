"""diffusers is imported where a model that paints in steps is built, never before, and never reaches for a network."""

import subprocess
import sys

import pytest

from engine import diffusion
from engine.errors import DeviceError

# Whoever opens a socket, or asks for an address, ends the process.
BLOCKED = """
import socket, sys
def refuse(*args, **kwargs):
    print("reached for the network")
    sys.exit(3)
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
"""
PAINTS = """
import torch
from engine.architectures.split_config import SplitConfig
from engine.architectures.split_diffusion import SplitColorizer
network = SplitColorizer(SplitConfig.smoke()).eval()
with torch.inference_mode():
    line, picture = torch.ones(1, 1, 32, 32), torch.zeros(1, 3, 32, 32)
    assert network(line, [picture], [line]).shape == picture.shape
assert "diffusers" in sys.modules and "transformers" not in sys.modules and "peft" not in sys.modules
"""
APART = """
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
found = [name for name in ("diffusers", "huggingface_hub") if name in sys.modules]
assert not found, found
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=250)


def test_painting_needs_no_network() -> None:
    done = run(BLOCKED + PAINTS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "modules",
    [
        ("app.cli.main", "app.cli.parser"),
        ("engine", "engine.registry", "engine.pipeline", "engine.model_catalog", "engine.colorizers.reference"),
        ("engine.diffusion.modes", "engine.architectures.split_diffusion", "trainer.recipes.diffusion"),
        ("app.window.main_window", "app.application", "app.jobs.warm_up"),
    ],
)
def test_nothing_else_imports_it(modules: tuple[str, ...]) -> None:
    done = run(APART.format(modules=modules))
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_imports_none_of_it() -> None:
    code = "import sys; sys.argv = ['nurie', 'colorize', '--help']\nfrom app.cli import main\n"
    code += "try:\n    main.main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
    code += "assert not {'diffusers', 'torch', 'huggingface_hub'} & set(sys.modules)"
    done = run(code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_where_it_is_missing_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(DeviceError, match="need the library diffusers"):
        diffusion.imported()
