"""JSON and TOML of strangers: plain values within limits, or one error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import plain_text
from engine.plain_text import Unreadable

whole = st.integers(-(2**63), 2**63 - 1)
letters = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | whole | st.floats(allow_nan=False) | letters,
    lambda inner: st.lists(inner) | st.dictionaries(letters, inner),
    max_leaves=20,
)


@given(values)
def test_ordinary_values_come_back(value: object) -> None:
    text = json.dumps(value)
    assert plain_text.from_json(text) == value
    assert plain_text.from_json(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "deep"),
        ("[" * 40 + "]" * 40, "deep"),
        ('{"a":' * 100_000, "deep"),
        ("9" * 5_000, "digits"),
        (str(2**63), "too large"),
        (f"[{10**30}]", "too large"),
        ("[" + ",".join(["{}"] * 300_000) + "]", "too many"),
        ('"a\\u0000b"', "NUL"),
        ('{"a\\u0000b": 1}', "NUL"),
        ('["\\ud800"]', "half a character"),
        ("{", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (" " * 17_000_000, "too long"),
    ],
)
def test_json_beyond_the_limits(text: str | bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        plain_text.from_json(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5_000, "deep"),
        ("a = " + "9" * 5_000, "digits"),
        ("a = " + "9" * 400, "too large"),
        ('a = "\\u0000"', "NUL"),
        ("a = \n", "line 1"),
        (b"\xff", "UTF-8"),
    ],
)
def test_toml_beyond_the_limits(text: str | bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        plain_text.from_toml(text)


def test_toml() -> None:
    assert plain_text.from_toml('[a]\nb = [1, 2.5]\nc = "\u5857\u308a"') == {"a": {"b": [1, 2.5], "c": "塗り"}}
