"""Plain values into dataclasses: what fits, and where exactly it does not."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RequestError
from engine.typed_values import Misfit, MissingKeys, Refused, UnknownKeys, WrongType, describe, shown, to_dataclass


@dataclass(frozen=True)
class Leaf:
    rate: float = 0.5
    kind: Literal["a", "b"] = "a"

    def __post_init__(self) -> None:
        if self.rate < 0.0:
            raise RequestError("The rate must be at least 0.")


@dataclass(frozen=True)
class Tree:
    width: int
    leaf: Leaf = Leaf()
    leaves: tuple[Leaf, ...] = ()
    pair: tuple[float, float] = (0.0, 1.0)
    names: tuple[str, ...] = ()
    limit: int | None = None
    tables: dict[str, int] | None = None
    bias: bool = True


numbers = st.floats(0.0, allow_nan=False, allow_infinity=False)
leaves = st.builds(Leaf, numbers, st.sampled_from(["a", "b"]))
trees = st.builds(
    Tree,
    st.integers(),
    leaves,
    st.lists(leaves, max_size=3).map(tuple),
    st.tuples(numbers, numbers),
    st.lists(st.text(), max_size=3).map(tuple),
    st.none() | st.integers(),
    st.none() | st.dictionaries(st.text(), st.integers(), max_size=3),
    st.booleans(),
)


@given(trees)
def test_a_dataclass_survives_json(tree: Tree) -> None:
    assert to_dataclass(Tree, json.loads(json.dumps(asdict(tree)))) == tree


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["width", "leaf", "x"]), inner),
    max_leaves=8,
)


@given(plain, st.sampled_from(["width", "leaf", "leaves", "pair", "names", "limit", "tables", "bias"]))
def test_whatever_comes_is_a_tree_or_a_misfit(value: Any, key: str) -> None:
    try:
        tree = to_dataclass(Tree, {"width": 1, key: value})
    except Misfit as error:
        assert error.path.startswith(key)
    else:
        assert type(tree.width) is int
        assert all(type(number) is float and math.isfinite(number) for number in tree.pair)
        assert isinstance(tree.leaves, tuple) and isinstance(tree.leaf, Leaf)


@pytest.mark.parametrize(
    ("values", "kind", "path"),
    [
        ([], WrongType, ""),
        ({}, MissingKeys, ""),
        ({"width": 1, "depth": 2}, UnknownKeys, ""),
        ({"width": True}, WrongType, "width"),
        ({"width": 1.0}, WrongType, "width"),
        ({"width": 1, "leaf": {"rat": 1}}, UnknownKeys, "leaf"),
        ({"width": 1, "leaf": {"rate": math.nan}}, WrongType, "leaf.rate"),
        ({"width": 1, "leaf": {"rate": math.inf}}, WrongType, "leaf.rate"),
        ({"width": 1, "leaf": {"rate": 10**400}}, WrongType, "leaf.rate"),
        ({"width": 1, "leaf": {"rate": -1}}, Refused, "leaf"),
        ({"width": 1, "leaves": [{}, {"kind": "c"}]}, WrongType, "leaves[1].kind"),
        ({"width": 1, "pair": [1]}, WrongType, "pair"),
        ({"width": 1, "pair": [1, "2"]}, WrongType, "pair[1]"),
        ({"width": 1, "names": "abc"}, WrongType, "names"),
        ({"width": 1, "limit": "none"}, WrongType, "limit"),
        ({"width": 1, "tables": {"a": 1.5}}, WrongType, "tables"),
        ({"width": 1, "bias": 1}, WrongType, "bias"),
    ],
)
def test_a_misfit_says_where(values: Any, kind: type[Misfit], path: str) -> None:
    with pytest.raises(Misfit) as caught:
        to_dataclass(Tree, values)
    assert type(caught.value) is kind
    assert caught.value.path == path


def test_a_misfit_says_what() -> None:
    with pytest.raises(UnknownKeys) as unknown:
        to_dataclass(Leaf, {"rat": 1, "x": 2}, "leaf")
    assert (unknown.value.path, unknown.value.keys, unknown.value.known) == ("leaf", ("rat", "x"), ("rate", "kind"))
    with pytest.raises(WrongType, match="must be 'a' or 'b', not 'c'"):
        to_dataclass(Leaf, {"kind": "c"})
    with pytest.raises(Refused, match="The rate must be at least 0"):
        to_dataclass(Leaf, {"rate": -1})


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (int, "a whole number"),
        (float | None, "a number or nothing"),
        (Literal["a", "b", "c"], "'a', 'b' or 'c'"),
        (tuple[float, float], "a list of 2 numbers"),
        (tuple[str, ...], "a list of texts"),
        (list[int], "a list of whole numbers"),
        (tuple[Leaf, ...], "a list of tables"),
        (Leaf, "a table of settings"),
        (dict[str, int], "a table of settings"),
    ],
)
def test_hints_in_words(hint: Any, words: str) -> None:
    assert describe(hint) == words


def test_long_values_are_shown_short() -> None:
    assert shown("abc") == "'abc'"
    assert len(shown("x" * 1000)) == 40


@dataclass(frozen=True)
class Few:
    table: dict[str, int]


@pytest.mark.parametrize(
    "values", [{"k" * 5_000: 1}, {f"key {n}": 1 for n in range(5_000)}, {"table": {"k" * 9_000: ""}}]
)
def test_names_of_strangers_are_shortened_in_messages(values: dict[str, Any]) -> None:
    with pytest.raises(Misfit) as caught:
        to_dataclass(Few, values)
    assert len(f"{caught.value.path} {caught.value}") < 400
