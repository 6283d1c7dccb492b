"""Drawing preparation: which pictures are line art, and what ink comes out of them."""

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import images
from engine.errors import RequestError
from engine.images import Picture
from engine.line_art.prepare import detect, prepare
from engine.line_art.xdog import gray_of, xdog

Pixels = NDArray[np.uint8]


def picture(pixels: Pixels) -> Picture:
    return Picture(np.ascontiguousarray(pixels), None, None, None, "drawing")


def lines(seed: int = 0, size: tuple[int, int] = (240, 200), black_fill: bool = True) -> Pixels:
    """A face of black strokes on white, hair partly filled with black."""
    random = np.random.default_rng(seed)
    height, width = size
    canvas = np.full((height, width), 255, dtype=np.uint8)
    middle = (width // 2, height // 2)
    cv2.ellipse(canvas, middle, (width // 3, height // 3), 0, 0, 360, 0, 2, cv2.LINE_AA)
    for _ in range(12):
        points = random.integers((10, 10), (width - 10, height - 10), (3, 2)).astype(np.int32)
        cv2.polylines(canvas, [points[:, None]], False, 0, int(random.integers(1, 4)), cv2.LINE_AA)
    if black_fill:
        cv2.ellipse(canvas, (middle[0], height // 5), (width // 6, height // 9), 0, 0, 360, 0, -1, cv2.LINE_AA)
    return np.repeat(canvas[..., None], 3, axis=2)


def colored(seed: int = 0, outlined: bool = True) -> Pixels:
    """Flat areas of several colours on white, outlined in black."""
    random = np.random.default_rng(seed)
    canvas = np.full((240, 200, 3), 255, dtype=np.uint8)
    for top, left in ((30, 40), (60, 90), (120, 50), (130, 120)):
        color = random.integers(0, 230, 3).tolist()
        corner, end = (left, top), (left + 60, top + 70)
        cv2.rectangle(canvas, corner, end, color, -1)
        if outlined:
            cv2.rectangle(canvas, corner, end, (0, 0, 0), 2)
    return canvas


def inked(pixels: Pixels, ink: tuple[int, int, int], paper: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    share = pixels / 255.0
    return np.round(share * np.array(paper) + (1.0 - share) * np.array(ink)).astype(np.uint8)


def scanned(pixels: Pixels, seed: int = 1) -> Pixels:
    """On yellowish paper, under a lamp at one corner, with grain, through a JPEG."""
    random = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    light = 1.0 - 0.25 * np.add.outer(np.linspace(0, 0.5, height), np.linspace(0, 0.5, width))
    page = (cv2.GaussianBlur(pixels, (0, 0), 0.7) * 0.85 + 38.0) * np.array([0.95, 0.92, 0.8]) * light[..., None]
    page += random.normal(0.0, 2.5, (height, width, 1))
    data = cv2.imencode(".jpg", np.clip(page, 0, 255).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1].astype(np.uint8)


def pencil(pixels: Pixels) -> Pixels:
    grain = cv2.GaussianBlur(np.random.default_rng(2).normal(0.0, 1.0, pixels.shape[:2]), (0, 0), 0.8)
    mark = (1.0 - pixels / 255.0) * np.clip(0.5 + 0.25 * grain, 0.1, 1.0)[..., None]
    return np.round(255.0 * (1.0 - mark)).astype(np.uint8)


def gray_tones(pixels: Pixels) -> Pixels:
    return np.repeat(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)[..., None], 3, axis=2)


def photograph() -> Pixels:
    noise = np.random.default_rng(3).normal(0.0, 1.0, (240, 200))
    tones = sum(cv2.GaussianBlur(noise, (0, 0), width) * width for width in (3, 9, 27))
    scaled = cv2.normalize(np.asarray(tones), None, 10, 245, cv2.NORM_MINMAX)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return np.repeat(scaled.astype(np.uint8)[..., None], 3, axis=2)


LINE_ART: dict[str, Callable[[Pixels], Pixels]] = {
    "clean": lambda pixels: pixels,
    "one bit": lambda pixels: np.where(pixels > 127, 255, 0).astype(np.uint8),
    "scan": scanned,
    "pencil": pencil,
    "pencil scan": lambda pixels: scanned(pencil(pixels)),
    "blue pencil": lambda pixels: inked(pixels, (120, 160, 240)),
    "blue pencil scan": lambda pixels: scanned(inked(pixels, (60, 110, 220))),
    "sepia ink": lambda pixels: inked(pixels, (110, 65, 30)),
    "cream paper": lambda pixels: inked(pixels, (20, 20, 30), (250, 240, 210)),
    "white on black": lambda pixels: 255 - pixels,
    "white on blue": lambda pixels: inked(pixels, (240, 245, 250), (30, 60, 150)),
}
COLOR: dict[str, Callable[[Pixels], Pixels]] = {
    "clean": lambda pixels: pixels,
    "pale": lambda pixels: (255.0 - (255.0 - pixels) * 0.4).astype(np.uint8),
    "scan": scanned,
    "grey": gray_tones,
}


@pytest.mark.parametrize("kind", LINE_ART)
@pytest.mark.parametrize("seed", range(3))
def test_line_art_is_told(kind: str, seed: int) -> None:
    # A light drawing on dark is taken for one only while what is light is thin.
    drawn = lines(seed, black_fill=not kind.startswith("white"))
    assert detect(picture(LINE_ART[kind](drawn))) == "line_art"


@pytest.mark.parametrize("kind", COLOR)
@pytest.mark.parametrize("outlined", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_color_is_told(kind: str, outlined: bool, seed: int) -> None:
    assert detect(picture(COLOR[kind](colored(seed, outlined)))) == "color"


def test_a_gray_photograph_needs_extraction() -> None:
    assert detect(picture(photograph())) == "color"


def test_a_small_colored_figure_on_a_large_white_page() -> None:
    page = np.full((900, 900, 3), 255, dtype=np.uint8)
    page[100:340, 100:300] = colored(1)
    assert detect(picture(page)) == "color"


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31))
def test_detect_answers_for_any_size(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)
    assert detect(picture(pixels)) in ("line_art", "color")


def data_pictures(pattern: str) -> list[Path]:
    root = os.environ.get("NURIE_DATA")
    return sorted(Path(root).glob(pattern)) if root else []


@pytest.mark.skipif("NURIE_DATA" not in os.environ, reason="NURIE_DATA names no folder of pictures")
@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("pairs/line/*.png", "line_art"), ("train/*.webp", "color"), ("pairs/color/*.webp", "color")],
)
def test_real_pictures(pattern: str, kind: str) -> None:
    paths = data_pictures(pattern)
    some = paths[:: max(1, len(paths) // 60)]
    right = [detect(images.read(path)) == kind for path in some]
    assert sum(right) >= 0.95 * len(right)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(30, 120), st.integers(30, 120))
def test_a_clean_drawing_passes_bit_for_bit(seed: int, height: int, width: int) -> None:
    drawn = lines(seed, (height, width), black_fill=False)
    result = prepare(picture(drawn), "ink")
    assert not result.extracted
    assert result.size == (height, width)
    assert result.ink.dtype == np.float32
    assert np.array_equal(result.ink, drawn[..., 0].astype(np.float32) / np.float32(255.0))


def test_pencil_on_white_keeps_its_grays() -> None:
    drawn = pencil(lines())
    assert np.array_equal(prepare(picture(drawn)).ink, gray_of(drawn))


def test_transparent_paper() -> None:
    drawn = lines(4)[..., 0]
    pixels = np.dstack((np.zeros((*drawn.shape, 3), dtype=np.uint8), 255 - drawn))
    data = cv2.imencode(".png", pixels)[1].tobytes()
    result = prepare(images.read_bytes(data, "layer.png"))
    assert not result.extracted
    assert np.array_equal(result.ink, drawn.astype(np.float32) / np.float32(255.0))


@pytest.mark.parametrize("kind", ["scan", "pencil scan", "blue pencil scan", "cream paper"])
def test_a_scan_loses_its_paper(kind: str) -> None:
    drawn = lines(6)
    result = prepare(picture(LINE_ART[kind](drawn)))
    assert not result.extracted
    assert result.ink.min() == 0.0
    assert result.ink.max() == 1.0
    far_from_lines = cv2.erode(drawn[..., 0], np.ones((9, 9), dtype=np.uint8)) == 255
    assert np.mean(result.ink[far_from_lines] == 1.0) > 0.9
    assert result.ink[far_from_lines].min() > 0.75
    # The hearts of the lines are dark, all over the page.
    hearts = cv2.dilate(drawn[..., 0], np.ones((3, 3), dtype=np.uint8)) == 0
    assert np.median(result.ink[hearts]) < 0.35


def test_a_shadow_too_steep_for_the_fit_goes_as_well() -> None:
    drawn = lines(7, (400, 300))
    fold = 1.0 - 0.14 * np.exp(-((np.arange(300) - 200) ** 2) / (2 * 12.0**2))
    page = np.round(drawn * fold[None, :, None] * 0.97).astype(np.uint8)
    ink = prepare(picture(page), "ink").ink
    far_from_lines = cv2.erode(drawn[..., 0], np.ones((9, 9), dtype=np.uint8)) == 255
    assert np.percentile(ink[far_from_lines], 2) > 0.9


def test_white_on_black_is_inverted() -> None:
    drawn = lines(8, black_fill=False)
    assert np.array_equal(prepare(picture(255 - drawn)).ink, gray_of(drawn))


def with_trace(pixels: Pixels) -> Pixels:
    """With a red line across, where the paper is white."""
    band = pixels[100:103]
    band[band[..., 0] > 128] = (255, 0, 0)
    return pixels


def test_trace_lines_bound_regions_and_are_not_in_the_line_layer() -> None:
    plain = lines(black_fill=False)
    traced = prepare(picture(with_trace(plain.copy())), "ink")
    assert traced.outline is not None
    assert traced.layer is traced.outline
    assert float(traced.ink[101].max()) < 0.5
    assert float(np.abs(traced.layer - plain[..., 0] / 255.0).mean()) < 0.003  # but for ends of lines beside it
    clean = prepare(picture(plain), "ink")
    assert clean.outline is None
    assert clean.layer is clean.ink


def test_red_strokes_on_black_paper_are_lines() -> None:
    drawn = with_trace(lines(black_fill=False))
    black = np.where((drawn == drawn[..., :1]).all(axis=2)[..., None], 255 - drawn, drawn)
    result = prepare(picture(black), "ink")
    assert result.ink[0, 0] == 1.0
    assert float(result.layer[101].max()) < 0.8


def test_a_mostly_black_drawing_is_not_inverted() -> None:
    drawn = lines(8)
    drawn[:130] = 0
    drawn[20:110, 20:180] = 255
    assert np.array_equal(prepare(picture(drawn), "ink").ink, gray_of(drawn))


@pytest.mark.parametrize("sharp", [True, False])
def test_extraction_is_xdog(sharp: bool) -> None:
    pixels = colored(2)
    for mode in ("auto", "extract"):
        result = prepare(picture(pixels), mode, 0.35, sharp)
        assert result.extracted
        assert np.array_equal(result.ink, xdog(gray_of(pixels), 0.35, sharp))


def test_modes_are_obeyed() -> None:
    assert prepare(picture(lines()), "extract").extracted
    assert not prepare(picture(colored()), "ink").extracted


@pytest.mark.parametrize("sigma", [0.29, 0.51, 0.0, -1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("mode", ["ink", "extract"])
def test_sigma_out_of_range(mode: str, sigma: float) -> None:
    with pytest.raises(RequestError, match=r"0\.30 to 0\.50"):
        prepare(picture(lines()), "ink" if mode == "ink" else "extract", sigma)


@pytest.mark.parametrize("tone", [255, 250, 128, 0])
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (200, 300)])
@pytest.mark.parametrize("sharp", [True, False])
def test_an_empty_page_has_no_lines(tone: int, size: tuple[int, int], sharp: bool) -> None:
    page = picture(np.full((*size, 3), tone, dtype=np.uint8))
    for mode in ("auto", "ink", "extract"):
        with pytest.raises(RequestError, match="no lines"):
            prepare(page, mode, sharp=sharp)


def test_a_scanned_empty_page_has_no_lines() -> None:
    with pytest.raises(RequestError, match="no lines"):
        prepare(picture(scanned(np.full((300, 240, 3), 255, dtype=np.uint8))))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31))
def test_any_picture_gives_ink_or_says_there_is_none(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (height, width, 3)).astype(np.uint8)
    for mode in ("ink", "extract"):
        try:
            ink = prepare(picture(pixels), mode).ink
        except RequestError:
            continue
        assert ink.shape == (height, width)
        assert np.isfinite(ink).all()
        assert 0.0 <= ink.min() <= ink.max() <= 1.0
