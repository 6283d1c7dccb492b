"""Modules that wait until they are touched: in processes of their own, because what is imported stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "resources" / "samples"
START = "import sys; from engine import late_imports; from engine.late_imports import *; put_off()\n"


def run(code: str, folder: Path | None = None) -> str:
    """What a new Python prints that lets modules wait; the names late_a, late_b and late_c of a folder are such."""
    begin = START + "late_imports.OTHERS += ('late_a', 'late_b', 'late_b.inner', 'late_c')\n"
    path = os.pathsep.join(map(str, filter(None, (ROOT, folder))))
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Modules that print their name when they are executed."""
    (tmp_path / "late_b").mkdir()
    for place in ("late_a.py", "late_b/__init__.py", "late_b/inner.py", "plain.py"):
        (tmp_path / place).write_text("print(__name__)\nvalue = 1\n", encoding="utf-8")
    (tmp_path / "late_c.py").write_text("half = 1\nraise ValueError('broken')\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("touch", "executed"),
    [
        ("import late_a, plain; import late_a", "plain"),
        ("import late_a; late_a.__name__, late_a.__spec__.origin, late_a.__file__, late_a.__loader__.path", ""),
        ("import late_a; late_a.value; late_a.value", "late_a"),
        ("from late_a import value", "late_a"),
        ("import late_a; late_a.value = 2; print(late_a.value)", "late_a 2"),
        ("import late_a; del late_a.value; print(hasattr(late_a, 'value'))", "late_a False"),
        ("import late_a; print(hasattr(late_a, 'nothing'))", "late_a False"),
        ("import late_a; print('value' in dir(late_a))", "late_a True"),
        ("import late_b.inner", "late_b"),
        ("import late_b.inner; print(late_b.inner.value)", "late_b late_b.inner 1"),
        ("import late_a; print(waiting(), catch_up(), waiting(), catch_up())", "late_a ['late_a'] True [] False"),
        ("import late_a; late_a.value; print(type(late_a).__name__, late_a.__loader__ is late_a.__spec__.loader)",
         "late_a module True"),
        ("put_off(); import late_a; late_a.value", "late_a"),
        ("import importlib, late_a; late_a.value; importlib.reload(late_a).value", "late_a late_a"),
    ],
)  # fmt: skip
def test_a_module_is_executed_when_it_is_touched(folder: Path, touch: str, executed: str) -> None:
    assert run(touch, folder).split() == executed.split()


def test_what_breaks_breaks_whoever_touches_it(folder: Path) -> None:
    code = """
import late_c
for _ in range(2):
    try:
        late_c.half
    except ValueError as error:
        print(error, waiting())
"""
    assert run(code, folder).split("\n") == ["broken ['late_c']"] * 2


def test_a_thread_meets_no_half_module(folder: Path) -> None:
    (folder / "late_a.py").write_text(
        "import threading\nstarted, go = threading.Event(), threading.Event()\n"
        "import sys; sys.modules['handed'] = (started, go)\ngo.wait(20)\nvalue = 1\n",
        encoding="utf-8",
    )
    code = """
import threading, late_a
found = []
threads = [threading.Thread(target=lambda: found.append(late_a.value)) for _ in range(2)]
for thread in threads:
    thread.start()
while "handed" not in sys.modules:
    pass
sys.modules["handed"][1].set()
for thread in threads:
    thread.join()
print(found)
"""
    assert run(code, folder) == "[1, 1]"


def test_names_that_do_not_exist_are_harmless() -> None:
    code = """
late_imports.TORCH["torch.never"] = ()
late_imports.OTHERS += ("numpy.never", "never")
import torch
for name in ("torch.never", "numpy.never", "never"):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        print(error.name)
"""
    assert run(code).split() == ["torch.never", "numpy.never", "never"]


def test_a_torch_that_nobody_tried_is_imported_as_always() -> None:
    assert run("late_imports.TORCH_TRIED = frozenset(); import torch; print(waiting())") == "[]"


def test_torch_computes_while_parts_of_it_wait_and_has_all_of_them_when_one_is_touched() -> None:
    code = """
late_imports.TORCH_TRIED |= {".".join(__import__("importlib.metadata").metadata.version("torch").split(".")[:2])}
import torch
print("not waiting:", *sorted(set(TORCH) - set(waiting())))
from torch import nn
network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
network(torch.ones(1, 3, 9, 9)).sum().backward()
with torch.device("meta"):
    nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(3, 3), nn.LayerNorm(3))
print("waiting" if "torch._meta_registrations" in waiting() else "executed")
torch.optim.SGD(network.parameters(), 0.1).step()
print("waiting:", *waiting())
with torch.device("meta"):
    print(torch.linspace(0.0, 1.0, 5).shape[0], (torch.ones(2, 3) @ torch.ones(3, 4)).sum().dim())
print(next(iter(torch.utils.data.DataLoader([1, 2], batch_size=2))).tolist())
print(torch.distributions.Normal(0.0, 1.0).mean.item(), torch.ao.quantization.QuantStub().training)
print(type(torch.export.export(nn.ReLU(), (torch.ones(2),))).__name__)
"""
    assert run(code).split("\n") == [
        "not waiting:",
        "waiting",
        "waiting:",
        "5 0",
        "[1, 2]",
        "0.0 True",
        "ExportedProgram",
    ]


def test_the_models_that_ship_are_built_while_all_waits() -> None:
    code = """
from pathlib import Path
from engine import model_loading
for path in sorted(Path("resources/models").glob("*.safetensors")):
    network = model_loading.build(path)[1]
    assert not any(one.is_meta for one in (*network.parameters(), *network.buffers()))
print(set(TORCH) <= set(waiting()) or "torch was not tried")
"""
    assert run(code) in ("True", "torch was not tried")


def test_a_network_that_needs_a_kernel_for_shapes_gets_it() -> None:
    code = """
from dataclasses import dataclass
from pathlib import Path
from engine import model_loading, registry

@dataclass(frozen=True)
class Config:
    pass

def make(config):
    if waiting():
        raise NotImplementedError("aten::never with arguments from the 'Meta' backend")
    return "built"

registry.register("late", config=Config, module=make, colorizer=None)
print(model_loading._without_memory(Path("x.safetensors"), "late", Config()), waiting())
"""
    assert run(code) == "built []"


def test_coloring_touches_none_of_them(tmp_path: Path) -> None:
    code = f"""
from app.cli.main import main
drawing, reference = {str(SAMPLES / "sylvie_line.png")!r}, {str(SAMPLES / "sylvie_reference.png")!r}
code = main(["colorize", drawing, "--reference", reference, "--output", {str(tmp_path / "out.psd")!r}])
tried = late_imports._version("torch") in TORCH_TRIED
print(code, *sorted({{*OTHERS[:3], *(TORCH if tried else ())}} - set(waiting())))
"""
    assert run(code) == "0"
    assert (tmp_path / "out.psd").is_file()
