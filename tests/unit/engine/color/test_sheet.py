"""Reference sheets are cut into their figures; what is laid beside them gives no colors; all else stays whole."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import sheet
from engine.color.swatches import find_swatches
from engine.request import ColorizeRequest, LineArt, Reference
from tests import figures as drawing
from tests import sheets
from tests.sheets import FILLS, LIME, PINK, Sheet

SIZE = 620, 1000
CHIPS = [*FILLS.values(), LIME]


def two(base: Sheet | None = None, figure: sheets.Pixels | None = None) -> Sheet:
    figure = sheets.simple() if figure is None else figure
    smaller = np.asarray(cv2.resize(figure, None, fx=0.85, fy=0.85, interpolation=cv2.INTER_NEAREST), np.uint8)
    return sheets.in_row(base or sheets.plain(SIZE), [figure, smaller], top=110, space=80)


def furnished(base: Sheet | None = None, figure: sheets.Pixels | None = None) -> Sheet:
    made = sheets.with_chips(sheets.with_band(two(base, figure)), CHIPS, 860, 100)
    made = sheets.with_text(made, "front", 120, 560)
    return sheets.with_text(made, "do not repost", 20, 605, (30, 90, 200))


def colors_of(references: tuple[Reference, ...]) -> set[tuple[int, int, int]]:
    return {swatch.color for swatch in find_swatches(references).swatches}


def near(color: tuple[int, int, int], colors: set[tuple[int, int, int]]) -> bool:
    return any(max(abs(a - b) for a, b in zip(color, other, strict=True)) < 24 for other in colors)


def grounds() -> dict[str, Callable[[], Sheet]]:
    black = sheets.plain(SIZE, (0, 0, 0))
    return {
        "white": furnished,
        "colored": lambda: furnished(sheets.plain(SIZE, (95, 120, 150))),
        "gradient": lambda: furnished(sheets.gradient(SIZE)),
        "transparent": lambda: sheets.transparent(furnished()),
        "off-white": lambda: furnished(sheets.plain(SIZE, (244, 240, 228))),
        "black": lambda: furnished(black, sheets.simple(lines=(250, 250, 240))),
    }


@pytest.mark.parametrize("ground", grounds())
def test_a_sheet_is_cut_into_its_figures(ground: str) -> None:
    cut = sheet.cut(grounds()[ground]().reference())
    assert cut.is_sheet and len(cut.figures) == 2
    assert cut.aside is not None and cut.aside["band"] == 1 and cut.aside["chip"] == len(CHIPS)
    for one in cut.figures:
        found = colors_of((one,))
        assert all(near(color, found) for color in FILLS.values()), found
        assert not near(PINK, found) and not near(LIME, found)
        assert not near((95, 120, 150), found), "the ground is no color of the figure"


@pytest.mark.parametrize("ground", grounds())
def test_every_pixel_is_of_one_figure_or_set_aside(ground: str) -> None:
    made = grounds()[ground]()
    reference = made.reference()
    found = sheet._sheet_of(reference)
    assert found is not None
    height, width = found.labels.shape
    owner = cv2.resize(made.owner.astype(np.int16), (width, height), interpolation=cv2.INTER_NEAREST)
    for number in (1, 2):
        assert (found.labels[owner == number] == number).mean() > 0.97
    assert (found.labels[owner == -1] > 0).mean() < 0.01
    for number, one in enumerate(sheet.cut(reference).figures, 1):
        whole = (made.pixels != 255).any(axis=2) & (made.owner == number)
        assert int((one.pixels != 255).any(axis=2).sum()) == pytest.approx(int(whole.sum()), rel=0.04)


@pytest.mark.parametrize("kind", ["outlined", "plain", "round"])
def test_chips_of_all_kinds_are_set_aside(kind: str) -> None:
    cut = sheet.cut(sheets.with_chips(two(), CHIPS, 860, 100, kind=kind).reference())
    assert cut.aside is not None and cut.aside["chip"] == len(CHIPS)
    assert set(CHIPS) == set(cut.figures[0].chips)


def test_chips_in_a_strip_are_set_aside() -> None:
    cut = sheet.cut(sheets.with_strip(two(), CHIPS, 700, 560).reference())
    assert cut.aside is not None and cut.aside["chip"] == len(CHIPS)
    assert len(cut.figures) == 2 and not near(LIME, colors_of(cut.figures))


def test_frames_around_poses_are_set_aside() -> None:
    made = two()
    for number in (1, 2):
        rows, columns = np.nonzero(made.owner == number)
        x, y = int(columns.min()) - 20, int(rows.min()) - 20
        made = sheets.with_frame(made, x, y, int(np.ptp(columns)) + 40, int(np.ptp(rows)) + 40)
    for one in (made, sheets.transparent(made)):
        cut = sheet.cut(one.reference())
        assert len(cut.figures) == 2 and cut.aside is not None and cut.aside["frame"] == 2


def test_a_chip_is_a_swatch_of_exactly_its_color_where_the_figure_has_it() -> None:
    off = {part: (r + 4, g + 3, b) for part, (r, g, b) in FILLS.items()}
    figure = sheets.simple(off)
    eye = 150 - 60, 70  # too small to be a swatch by itself
    cv2.circle(figure, eye, 3, (20, 200, 220, 255), -1)
    made = sheets.in_row(sheets.plain(SIZE), [figure, figure], top=110, space=80)
    made = sheets.with_chips(made, [*FILLS.values(), (20, 200, 220), LIME], 860, 60)
    found = colors_of(sheet.figures_of([made.reference()]))
    assert set(FILLS.values()) <= found
    assert (20, 200, 220) in found and LIME not in found
    assert all(swatch.name for swatch in find_swatches(sheet.figures_of([made.reference()])).swatches)


def test_white_clothes_on_white_stay_with_their_figure() -> None:
    white = FILLS | {"shirt": (255, 255, 255)}
    figure = sheets.simple(white)
    made = sheets.with_band(sheets.in_row(sheets.plain(SIZE), [figure, figure], top=110, space=80))
    cut = sheet.cut(made.reference())
    assert len(cut.figures) == 2
    assert all((255, 255, 255) in colors_of((one,)) for one in cut.figures)
    masked = sheet.cut(sheets.transparent(made).reference())
    assert len(masked.figures) == 2
    for one in masked.figures:
        assert one.figure is not None and one.figure.shape == one.pixels.shape[:2]
        white_cloth = one.figure & (one.pixels == 255).all(axis=2)
        assert white_cloth.mean() > 0.1


def loose() -> dict[str, Callable[[], Sheet]]:
    figure = sheets.simple()

    def hat() -> Sheet:
        """The hat floats over the head."""
        top, rest = figure[:46], figure[52:]
        made = sheets.with_figure(sheets.plain((520, 420)), top, 100, 40)
        return sheets.with_figure(made, rest, 100, 110)

    def sword() -> Sheet:
        made = sheets.with_figure(sheets.plain((520, 520)), figure, 60, 60)
        blade = np.zeros((300, 20, 4), np.uint8)
        blade[:] = (150, 160, 170, 255)
        blade[220:] = (120, 70, 30, 255)
        return sheets.with_figure(made, blade, 340, 100)

    def sparks() -> Sheet:
        made = sheets.with_figure(sheets.plain((520, 520)), figure, 150, 60)
        for number in range(6):
            spark = np.zeros((16, 16, 4), np.uint8)
            cv2.circle(spark, (8, 8), 7, (240, 200, 40, 255), -1)
            made = sheets.with_figure(made, spark, 40 + 70 * number, 30 + 61 * (number % 3))
        return made

    def single() -> Sheet:
        return sheets.with_figure(sheets.plain((520, 420)), figure, 100, 60)

    def scene() -> Sheet:
        rng = np.random.default_rng(1)
        noise = rng.integers(0, 255, (520, 420, 3)).astype(np.uint8)
        return Sheet(np.asarray(cv2.blur(noise, (9, 9)), np.uint8), np.zeros((520, 420), np.int32))

    def blank() -> Sheet:
        return sheets.plain((300, 300))

    return {"hat": hat, "sword": sword, "sparks": sparks, "single": single, "scene": scene, "blank": blank}


@pytest.mark.parametrize("kind", loose())
def test_one_figure_stays_whole(kind: str) -> None:
    for made in (loose()[kind](), sheets.transparent(loose()[kind]())):
        if made.alpha is not None and not made.alpha.any():
            continue
        reference = made.reference()
        assert sheet.cut(reference).figures == (reference,)
        assert not sheet.notes([reference])


@pytest.mark.parametrize("character", range(8))
def test_single_drawings_are_no_sheets_and_rows_of_them_are(character: int) -> None:
    poses = [sheets.drawn(character, pose, 300) for pose in range(3)]
    width = sum(one.shape[1] for one in poses) + 160
    row = sheets.in_row(sheets.plain((400, width)), poses, top=50)
    cut = sheet.cut(row.reference())
    assert len(cut.figures) in (1, 3), "all or nothing"
    for one in poses:
        alone = sheets.in_row(sheets.plain((400, one.shape[1] + 60)), [one], top=50).reference()
        assert sheet.cut(alone).figures == (alone,)


def test_one_figure_with_a_band_is_without_it() -> None:
    made = sheets.with_band(sheets.in_row(sheets.plain(SIZE), [sheets.simple()], top=110))
    cut = sheet.cut(made.reference())
    assert len(cut.figures) == 1 and cut.is_sheet
    assert not near(PINK, colors_of(cut.figures))


def test_what_was_done_is_said() -> None:
    (note,) = sheet.notes([furnished().reference()])
    assert note.startswith("sheet.png was cut into its 2 figures; set aside: a title band, 6 color chips")
    assert "--sheet off" in note and not sheet.notes([furnished().reference()], "off")


def test_a_person_may_want_one_picture() -> None:
    reference = furnished().reference()
    whole = Reference(reference.pixels, name=reference.name, whole=True)
    assert sheet.cut(whole).figures == (whole,)
    line = LineArt(np.ones((8, 8), np.float32))
    assert len(sheet.figures_for(ColorizeRequest(line, (reference,)))) == 2
    assert sheet.figures_for(ColorizeRequest(line, (reference,), sheet="off")) == (reference,)


def test_weight_and_mask_go_with_the_figures() -> None:
    made = two()
    mask = np.ones(made.owner.shape, np.bool_)
    mask[: made.owner.shape[0] // 2, :40] = False
    reference = Reference(made.pixels, mask, "sheet.png", 0.5)
    for one in sheet.cut(reference).figures:
        assert one.weight == 0.5 and one.name == "sheet.png" and one.mask is not None
        assert one.mask.shape == one.pixels.shape[:2]


def test_the_answer_is_kept_and_forgotten_with_its_reference() -> None:
    before = len(sheet._known)
    reference = furnished().reference()
    assert sheet.cut(reference) is sheet.cut(reference)
    del reference
    assert len(sheet._known) == before


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 180), st.integers(0, 180), st.integers(1, 90), st.integers(1, 90),
            st.tuples(*[st.integers(0, 255)] * 3), st.booleans(),
        ),
        max_size=14,
    ),
    st.booleans(),
    st.integers(20, 200),
    st.integers(20, 200),
)  # fmt: skip
def test_any_picture_is_cut_into_disjoint_figures_or_left(
    shapes: list[tuple[int, int, int, int, tuple[int, int, int], bool]], masked: bool, height: int, width: int
) -> None:
    pixels = np.full((height, width, 3), 255, np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    for x, y, wide, high, color, is_round in shapes:
        for target, value in ((pixels, color), (alpha, 255)):
            if is_round:
                cv2.ellipse(target, (x, y), (wide // 2 + 1, high // 2 + 1), 0, 0, 360, value, -1)
            else:
                cv2.rectangle(target, (x, y), (x + wide, y + high), value, -1)
    figure = alpha > 0 if masked and alpha.any() else None
    reference = Reference(pixels, figure=figure)
    found = sheet._sheet_of(reference)
    cut = sheet.cut(reference)
    if found is None:
        assert cut.figures == (reference,)
        return
    assert set(np.unique(found.labels)) <= {-1, 0, *range(1, found.figures + 1)}
    assert len(cut.figures) == found.figures
    for one in cut.figures:
        assert one.pixels.size and (one.figure is None or one.figure.shape == one.pixels.shape[:2])
        colors = {tuple(color) for color in np.unique(one.pixels.reshape(-1, 3), axis=0).tolist()}
        assert colors <= {(255, 255, 255), *(tuple(color) for *_, color, _ in shapes)}


@pytest.mark.parametrize("quality", [60, 85, 95])
def test_a_sheet_through_a_jpeg(quality: int) -> None:
    pixels = drawing.compressed(furnished().pixels, quality)
    cut = sheet.cut(Reference(pixels, name="sheet.jpg"))
    assert len(cut.figures) == 2
    assert not near(PINK, colors_of(cut.figures)) and not near(LIME, colors_of(cut.figures))
