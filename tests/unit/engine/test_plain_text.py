"""JSON and TOML of strangers: plain values within limits, or one error."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import plain_text
from engine.errors import TrainingError
from engine.plain_text import Limits, Unreadable
from trainer import config_file

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


def test_what_our_own_files_may_hold_beside() -> None:
    assert plain_text.from_json('["a\\udce9\\u0000"]', plain_text.OWN) == ["a\udce9\0"]
    assert plain_text.from_json("[" * 50 + "]" * 50, plain_text.OWN) is not None
    assert plain_text.without_lone_surrogates("a\udce9b🎨") == "a\ufffdb🎨"
    with pytest.raises(Unreadable, match="UTF-8"):
        plain_text.from_json(b'"\xed\xa0\x80"', plain_text.OWN)


def test_as_many_values_as_there_may_be() -> None:
    with pytest.raises(Unreadable, match="too many"):
        plain_text.from_json("[{},{},{}]", Limits(values=5))
    assert plain_text.from_json("[{},{},{}]", Limits(values=6)) == [{}, {}, {}]
    with pytest.raises(Unreadable, match="too many"):
        plain_text.from_toml("a = 1\nb = 2\n", Limits(values=1))


@pytest.mark.parametrize("name", ["x.toml", "x.json"])
@pytest.mark.parametrize("size", [5_000, 2_000_000])
def test_settings_of_a_training_are_read_within_the_limits(tmp_path: Path, name: str, size: int) -> None:
    for text in ("[" * size, "9" * size, ",".join(["1"] * size)):
        (tmp_path / name).write_text(f"a = {text}" if name.endswith("toml") else f'{{"a": [{text}]}}')
        with pytest.raises(TrainingError, match=r"not valid|no setting"):
            config_file.read(tmp_path / name)


def test_toml() -> None:
    assert plain_text.from_toml('[a]\nb = [1, 2.5]\nc = "\u5857\u308a"') == {"a": {"b": [1, 2.5], "c": "塗り"}}
