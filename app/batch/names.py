"""What the pictures of a batch are called: the drawing's own place and name, with the suffix of the format."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from engine.file_names import key


def mirrored(names: Sequence[str], suffix: str, before: Mapping[str, str] | None = None) -> list[str]:
    """For each drawing the name of its picture: "a/b.tif" becomes "a/b.png".

    names: different paths below the input folder, with slashes. suffix: with its dot. before: what drawings were called
    in an earlier run, which they keep. Of drawings that differ in nothing but their suffix the first has the name, the
    next ones are numbered: "b-2.png". No two results are the same file.
    """
    kept = {name: old for name, old in (before or {}).items() if old.lower().endswith(suffix)}
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in names:
        old = kept.get(name)
        if old is not None and key(old) not in taken:
            found[name] = old
            taken.add(key(old))
    for name in names:
        if name not in found:
            plain = str(PurePosixPath(name).with_suffix(suffix))
            found[name] = numbered(plain, lambda one: key(one) in taken)
            taken.add(key(found[name]))
    return [found[name] for name in names]


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """`name`, or where that is taken the first free one of "name-2.png", "name-3.png", …"""
    path, number, found = PurePosixPath(name), 2, name
    while is_taken(found):
        found = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        number += 1
    return found
