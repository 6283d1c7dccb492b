from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

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


def body(
    width: int, height: int, opening: int, foot: int = 0, shade: float = 0.0
) -> tuple[NDArray[np.float32], NDArray]:
    """Line art of a body with a head, a belt and a leg of two sides, and where it is. opening: pixels that its outline
    lacks at the neck, at a side and below; foot: of paper under it; shade: of its lines."""
    ink, inside = np.ones((height, width), np.float32), np.zeros((height, width), np.uint8)
    left, right, top, low = width // 4, 3 * width // 4, height // 3, height - foot - 1
    middle = width // 2
    cv2.circle(inside, (middle, top - height // 8), height // 8, 1, -1)
    cv2.circle(ink, (middle, top - height // 8), height // 8, shade, 2)
    inside[top : low + 1, left : right + 1] = 1
    cv2.rectangle(ink, (left, top), (right, low), shade, 2)
    cv2.line(ink, (left, (top + low) // 2), (right, (top + low) // 2), shade, 2)
    cv2.line(ink, (middle + 30, top), (middle + 30, low), shade, 2)
    half = opening // 2
    ink[top - 3 : top + 3, middle - half : middle + half] = 1.0
    ink[top + 60 - half : top + 60 + half, left - 3 : left + 4] = 1.0
    ink[low - 2 :, left + 20 : left + 20 + 4 * opening] = 1.0  # cut off by the frame, as far as it is open
    return ink, inside


@pytest.mark.parametrize("opening", [0, 8, 14, 18])
@pytest.mark.parametrize("foot", [0, 12])
@pytest.mark.parametrize("shade", [0.0, 0.8])
def test_an_outline_may_be_open_and_faint_where_the_drawing_stands_on_paper(
    opening: int, foot: int, shade: float
) -> None:
    ink, inside = body(280, 380, opening, foot, shade)
    if shade:
        cv2.circle(ink, (140, 85), 20, 0.0, 2)  # what makes the others faint
    assert overlap(figure_mask.of_drawing(ink), inside) > 0.93


def test_wide_openings_between_figure_and_paper_stay_paper() -> None:
    ink, inside = body(280, 380, 0)
    cv2.line(ink, (20, 200), (70, 200), 0.0, 2)  # an arm that is stretched out, and the paper under it
    found = figure_mask.of_drawing(ink)
    assert found is not None and found[300, 30] < 0.5 and found[100, 20] < 0.5
    assert overlap(found, inside) > 0.93


def test_a_faint_tone_on_the_paper_is_no_line() -> None:
    ink, inside = body(280, 380, 14)
    ink[200:300, 0:50] = np.minimum(ink[200:300, 0:50], np.float32(0.85))
    assert overlap(figure_mask.of_drawing(ink), inside) > 0.93


def test_the_sample_keeps_its_skirt() -> None:
    lines = Image.open(Path(__file__).parents[4] / "resources" / "samples" / "sylvie_line.png").convert("L")
    found = figure_mask.of_drawing(np.asarray(lines, np.float32) / 255.0)
    assert found is not None
    skirt, hair, paper = found[600, [110, 170, 230, 320]], found[90, 155], found[[100, 400, 560], [40, 400, 60]]
    assert (skirt > 0.5).all() and hair > 0.5 and (paper < 0.5).all()


def test_figures_on_paper_are_found_with_openings_in_their_outlines() -> None:
    samples = SceneSamples(192, 1, 19, scene_share=0.0, first=HELD_OUT, characters=20, square=True)
    rng, found = np.random.default_rng(0), []
    for number in range(8):
        drawing = samples.scene(number).drawing
        ink = drawing.line.astype(np.float32) / 255.0
        edge = cv2.morphologyEx((drawing.figure > 0).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        for y, x in rng.permutation(np.argwhere(edge))[:4]:
            cv2.circle(ink, (int(x), int(y)), 3, 1.0, -1)
        found.append(overlap(figure_mask.of_drawing(ink), drawing.figure))
    assert np.mean(found) > 0.85


def test_figures_before_drawn_backgrounds_are_mostly_found() -> None:
    samples = SceneSamples(192, 1, 19, scene_share=1.0, first=HELD_OUT, characters=20, square=True)
    scenes = [scene for number in range(14) if (scene := samples.scene(number)).drawing.roles is not None]
    pictures = [overlap(figure_mask.of_picture(Reference(one.reference.color)), one.reference.figure) for one in scenes]
    drawings = [
        overlap(figure_mask.of_drawing(one.drawing.line.astype(np.float32) / 255.0), one.drawing.figure)
        for one in scenes
    ]
    assert np.mean(pictures) > 0.5 and np.mean(drawings) > 0.5
