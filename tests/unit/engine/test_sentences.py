"""Sentences and errors: a text for all who ask for no more, with the template and the values for those who do."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NurieError, PictureError, RequestError, expected, message_of
from engine.sentences import Sentence, from_plain, joined, on_one_line, to_plain

TEMPLATE = "{0} is {1:g} pixels, {2}"


def made() -> Sentence:
    return Sentence(TEMPLATE, Path("a.png"), np.float32(1.5), Sentence("too many of {0}", 3))


def test_a_sentence_is_its_text() -> None:
    assert made() == "a.png is 1.5 pixels, too many of 3"
    assert json.loads(json.dumps([made()])) == [str(made())]
    assert len({made(), "a.png is 1.5 pixels, too many of 3"}) == 1
    assert made().values == ("a.png", 1.5, "too many of 3")


def test_an_error_carries_its_sentence() -> None:
    error = PictureError(TEMPLATE, "a.png", 2.0, "b")
    assert (str(error), error.template, error.values) == ("a.png is 2 pixels, b", TEMPLATE, ("a.png", 2.0, "b"))
    again = RequestError(str(error))
    assert (again.template, again.values) == (error.template, error.values)
    for one in (error, again):
        twin = pickle.loads(pickle.dumps(one))
        assert (type(twin), str(twin), twin.template, twin.values) == (type(one), str(one), TEMPLATE, one.values)


@given(st.text())
def test_braces_mean_nothing_without_values(text: str) -> None:
    assert str(NurieError(text)) == text
    assert Sentence(text) == text
    assert str(pickle.loads(pickle.dumps(NurieError(text)))) == text


@given(st.text(), st.text())
def test_braces_in_values_mean_nothing(name: str, why: str) -> None:
    assert str(NurieError("{0}: {1}", name, Path(why))) == f"{name}: {Path(why)}"


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, str, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_stay_sentences(twin: Any) -> None:
    copied = twin(made())
    assert isinstance(copied, Sentence) and copied == made()
    assert (copied.template, copied.values) == (TEMPLATE, made().values)
    assert isinstance(copied.values[2], Sentence) and copied.values[2].template == "too many of {0}"


def test_events_keep_their_sentences() -> None:
    event = {"event": "failed", "message": made(), "skipped": [{"why": made()}], "name": "a", "notes": ("b", made())}
    told = json.loads(json.dumps(to_plain(event)))
    assert told["message"] == str(made()) and told["notes"] == ["b", str(made())]
    heard = from_plain(told)
    assert heard == {key: list(value) if key == "notes" else value for key, value in event.items()}
    for sentence in (heard["message"], heard["skipped"][0]["why"]):
        assert (sentence.template, sentence.values[2].template) == (TEMPLATE, "too many of {0}")


@pytest.mark.parametrize(
    "templates",
    [None, 5, {"message": None}, {"message": []}, {"message": ["another text"]}, {"message": ["{0}", "b"]},
     {"message": ["{0}{1}", "a"]}, {"message": ["{0.x}", "a"]}, {"message": [7, "a"]}, {"other": ["{0}", "a"]},
     {"message": ["{0:d}", "a"]}, {"message": ["{0", "a"]}],
)  # fmt: skip
def test_what_does_not_make_the_text_is_not_believed(templates: Any) -> None:
    heard = from_plain({"message": "a", "templates": templates})
    assert heard == {"message": "a"} and not isinstance(heard["message"], Sentence)


def test_one_line() -> None:
    error = PictureError("{0} is\nnot {1}", "a\n b", 2)
    line = expected(error)
    assert line == "a b is not 2" and isinstance(line, Sentence) and line.template == "{0} is not {1}"
    assert on_one_line("a \n b") == "a b"
    assert expected(OSError(5, "Broken", "x.png")) == "The system refused: Broken (x.png)."
    assert message_of(ZeroDivisionError("by\n0")).endswith("please report it: ZeroDivisionError: by 0")


def test_joined() -> None:
    both = joined([made(), "b {0}"], " · ")
    assert both == f"{made()} · b {{0}}" and isinstance(both.values[0], Sentence)


@pytest.mark.parametrize("number", [10**400, -(10**400), 10**5000], ids=["large", "negative", "of thousands of digits"])
def test_a_number_beyond_every_float_can_be_filled_in(number: int) -> None:
    assert Sentence("from {0:g} to {1}", 1, number) in ("from 1 to inf", "from 1 to -inf")
    assert Sentence("{0:g}", number) in ("inf", "-inf")
