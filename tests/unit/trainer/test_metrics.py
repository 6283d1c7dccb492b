"""The measures on drawn pictures whose right answers are known."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from trainer import metrics

SIDE = metrics.COMPARED_SIDE
WHITE = (255, 255, 255)
QUARTERS = ((200, 60, 60), (60, 160, 80), (70, 90, 200), (230, 200, 90))


def quarters(*colors: tuple[int, int, int]) -> np.ndarray:
    """Four equal areas with black lines between them."""
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    half = SIDE // 2
    for number, color in enumerate(colors):
        top, left = half * (number // 2), half * (number % 2)
        picture[top + 3 : top + half - 3, left + 3 : left + half - 3] = color
    return picture


def figure(color: tuple[int, int, int] = (200, 60, 60), paper: tuple[int, int, int] = WHITE) -> np.ndarray:
    """An outlined disk on paper."""
    picture = np.full((SIDE, SIDE, 3), paper, np.uint8)
    cv2.circle(picture, (256, 256), 120, color, -1)
    cv2.circle(picture, (256, 256), 120, (0, 0, 0), 4)
    return picture


def scored(output: np.ndarray, target: np.ndarray) -> metrics.RegionScore:
    regions = metrics.find_regions(target)
    return metrics.region_score(metrics.region_colors(output, regions), regions)


def test_the_same_picture_is_perfect() -> None:
    target = quarters(*QUARTERS)
    assert scored(target, target) == metrics.RegionScore(1.0, 0.0)
    assert metrics.ssim(target, target) == pytest.approx(1.0, abs=2e-4)
    assert metrics.ms_ssim(target, target) == pytest.approx(1.0, abs=2e-4)
    assert metrics.ssim_of_paper(target, target) == pytest.approx(1.0)
    assert metrics.psnr(target, target) == metrics.BEST_PSNR
    assert metrics.tinted_paper(figure(), figure(), metrics.find_regions(figure())) == 0.0


@given(st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=12, deadline=None)
def test_each_wrong_quarter_costs_a_quarter(wrong: list[bool]) -> None:
    colors = [(20, 230, 230) if bad else color for bad, color in zip(wrong, QUARTERS, strict=True)]
    result = scored(quarters(*colors), quarters(*QUARTERS))
    assert result.accuracy == pytest.approx(1.0 - sum(wrong) / 4, abs=1e-6)
    assert (result.difference > 0.0) == any(wrong)


def test_the_difference_is_the_mean_over_area() -> None:
    """Two greys apart by a known CIEDE2000 on one of four quarters."""
    target, output = quarters(*[(119, 119, 119)] * 4), quarters(*[(119, 119, 119)] * 3, (198, 198, 198))
    lab = metrics.to_lab(np.array([[[119] * 3, [198] * 3]], np.uint8))[0]
    expected = float(metrics.ciede2000(lab[0], lab[1]))
    assert 20 < expected < 35
    assert scored(output, target).difference == pytest.approx(expected / 4, abs=1e-3)


def test_white_paper_is_left_out_and_colored_paper_is_not() -> None:
    regions = metrics.find_regions(figure())
    assert regions.paper.sum() == 1
    assert scored(figure(paper=(20, 20, 200)), figure()).accuracy == 1.0
    yellow = figure(paper=(250, 240, 150))
    assert not metrics.find_regions(yellow).paper.any()
    assert scored(figure(), yellow).accuracy < 0.3


def test_a_small_white_area_is_no_paper() -> None:
    """An eye: white, but below 2 % of the picture."""
    picture = figure()
    cv2.circle(picture, (256, 256), 20, WHITE, -1)
    cv2.circle(picture, (256, 256), 20, (0, 0, 0), 3)
    regions = metrics.find_regions(picture)
    assert (len(regions.areas), regions.paper.sum()) == (3, 1)


def test_specks_are_no_regions() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[100:106, 100:106] = WHITE  # 36 pixels, 0.014 %
    picture[300:310, 300:310] = WHITE  # 100 pixels, 0.038 %
    assert metrics.find_regions(picture).areas.tolist() == [100]


def test_corners_do_not_join_regions() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[:256, :256] = picture[256:, 256:] = (90, 160, 90)
    assert len(metrics.find_regions(picture).areas) == 2


def test_a_picture_of_paper_alone_has_no_score() -> None:
    white = np.full((SIDE, 300, 3), 255, np.uint8)
    regions = metrics.find_regions(white)
    score = metrics.region_score(metrics.region_colors(white, regions), regions)
    assert np.isnan([score.accuracy, score.difference]).all()
    black = np.zeros((SIDE, 300, 3), np.uint8)
    assert np.isnan(scored(white, black).accuracy)
    assert np.isnan(metrics.tinted_paper(white, black, metrics.find_regions(black)))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_medians_are_those_of_each_region(seed: int) -> None:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (6, 5, 3), np.uint8)
    target = cv2.resize(small, (40, 48), interpolation=cv2.INTER_NEAREST)
    output = rng.integers(0, 256, target.shape, np.uint8)
    regions = metrics.find_regions(np.asarray(target, np.uint8))
    found, lab = metrics.region_colors(output, regions), metrics.to_lab(output)
    for number, area in enumerate(regions.areas, start=1):
        inside = regions.labels == number
        assert inside.sum() == area
        np.testing.assert_array_equal(found[number - 1], np.median(lab[inside], axis=0))
    score = metrics.region_score(found, regions)
    assert np.isnan(score.accuracy) or (0.0 <= score.accuracy <= 1.0 and score.difference >= 0.0)


def test_regions_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="regions are of"):
        metrics.region_colors(np.zeros((9, 9, 3), np.uint8), metrics.find_regions(figure()))


@pytest.mark.parametrize(("tint", "share"), [((240, 240, 255), 1.0), ((254, 255, 255), 0.0)])
def test_tinted_paper(tint: tuple[int, int, int], share: float) -> None:
    target = figure()
    regions = metrics.find_regions(target)
    assert metrics.tinted_paper(figure(paper=tint), target, regions) == pytest.approx(share, abs=0.001)
    half = target.copy()
    half[:, :256] = figure(paper=tint)[:, :256]
    assert metrics.tinted_paper(half, target, regions) == pytest.approx(share / 2, abs=0.01)
    assert metrics.tinted_paper(figure((10, 200, 10)), target, regions) == 0.0


def test_lines_are_no_tint() -> None:
    """Paper beside a line that another program smoothed."""
    smooth = figure()
    blurred = cv2.GaussianBlur(smooth, (3, 3), 0)
    assert metrics.tinted_paper(np.asarray(blurred, np.uint8), smooth, metrics.find_regions(smooth)) < 0.002


def test_colors_of_the_reference() -> None:
    target = quarters(*QUARTERS)
    regions = metrics.find_regions(target)
    palette = metrics.find_palette(quarters(QUARTERS[3], QUARTERS[2], (10, 220, 220), (240, 240, 240)))
    faithful = quarters(QUARTERS[2], QUARTERS[3], QUARTERS[2], (242, 240, 240))
    assert metrics.palette_share(metrics.region_colors(faithful, regions), regions, palette) == 1.0
    invented = quarters(QUARTERS[2], QUARTERS[3], (200, 30, 200), QUARTERS[2])
    assert metrics.palette_share(metrics.region_colors(invented, regions), regions, palette) == pytest.approx(0.75)


def test_light_and_shade_of_one_region_are_both_in_the_palette() -> None:
    """A soft shadow has no line, so both tones are in one region; the smaller one counts too."""
    picture = np.full((SIDE, SIDE, 3), (200, 60, 60), np.uint8)
    ramp = np.clip((np.arange(SIDE) - 300) / 80.0, 0.0, 1.0)[None, :, None]
    picture = (picture + ramp * (np.array((110, 20, 60)) - picture)).astype(np.uint8)
    assert len(metrics.find_regions(picture).areas) == 1
    shade = metrics.to_lab(np.array([[(110, 20, 60)]], np.uint8))[0, 0]
    assert metrics.ciede2000(metrics.find_palette(picture), shade).min() < 3.0


@given(st.integers(1, 3000), st.integers(1, 3000))
@settings(max_examples=30, deadline=None)
def test_fit_brings_the_longer_side_to_size(height: int, width: int) -> None:
    fitted = metrics.fit(np.zeros((height, width, 3), np.uint8), 64)
    assert max(fitted.shape[:2]) == 64
    assert min(fitted.shape[:2]) == max(1, round(min(height, width) * 64 / max(height, width)))


def test_psnr_of_a_known_error() -> None:
    target = np.full((20, 30, 3), 100, np.uint8)
    assert metrics.psnr(target + np.uint8(5), target) == pytest.approx(20 * np.log10(255 / 5))


def test_ssim_of_the_papers_code_on_two_greys() -> None:
    """Without structure only the lightness term is left: (2·100·150 + c) / (100² + 150² + c)."""
    one, two = np.full((256, 256, 3), 100, np.uint8), np.full((256, 256, 3), 150, np.uint8)
    c = (0.01 * 255) ** 2
    assert metrics.ssim_of_paper(one, two) == pytest.approx((2 * 100 * 150 + c) / (100**2 + 150**2 + c))
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 1), np.uint8).repeat(3, axis=2)
    assert metrics.ssim_of_paper(noise, 255 - noise) < -0.8


def naive_ssim(one: np.ndarray, two: np.ndarray) -> float:
    """Of two pictures as large as the window: Wang et al., Eq. 13, weighted by the 11×11 Gaussian."""
    line = np.exp(-((np.arange(11) - 5.0) ** 2) / (2 * 1.5**2))
    weight = np.outer(line, line) / line.sum() ** 2
    values = []
    for channel in range(3):
        x, y = one[..., channel] / 255.0, two[..., channel] / 255.0
        mx, my = (weight * x).sum(), (weight * y).sum()
        vx, vy, cov = (weight * x * x).sum() - mx**2, (weight * y * y).sum() - my**2, (weight * x * y).sum() - mx * my
        values.append((2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx**2 + my**2 + 1e-4) * (vx + vy + 9e-4)))
    return float(np.mean(values))


def test_ssim_has_the_standard_window() -> None:
    """In the middle of a padded picture the window holds just the picture: there the formula can be written out."""
    rng = np.random.default_rng(4)
    one, two = (rng.integers(0, 256, (11, 11, 3), np.uint8) for _ in range(2))
    wide = [functional.pad(torch.from_numpy(p), (0, 0, 5, 5, 5, 5)).numpy() for p in (one, two)]
    from torchmetrics.functional.image import structural_similarity_index_measure

    x, y = (torch.from_numpy(p.transpose(2, 0, 1)[None] / 255.0) for p in wide)
    result = structural_similarity_index_measure(x, y, sigma=1.5, data_range=1.0, return_full_image=True)
    assert isinstance(result, tuple)
    assert float(result[1][0, :, 10, 10].mean()) == pytest.approx(naive_ssim(one, two), abs=1e-5)


def test_pictures_too_narrow_have_no_ssim() -> None:
    narrow = np.zeros((SIDE, 10, 3), np.uint8)
    assert np.isnan(metrics.ssim(narrow, narrow))
    assert np.isnan(metrics.ms_ssim(narrow, narrow))
    narrow, wide = (np.zeros((SIDE, width, 3), np.uint8) for width in (175, 176))
    assert np.isnan(metrics.ms_ssim(narrow, narrow))
    assert metrics.ms_ssim(wide, wide) == pytest.approx(1.0)
