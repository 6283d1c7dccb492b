"""A working day in a minute: random verbs through the window's controllers while jobs come and go, then all undone."""

import random
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.images import incoming
from app.project_file.page_codec import PageCodec
from engine.corrections import Corrections, Hint, Shape
from engine.palette import Swatch
from tests.projects import write
from tests.window import color_file, error_dialogs, line_file

VERBS = 500


def settle(nurie: Nurie, qtbot: QtBot) -> None:
    """Show each drawing until everything that follows from it is there."""
    for page in nurie.document.pages:
        nurie.document.show_page(page.id)
        qtbot.waitUntil(
            lambda: (
                not nurie.runner.jobs
                and not nurie.controllers.coloring.is_waiting
                and nurie.document.current.coloring_is_current
            ),
            timeout=20_000,
        )


def correct(nurie: Nurie, dice: random.Random) -> None:
    """Paint over regions, draw one, or find what is to be checked right."""
    corrections, color = nurie.controllers.corrections, (5, dice.randrange(255), 5)
    places = [(dice.randrange(90), dice.randrange(60)) for _ in range(4)]
    verb = dice.randrange(4)
    if verb == 0:
        corrections.fill_all(places, color)
    elif verb == 1:
        corrections.draw_region(Shape(tuple(places), dice.choice((0, 5)), dice.random() < 0.5), color)
    elif verb == 2:
        corrections.close_gap(tuple(places[:2]))
    else:
        corrections.settle()


def one_verb(nurie: Nurie, dice: random.Random) -> None:
    document, finishing = nurie.document, nurie.controllers.finish
    settings, ids = document.finish_settings, [page.id for page in document.pages]
    verb = dice.randrange(12)
    if verb == 0:
        nurie.window.line_art.slider.setValue(dice.randrange(30, 51))
    elif verb == 1:
        finishing.set_settings(replace(settings, gap=dice.choice((None, 1, 5))))
    elif verb == 2:
        finishing.set_settings(replace(settings, shading=dice.choice(("off", "soft", "cel"))))
    elif verb == 3 and finishing.base is not None:
        base = dice.choice(finishing.base.swatches)
        finishing.edit_swatch(base, Swatch(base.name, (dice.randrange(255), 9, 9)))
    elif verb == 4:
        hint = Hint(dice.randrange(60), dice.randrange(60), (dice.randrange(255), 5, 5))
        finishing.set_settings(replace(settings, corrections=Corrections((hint,)), flats=True))
    elif verb == 5:
        nurie.controllers.coloring.cast.order([*reversed(document.references)])
    elif verb == 6 and len(document.references) > 1:
        nurie.controllers.coloring.cast.remove(document.references[:1])
    elif verb == 7:
        document.show_page(dice.choice(ids))
    elif verb == 8 and len(ids) > 1:
        nurie.controllers.drawings.remove(dice.choice(ids))
    elif verb == 10:
        correct(nurie, dice)
    elif verb == 9:
        nurie.controllers.drawings.order(dice.sample(ids, len(ids)))
    else:
        nurie.controllers.drawings.rename(dice.choice(ids), dice.choice(("", "Cover")))


def test_random_verbs_and_back(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    dice = random.Random(7)
    files = [line_file(tmp_path, f"{name}.png", 96 + 8 * number) for number, name in enumerate("abc")]
    colors = [color_file(tmp_path, f"{name}.png", (200, 10 + 40 * number, 60)) for number, name in enumerate("xy")]
    nurie.controllers.coloring.open_drawing(incoming.from_files([*files, *colors]))
    qtbot.waitUntil(lambda: len(nurie.document.pages) == 3)
    settle(nurie, qtbot)
    first, start = write(tmp_path / "first.nurie", nurie.document.pages, PageCodec()), nurie.document.history.done
    for number in range(VERBS):
        if dice.random() < 0.3:
            nurie.actions[dice.choice(("undo", "undo", "redo"))].trigger()
            if nurie.document.history.done < start:
                nurie.document.history.redo()
        else:
            one_verb(nurie, dice)
        qtbot.wait(dice.choice((0, 0, 0, 5)))
        if number % 100 == 99:
            nurie.controllers.projects.keep_copy()
    nurie.document.history.go_to(start)
    settle(nurie, qtbot)
    assert write(tmp_path / "last.nurie", nurie.document.pages, PageCodec()) == first
    assert error_dialogs(nurie) == []
