"""Says in the language on screen what engine and trainer say in English, as far as `engine_sentences` goes."""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from app.language.engine_sentences import COLORS, SENTENCES

translate = QCoreApplication.translate

PARAGRAPH = "\n\n"
_PLACEHOLDER = re.compile(r"\\{\d\\}")


def said(text: str) -> str:
    """The same sentence in the language on screen; one that is not known stays as it is.

    text: a sentence of the engine, or several with an empty line between each two.
    """
    if translate("Engine", SENTENCES[0]) == SENTENCES[0]:
        return text  # English is on screen; making all the patterns for it would cost the start of the window
    return PARAGRAPH.join(_sentence(part) for part in text.split(PARAGRAPH))


def color_name(name: str) -> str:
    """A color's name as `engine.color.names` makes it ("pale blue gray 2") in the language on screen.

    A name that a person or a palette file gave stays as it is.
    """
    word, space, number = name.rpartition(" ")
    if not (space and number.isdigit()):
        word, space, number = name, "", ""
    tone, _, rest = word.partition(" ")
    shown = {
        "pale": translate("Color", "pale {0}"),
        "light": translate("Color", "light {0}"),
        "dark": translate("Color", "dark {0}"),
    }.get(tone, "")
    base = rest if shown else word
    if base not in COLORS:
        return name
    color = translate("Color", base)
    return (shown.format(color) if shown else color) + space + number


def _sentence(text: str) -> str:
    for pattern, template in _patterns():
        match = pattern.fullmatch(text)
        if match:
            shown = translate("Engine", template)
            return shown.format(*match.groups()) if shown != template else text
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What each sentence looks like when it is filled in. Those that say more themselves come first."""
    ordered = sorted(SENTENCES, key=len, reverse=True)
    return tuple((re.compile(_PLACEHOLDER.sub("(.+?)", re.escape(one)), re.DOTALL), one) for one in ordered)
