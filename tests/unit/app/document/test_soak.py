"""Many random verbs, undone and done again at random: the project is byte for byte what it was at every step."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.document import steps as commands
from app.document.character import Character
from app.document.document import Document
from app.document.history import Step
from app.document.page import Snapshot
from app.document.steps import ChangePage, ChangeProject
from app.project_file import file as project_file
from app.project_file.page_codec import PageCodec
from engine.colorizer import run
from engine.corrections import Corrections, Hint
from engine.palette import Palette, Swatch
from tests.projects import document, drawing, page, reference

pytestmark = pytest.mark.usefixtures("qapp")

VERBS = 500
DRAWINGS = [drawing(f"{letter}.png", 64 + 8 * number) for number, letter in enumerate("abcd")]
SWATCHES = [Swatch(name, color) for name, color in (("a", (1, 2, 3)), ("b", (200, 10, 9)), ("c", (5, 250, 30)))]


def random_step(made: Document, dice: random.Random, items: list) -> Step:  # noqa: PLR0911, PLR0912
    settings, page_id = made.finish_settings, dice.choice(made.pages).id
    ids = [one.id for one in made.pages]
    verb = dice.randrange(17)
    if verb >= 13 or (verb in (1, 2, 3) and made.current.cast):
        return random_cast(made, dice, items)
    if verb == 0:
        sigma = dice.randrange(30, 51) / 100
        return ChangePage(made, "x", dice.choice(("", "sigma")), line_settings=replace(made.line_settings, sigma=sigma))
    if verb == 1:
        return ChangePage(made, "x", references=(*made.references, dice.choice(items))[:4])
    if verb == 2:
        return ChangePage(made, "x", references=tuple(made.references[1:]))
    if verb == 3:
        return ChangePage(made, "x", references=tuple(dice.sample(made.references, len(made.references))))
    if verb == 4:
        return ChangePage(made, "x", dice.choice(("", "gap")), finish_settings=replace(settings, gap=dice.randrange(9)))
    if verb == 5:
        edits = tuple((one, dice.choice(SWATCHES)) for one in dice.sample(SWATCHES, 2))
        return ChangePage(made, "x", "swatch", finish_settings=replace(settings, edits=edits))
    if verb == 6:
        return ChangePage(
            made, "x", finish_settings=replace(settings, palette=Palette(tuple(dice.sample(SWATCHES, 2))))
        )
    if verb == 7:
        hint = Hint(dice.randrange(50), dice.randrange(50), (1, 2, dice.randrange(255)))
        hints = Corrections((*settings.corrections.hints, hint)[-5:])
        return ChangePage(made, "x", finish_settings=replace(settings, corrections=hints))
    if verb == 8:
        return ChangePage(made, "x", page_id=page_id, shows=False, title=dice.choice(("", "Cover", "Back")))
    if verb == 9:
        return commands.AddDrawings(made, "x", dice.sample(DRAWINGS, dice.randrange(1, 3)), inherit=dice.random() < 0.7)
    if verb == 10:
        return commands.RemoveDrawing(made, "x", page_id)
    if verb == 11:
        return commands.OrderDrawings(made, "x", dice.sample(ids, len(ids)))
    return commands.UseModel(made, "x", dice.choice((None, "one", "two")))


def random_cast(made: Document, dice: random.Random, items: list) -> Step:
    """A verb on characters."""
    characters, page = list(made.characters), dice.choice(made.pages)
    if page.cast and dice.random() < 0.3:
        return ChangeProject(made, "x", pages={page.id: {"own": tuple(dice.sample(items, dice.randrange(4)))}})
    if not characters or dice.random() < 0.2:
        other = Character(made.next_character_id, references=tuple(dice.sample(items, 2)))
        return ChangeProject(made, "x", characters=[*characters, other], pages={page.id: {"cast": (other.id,)}})
    one = dice.choice(characters)
    verb = dice.randrange(5)
    if verb == 0:
        changed = replace(one, edits=tuple((base, dice.choice(SWATCHES)) for base in dice.sample(SWATCHES, 2)))
    elif verb == 1:
        changed = replace(one, references=tuple(dice.sample(items, dice.randrange(4))))
    elif verb == 2:
        ids = [other.id for other in characters]
        fields = {
            "cast": tuple(dice.sample(ids, dice.randrange(len(ids) + 1))),
            "dropped": tuple(dice.sample(items, dice.randrange(2))),
        }
        return ChangeProject(made, "x", pages={page.id: fields})
    elif verb == 3:
        casts = {
            other.id: {"cast": tuple(left.id for left in other.cast if left.id != one.id)}
            for other in made.pages
            if any(left.id == one.id for left in other.cast)
        }
        return ChangeProject(made, "x", characters=[other for other in characters if other is not one], pages=casts)
    else:
        changed = replace(one, palette=Palette(tuple(dice.sample(SWATCHES, 2))), locks=(dice.choice(SWATCHES),))
    return ChangeProject(made, "x", "palette", characters=[changed if other is one else other for other in characters])


@pytest.mark.parametrize("seed", [1])
def test_the_same_bytes(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice, items = random.Random(seed), [reference(f"{number}.png") for number in range(5)]
    made, codec = document(page(1), page(2)), PageCodec()

    def content() -> bytes:
        """All but what is derived, which comes again by itself, and which page is shown."""
        pages = tuple(one.changed(lines=None, coloring=None, saved=None) for one in made.pages)
        snapshot = Snapshot(pages, pages[0].id, characters=made.characters)
        run(project_file.write(tmp_path / "a.nurie", snapshot, codec), lambda _: None)
        return (tmp_path / "a.nurie").read_bytes() + repr(made.model).encode()

    clock = [0.0]
    monkeypatch.setattr(commands.time, "monotonic", lambda: clock[0])
    contents = [content()]
    moves: list[Callable[[], None]] = [
        made.history.undo,
        made.history.redo,
        lambda: made.show_page(dice.choice(made.pages).id),
    ]
    for _ in range(VERBS):
        clock[0] += dice.choice((0.1, 5.0))
        if dice.random() < 0.3:
            dice.choice(moves)()
            assert content() == contents[made.history.done]
            continue
        step = random_step(made, dice, items)
        if step.is_idle():
            continue
        made.history.push(step)
        done = made.history.done
        contents[done:] = [content()]
        assert len(made.history.texts) == done
    assert made.history.done > VERBS / 4
    for _ in range(2):
        for done in (0, len(contents) - 1, *(dice.randrange(len(contents)) for _ in range(10))):
            made.history.go_to(done)
            assert content() == contents[done]
    made.history.go_to(0)
    assert content() == contents[0] and not made.is_modified
