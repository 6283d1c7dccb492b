"""Says in the language on screen what engine, trainer and the readers of projects say in English.

Their sentences carry the template they were made from (`engine.sentences`), and that is what is translated: its context
is "Engine". packaging/translations.py collects the templates. One that has no translation appears in English.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.sentences import Sentence

translate = QCoreApplication.translate

# The colors of `engine.color.names`, without "pale", "light" and "dark".
_COLORS = (
    QT_TRANSLATE_NOOP("Color", "black"),
    QT_TRANSLATE_NOOP("Color", "gray"),
    QT_TRANSLATE_NOOP("Color", "white"),
    QT_TRANSLATE_NOOP("Color", "pink"),
    QT_TRANSLATE_NOOP("Color", "red"),
    QT_TRANSLATE_NOOP("Color", "orange"),
    QT_TRANSLATE_NOOP("Color", "yellow"),
    QT_TRANSLATE_NOOP("Color", "green"),
    QT_TRANSLATE_NOOP("Color", "turquoise"),
    QT_TRANSLATE_NOOP("Color", "blue"),
    QT_TRANSLATE_NOOP("Color", "purple"),
    QT_TRANSLATE_NOOP("Color", "magenta"),
    QT_TRANSLATE_NOOP("Color", "peach"),
    QT_TRANSLATE_NOOP("Color", "cream"),
    QT_TRANSLATE_NOOP("Color", "beige"),
    QT_TRANSLATE_NOOP("Color", "olive"),
    QT_TRANSLATE_NOOP("Color", "brown"),
    QT_TRANSLATE_NOOP("Color", "pink gray"),
    QT_TRANSLATE_NOOP("Color", "green gray"),
    QT_TRANSLATE_NOOP("Color", "turquoise gray"),
    QT_TRANSLATE_NOOP("Color", "blue gray"),
    QT_TRANSLATE_NOOP("Color", "purple gray"),
    QT_TRANSLATE_NOOP("Color", "magenta gray"),
    QT_TRANSLATE_NOOP("Color", "brown gray"),
)
COLORS = tuple(map(str, _COLORS))

# What the models that come with the program say of themselves; their files have it in English.
DESCRIPTIONS = (
    QT_TRANSLATE_NOOP(
        "Engine",
        "Colors characters, emoji-like drawings and figures from references of the same character, also in another "
        "pose. A first model: its guess is soft, with some haze; flats take it away.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "An experiment: paints figure and background in steps over the guess of Nurie compact, soft as a wash, each "
        "from its own part of the reference. It learned for some 40 minutes of one core; Nurie compact with flats is "
        "nearer to the reference.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "An experiment: gives a drawing the colors and the mood of any picture, a sunset, a photograph, another "
        "artist's page. It does not know which part is which and mostly paints in one or two hues; Nurie compact "
        "colors figures better, even from another character.",
    ),
    QT_TRANSLATE_NOOP(
        "Engine",
        "An experiment: colors a frame of a scene from colored key frames, small and blurred. Scenes that hear it "
        "beside Nurie compact come out no better.",
    ),
)


def said(text: str) -> str:
    """The same sentence in the language on screen; one that is not known stays as it is."""
    if not text:
        return ""
    if not isinstance(text, Sentence) or not text.values:
        return translate("Engine", text)
    shown = translate("Engine", text.template)
    return shown.format(*(said(value) if isinstance(value, Sentence) else value for value in text.values))


def color_name(name: str) -> str:
    """A color's name as `engine.color.names` makes it ("pale blue gray 2") in the language on screen.

    A name that a person or a palette file gave stays as it is.
    """
    if name == "Paper":  # `engine.color.swatches.PAPER`
        return translate("Color", "Paper")
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
