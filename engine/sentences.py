"""Sentences for a person that still know what was filled in, so that a window can say them in another language."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

TEMPLATES = "templates"  # beside the texts of an event in JSON: how each was made, see `to_plain`


class Sentence(str):
    """A text that was made from a template and values. It is and stays that text for all who know no more of it.

    template: as for `str.format`, with {0} for the first value; without values it is the text itself and its braces
    mean nothing. values: numbers, texts and sentences; anything else is kept as the text it makes.
    """

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Sentence:
        """A sentence that is given alone stays what it is."""
        if isinstance(template, Sentence) and not values:
            return template
        kept = tuple(map(_kept, values))
        self = super().__new__(cls, template.format(*kept) if kept else template)
        self.template = template
        self.values = kept
        return self

    def __str__(self) -> str:
        """Itself: what asks an error for its text gets the sentence whole."""
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        """For copies and for other processes."""
        return (self.template, *self.values)


def joined(sentences: Iterable[str], between: str = " ") -> Sentence:
    """Several sentences as one, each of which can still be translated."""
    parts = tuple(sentences)
    return Sentence(between.join(f"{{{number}}}" for number in range(len(parts))), *parts)


def on_one_line(text: str) -> str:
    """A text without line breaks and double spaces, also in what was filled in."""
    if text == " ".join(text.split()):
        return text
    if isinstance(text, Sentence) and text.values:
        values = (on_one_line(value) if isinstance(value, str) else value for value in text.values)
        return Sentence(" ".join(text.template.split()), *values)
    return " ".join(text.split())


def to_plain(value: Any) -> Any:
    """An event for JSON: a mapping gets a key more that says how the sentences in it were made, where any was.

    A list of sentences loses that.
    """
    if isinstance(value, Mapping):
        made = {key: _made(one) for key, one in value.items() if isinstance(one, Sentence) and one.values}
        plain = {key: to_plain(one) for key, one in value.items()}
        return plain | {TEMPLATES: made} if made else plain
    if isinstance(value, list | tuple):
        return [to_plain(one) for one in value]
    return value


def from_plain(value: Any) -> Any:
    """The opposite of `to_plain`. What does not make the text that stands there is not believed."""
    if isinstance(value, list):
        return [from_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: from_plain(one) for key, one in value.items() if key != TEMPLATES}
    made = value.get(TEMPLATES)
    for key, parts in made.items() if isinstance(made, dict) else ():
        with contextlib.suppress(AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError):
            sentence = _remade(parts)
            if sentence == found[key]:
                found[key] = sentence
    return found


_LARGEST = 10**300  # no float is much larger, and a template may ask for one


def _kept(value: object) -> object:
    if isinstance(value, Exception) and isinstance(text := str(value), Sentence):
        return text
    if isinstance(value, Sentence) or type(value) in (str, float, bool):
        return value
    if isinstance(value, Integral):
        number = int(value)
        return number if abs(number) < _LARGEST else math.inf if number > 0 else -math.inf
    return float(value) if isinstance(value, Real) else format(value)


def _made(sentence: Sentence) -> list[object]:
    return [sentence.template, *(_made(one) if isinstance(one, Sentence) else one for one in sentence.values)]


def _remade(parts: list[Any]) -> Sentence:
    template, *values = parts
    return Sentence(template, *(_remade(one) if isinstance(one, list) else one for one in values))
