import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.color import figure_mask
from engine.request import LineArt, Reference
from trainer.scene_samples import HELD_OUT, SceneSamples

DISC = np.zeros((80, 60), np.uint8)
cv2.circle(DISC, (30, 42), 18, 1, -1)


def picture(ground: tuple[int, int, int], figure: tuple[int, int, int] = (200, 40, 20)) -> NDArray[np.uint8]:
    return np.where(DISC[..., None] > 0, np.array(figure, np.uint8), np.array(ground, np.uint8))


def overlap(found: NDArray[np.float32] | None, true: NDArray) -> float:
    """Intersection over union; 0 where nothing was found."""
    if found is None:
        return 0.0
    own, wanted = found > 0.5, true > 0
    return float((own & wanted).sum() / (own | wanted).sum())


@pytest.mark.parametrize("ground", [(255, 255, 255), (90, 160, 230), (30, 30, 30)])
def test_a_figure_on_one_color_is_found(ground: tuple[int, int, int]) -> None:
    found = figure_mask.of_picture(Reference(picture(ground)))
    assert found is not None and found.shape == (80, 60) and found.min() >= 0.0 and found.max() <= 1.0
    assert overlap(found, DISC) > 0.9


def test_a_persons_mask_wins_then_transparency() -> None:
    own = np.zeros((80, 60), np.float32)
    own[:10] = 1.0
    assert figure_mask.of_picture(Reference(picture((255, 255, 255)), figure_mask=own)) is own
    opaque = np.zeros((80, 60), bool)
    opaque[:, :30] = True
    found = figure_mask.of_picture(Reference(picture((255, 255, 255)), figure=opaque))
    assert found is not None and np.array_equal(found > 0.5, opaque)


@pytest.mark.parametrize("color", [(255, 255, 255), (120, 10, 90)])
def test_a_picture_of_one_color_has_no_figure(color: tuple[int, int, int]) -> None:
    assert figure_mask.of_picture(Reference(picture(color, color))) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (7, 7)])
def test_tiny_pictures_and_drawings_are_taken(size: tuple[int, int]) -> None:
    assert figure_mask.of_picture(Reference(np.full((*size, 3), 255, np.uint8))) is None
    assert figure_mask.of_drawing(np.ones(size, np.float32)) is None


def test_a_closed_outline_is_the_figure_of_a_drawing() -> None:
    ink = np.ones((80, 60), np.float32)
    cv2.circle(ink, (30, 42), 18, 0.0, 2)
    cv2.circle(ink, (30, 42), 8, 0.0, 2)
    cv2.circle(ink, (6, 7), 4, 0.0, 1)  # something else
    assert overlap(figure_mask.of_drawing(ink), DISC) > 0.8
    art = LineArt(ink)
    assert figure_mask.of_line_art(art) is figure_mask.of_line_art(art)


def test_a_figure_may_end_at_the_lower_edge_but_what_joins_other_edges_is_background() -> None:
    ink = np.ones((80, 60), np.float32)
    cv2.rectangle(ink, (20, 30), (40, 90), 0.0, 2)
    body = np.zeros((80, 60), np.uint8)
    body[30:, 20:41] = 1
    assert overlap(figure_mask.of_drawing(ink), body) > 0.8
    ground = np.ones((80, 60), np.float32)
    cv2.line(ground, (0, 60), (60, 60), 0.0, 2)
    assert figure_mask.of_drawing(ground) is None


def test_figures_before_drawn_backgrounds_are_mostly_found() -> None:
    samples = SceneSamples(192, 1, 19, scene_share=1.0, first=HELD_OUT, characters=20, square=True)
    scenes = [scene for number in range(14) if (scene := samples.scene(number)).drawing.roles is not None]
    pictures = [overlap(figure_mask.of_picture(Reference(one.reference.color)), one.reference.figure) for one in scenes]
    drawings = [
        overlap(figure_mask.of_drawing(one.drawing.line.astype(np.float32) / 255.0), one.drawing.figure)
        for one in scenes
    ]
    assert np.mean(pictures) > 0.5 and np.mean(drawings) > 0.45
