"""Parts of torch, NumPy and SciPy that coloring never touches are executed when something first touches them.

Importing torch executes its compiler, its exporter and its quantization, too: a third of what it takes. After `put_off`
such a module is there as always, and empty until one of its names is asked for. Of torch then all that waits is
executed, in its usual order: so there are two states to know, without any of it and as always.

Only for a program that imports in one thread: others could wait for this lock and Python's import locks crosswise.
"""

import importlib
import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from types import ModuleType
from typing import Any

# Executed at another time than usually, a module of torch may meet one that is half executed. So they wait only in
# versions that were tried.
TORCH_TRIED = frozenset({"2.11", "2.12", "2.13", "2.14", "2.15"})
# Each with what it would have imported and others need, imported in its place.
TORCH: dict[str, tuple[str, ...]] = {
    "torch._meta_registrations": (),  # shapes on device "meta", see `catch_up`
    "torch.distributed._meta_registrations": (),
    "torch.export": ("torch.fx.passes",),
    "torch.ao": ("torch.fx",),
    "torch.quantization": (),
    "torch.nn.intrinsic": (),
    "torch.nn.qat": (),
    "torch.nn.quantizable": (),
    "torch.nn.quantized": (),
    "torch.cuda.tunable": (),
    "torch.distributions": (),
    "torch.masked": (),
    "torch.optim": (),
    "torch.profiler": (),
    "torch.utils.data": (),
}
# What needs all of torch without touching a name.
NEED_ALL = frozenset({"torch._dynamo", "torch._inductor", "torch.onnx", "diffusers", "transformers"})
# Rooms with doors of their own: NumPy and SciPy themselves open them only for programs that name them.
OTHERS = ("numpy.f2py", "numpy.testing", "scipy.spatial.transform")

# What Python's import system and inspection ask of a module: answered as it stands.
_ABOUT = frozenset({"__spec__", "__name__", "__loader__", "__file__", "__package__", "__cached__", "__class__"})
_lock = threading.RLock()
_executing: set[str] = set()


def put_off() -> None:
    """From now on let the modules above wait, each until it is touched. What is imported already stays as it is.

    For a program that soon ends: it makes nothing slower, but a long run would gain nothing.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def waiting() -> list[str]:
    """The names of modules that were imported and not touched so far, in the order of their imports."""
    return [name for name, module in list(sys.modules.items()) if type(module) is _Waiting]


def catch_up() -> bool:
    """Execute all that waits; whether there was anything.

    For who needs what a module does to torch when it is executed and touches no name of it: a kernel of device "meta".
    """
    names = waiting()
    with _lock:
        for name in names:
            _execute(sys.modules[name])
    return bool(names)


class _Waiting(ModuleType):
    """A module that was found and not executed yet."""

    def __getattribute__(self, name: str) -> Any:
        if name not in _ABOUT:
            _touch(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _ABOUT:
            _touch(self)
        ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        _touch(self)
        ModuleType.__delattr__(self, name)


class _Finder:
    """Finds what the others of `sys.meta_path` find, and lets it wait where it is to."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in NEED_ALL:
            catch_up()
            return None
        if not (name in OTHERS or (name in TORCH and _version("torch") in TORCH_TRIED)):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and not isinstance(spec.loader, ExtensionFileLoader):
                    spec.loader = _Loader(spec.loader)  # pyright: ignore[reportAttributeAccessIssue]
                return spec
        return None


class _Loader:
    """Makes a module that waits."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._real
        for name in TORCH.get(module.__name__, ()):
            importlib.import_module(name)
        module.__class__ = _Waiting


def _version(package: str) -> str:
    """The first two numbers of the version of a package that is being imported, which has it early; "" before that."""
    return ".".join(str(getattr(sys.modules.get(package), "__version__", "")).split(".")[:2])


def _touch(module: ModuleType) -> None:
    with _lock:
        name = module.__name__
        # While torch is imported, and while one of them is executed, those that are touched come by themselves.
        if name in TORCH and not _executing and not _is_being_imported("torch"):
            catch_up()
        else:
            _execute(module)


def _is_being_imported(package: str) -> bool:
    return bool(getattr(sys.modules[package].__spec__, "_initializing", False))


def _execute(module: ModuleType) -> None:
    name = module.__name__
    # What a module that is being executed asks of itself it gets as far as it is there, as usual.
    if type(module) is not _Waiting or name in _executing:
        return
    _executing.add(name)
    try:
        module.__loader__.exec_module(module)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    finally:
        _executing.remove(name)
    if type(module) is _Waiting:
        ModuleType.__setattr__(module, "__class__", ModuleType)
