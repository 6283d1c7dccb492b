"""JSON that somebody else may have written: how much it is, and how deep, is looked at before it is used."""

import json
import re
from collections.abc import Callable
from typing import Any

DEPTH_MAX = 64
VALUES_MAX = 5_000_000  # a value costs Python some 60 bytes, however short it is in the text
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(
    text: bytes | str,
    *,
    values_max: int = VALUES_MAX,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """The values of a JSON text, bytes in UTF-8. Raises ValueError for everything that makes it unusable.

    values_max: how many lists, objects and values in them it may hold.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    if text.count(",") + text.count("{") + text.count("[") > values_max:
        raise ValueError("more values than it can have in truth")
    try:
        values = json.loads(text, object_pairs_hook=object_pairs_hook)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    _require_depth(values)
    return values


def without_lone_surrogates(text: str) -> str:
    """The text with a replacement character for each code that is no character: such a text cannot be written."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _require_depth(values: Any) -> None:
    level = [values]
    for _ in range(DEPTH_MAX):
        lists = [one for one in level if isinstance(one, list | dict)]
        if not lists:
            return
        level = [inner for one in lists for inner in (one.values() if isinstance(one, dict) else one)]
    raise ValueError("nested too deep")
