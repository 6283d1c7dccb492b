import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from trainer.drawn_characters import Part, draw
from trainer.scene_samples import HELD_OUT, TRAINING, Painting, SceneSamples, draw_figure


def samples(**changed: object) -> SceneSamples:
    settings: dict[str, object] = {"characters": 2, "poses": 2, **changed}
    return SceneSamples(48, 2, 3, **settings)  # pyright: ignore[reportArgumentType]


def _inner(painting: Painting, role: int) -> NDArray[np.uint8]:
    """Colors of a role's pixels, n×3, away from where another begins, which is soft."""
    assert painting.roles is not None
    own = ((painting.roles == role) & (painting.figure == 0)).astype(np.uint8)
    return painting.under[cv2.erode(own, np.ones((3, 3), np.uint8)) > 0]


def test_a_sample_depends_on_its_number_alone() -> None:
    much, little = samples(), samples(memory=0.0)
    wanted = [much[number] for number in (5, 2, 0)]
    for number, first in zip((0, 2, 5), reversed(wanted), strict=True):
        again = little[number]
        assert first.keys() == again.keys()
        assert all(torch.equal(first[name], again[name]) for name in first)


def test_samples_of_a_batch_can_be_stacked_and_are_in_range() -> None:
    made = samples()
    for batch in range(4):
        first, second = made[2 * batch], made[2 * batch + 1]
        for name, value in first.items():
            assert value.shape == second[name].shape and value.dtype == torch.float32
            low = 0.0 if "figure" in name else -1.0
            assert low <= float(value.min()) and float(value.max()) <= 1.0
        assert first["line"].shape[1:] == first["target"].shape[1:] == first["figure"].shape[1:]


def test_backgrounds_take_the_colors_of_the_reference_by_role() -> None:
    made = samples(scene_share=1.0, square=True, first=TRAINING + 1)  # neither is a watercolor
    compared = 0
    for number in range(24):
        scene = made.scene(number)
        drawing, reference = scene.drawing, scene.reference
        if drawing.roles is None or reference.roles is None:
            continue
        for role in np.intersect1d(drawing.roles, reference.roles):
            colors = [_inner(one, role) for one in (drawing, reference)]
            if min(len(one) for one in colors) < 10:
                continue
            compared += 1
            assert np.abs(np.median(colors[0], 0) - np.median(colors[1], 0)).max() < 6
    assert compared > 20


def test_figures_stand_before_their_background_and_the_mask_is_true() -> None:
    made = samples(scene_share=1.0)
    for number in range(8):
        drawing = made.scene(number).drawing
        if drawing.roles is None:
            assert (drawing.under[drawing.figure == 0] == 255).all()
        # Below the figure no line of the background is left, and the color keeps its lines out.
        assert drawing.figure.max() == 255
        assert drawing.color.mean() <= drawing.under.mean() + 1


def test_on_paper_nothing_but_the_figure_is_drawn_or_painted() -> None:
    made = samples(scene_share=0.0)
    for number in range(6):
        drawing = made.scene(number).drawing
        beyond = drawing.figure == 0
        assert drawing.roles is None and len(np.unique(drawing.under[beyond], axis=0)) <= 2
        assert (drawing.line[beyond] > 150).all()


def test_the_figure_is_as_the_drawn_character() -> None:
    seed = next(s for s in range(1, 99) if s % 4 and Part.SCENE not in draw(s, 7, 64).regions)
    own, figure = draw(seed, 7, 64), draw_figure(seed, 7, 64)
    assert np.array_equal(own.line, figure.line)
    assert (figure.mask[own.regions > 0] == 255).all()


def test_held_out_characters_are_others() -> None:
    shown = {samples().scene(n).reference.color.tobytes() for n in range(4)}
    assert not shown & {samples(first=HELD_OUT).scene(n).reference.color.tobytes() for n in range(4)}


@pytest.mark.parametrize("changed", [{"characters": 0}, {"poses": 1}])
def test_too_little_to_sample_from_is_refused(changed: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two poses"):
        samples(**changed)
