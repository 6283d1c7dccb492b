"""No file and no folder imports itself by a way round.

Every import of a module counts: at its top, inside functions, and those for type checkers alone, because each of them
says that one file cannot be understood without the other. import-linter holds the floors; circles of folders it does
not know. Of a folder its files and sub-folders are looked at as one, side by side with what lies beside it.
"""

from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("engine", "trainer", "app")

Imports = Mapping[str, Set[str]]  # module -> the modules it imports


@lru_cache
def imports_of(packages: tuple[str, ...]) -> Imports:
    graph = grimp.build_graph(*packages, cache_dir=None)
    return {module: frozenset(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def circle_of_files(imports: Imports) -> list[str]:
    """The modules of a circle, each imported by the one before it; nothing where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def circle_of_folders(imports: Imports) -> list[str]:
    """As `circle_of_files`, of what lies side by side in one folder."""
    for folder in sorted({parent for module in imports for parent in _parents(module)}):
        beside: dict[str, set[str]] = {}
        for module, imported in imports.items():
            one = _child(folder, module)
            if one is not None:
                others = {_child(folder, other) for other in imported}
                beside.setdefault(one, set()).update(other for other in others if other not in (None, one))
        circle = circle_of_files(beside)
        if circle:
            return circle
    return []


def _parents(module: str) -> Iterable[str]:
    """Every folder a module lies in, "" for the top."""
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(len(parts)))


def _child(folder: str, module: str) -> str | None:
    """What of `folder` the module is or lies in; None where it is not below."""
    start = f"{folder}." if folder else ""
    if not module.startswith(start):
        return None
    return start + module.removeprefix(start).partition(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_imports_itself_by_a_way_round(package: str) -> None:
    assert circle_of_files(imports_of((package,))) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_imports_itself_by_a_way_round(package: str) -> None:
    assert circle_of_folders(imports_of((package,))) == []


def test_no_package_imports_another_that_imports_it() -> None:
    assert circle_of_folders(imports_of(PACKAGES)) == []


def test_circles_are_found() -> None:
    files = {"a.one": {"a.two"}, "a.two": {"a.three"}, "a.three": {"a.one"}}
    assert set(circle_of_files(files)) == set(files)
    folders = {"a.x.one": {"a.y.two"}, "a.y.two": set[str](), "a.y.three": {"a.x.four"}, "a.x.four": set[str]()}
    assert circle_of_files(folders) == []
    assert set(circle_of_folders(folders)) == {"a.x", "a.y"}
    deep = {"a.x.m.one": {"a.x.two"}, "a.x.two": set[str](), "a.x.three": {"a.x.m.four"}, "a.x.m.four": {"b.one"}}
    assert circle_of_folders(deep | {"b.one": set()}) == []


def test_imports_in_functions_and_for_type_checkers_count() -> None:
    imports = imports_of(("engine",))
    assert "engine.adaptation" in imports["engine.model_loading"]  # in a function
    assert "engine.device" in imports["engine.registry"]  # for type checkers
