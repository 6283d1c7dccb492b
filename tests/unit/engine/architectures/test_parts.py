"""Parts of references, tokens, the network that matches them, and the matcher that ships."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import checkpoint, model_catalog, model_loading
from engine.architectures.parts import COLORS, FEATURES, GEOMETRY, PAIR, PartsConfig, PartsHead, PartsMatcher, Tokens
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.swatches import find_swatches, with_paper
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import CheckpointError
from engine.line_art.regions import find_regions
from engine.matching.matcher import Matcher
from engine.matching.parts import find_parts
from engine.matching.tokens import of_canvas, on_canvas
from engine.palette import Palette, Swatch
from engine.request import Reference
from tests.finishing import BLUE, RED, SKIN, WHITE, ellipses, in_rooms, rooms
from trainer.drawn_characters import draw

PALETTE = Palette((Swatch("red", RED), Swatch("blue", BLUE), Swatch("skin", SKIN), Swatch("Paper", WHITE)))


def test_parts_are_pieces_of_a_swatch_and_the_paper_is_one() -> None:
    ink = rooms(4)
    parts = find_parts(Reference(in_rooms(ink, [RED, BLUE, RED, SKIN])), ink, PALETTE)
    middles = [parts.labels[30, 30 + 40 * room] for room in range(4)]
    assert len({*middles, parts.labels[2, 2]}) == 5
    assert [parts.swatch[label - 1] for label in middles] == [0, 1, 0, 2]
    assert parts.swatch[parts.labels[2, 2] - 1] == 3
    assert parts.labels.min() == 1


def test_what_is_masked_out_has_no_part() -> None:
    ink = rooms(3)
    mask = np.ones(ink.shape, np.bool_)
    mask[:, 50:] = False
    parts = find_parts(Reference(in_rooms(ink, [RED, BLUE, SKIN]), mask), ink, PALETTE)
    assert not parts.labels[:, 50:].any()
    assert 1 not in parts.swatch
    assert not parts.content[:, 50:].any()


def test_of_too_many_parts_every_swatch_keeps_its_largest() -> None:
    ink = rooms(4)
    parts = find_parts(Reference(in_rooms(ink, [RED, BLUE, RED, SKIN])), ink, PALETTE, most=1)
    assert sorted(parts.swatch) == [0, 1, 2, 3]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(40, 300), st.integers(40, 300))
def test_every_region_becomes_a_token(seed: int, height: int, width: int) -> None:
    ink = ellipses(seed, height, width)
    regions = find_regions(ink)
    side = of_canvas(on_canvas(ink, regions.labels, np.ones(ink.shape, np.bool_), 96))
    count = len(side.ids)
    assert sorted(side.ids) == list(range(1, regions.count + 1))
    assert side.geometry.shape == (count, GEOMETRY)
    assert np.isfinite(side.geometry).all()
    np.testing.assert_allclose(side.inside.sum(axis=1), 1.0, atol=1e-4)
    assert (side.border >= 0.0).all()
    assert side.area.sum() == 96 * 96


def tokens(rng: np.random.Generator, count: int, *, known: bool) -> Tokens:
    """Random tokens of one side."""

    def some(*shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.random((1, count, *shape), np.float32))

    extra = {"colors": some(COLORS), "picture": some(FEATURES), "source": torch.zeros(1, count, dtype=torch.long)}
    here = torch.ones(1, count, dtype=torch.bool)
    return Tokens(some(FEATURES), some(GEOMETRY), some(count), some(count), here, **(extra if known else {}))


def padded(side: Tokens, more: int) -> Tokens:
    """The same with padding that is full of nonsense."""

    def wider(name: str, value: torch.Tensor | None) -> torch.Tensor | None:
        if value is None:
            return None
        square = name in ("border", "distance")
        pads = (0, more, 0, more) if square else (0, more) if value.dim() == 2 else (0, 0, 0, more)
        return torch.nn.functional.pad(value, pads, value=False if name == "here" else 3)

    return Tokens(**{name: wider(name, value) for name, value in side._asdict().items()})  # type: ignore[arg-type]


def test_padding_and_the_order_of_parts_change_nothing() -> None:
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    head = PartsHead(PartsConfig(width=16, heads=2)).eval()
    drawing, parts = tokens(rng, 5, known=False), tokens(rng, 7, known=True)
    pairs = torch.from_numpy(rng.random((1, 5, 7, PAIR), np.float32))
    plain = head(drawing, parts, pairs).softmax(-1)
    wide = head(padded(drawing, 3), padded(parts, 2), torch.nn.functional.pad(pairs, (0, 0, 0, 2, 0, 3), value=3.0))
    found = wide.softmax(-1)[:, :5]
    torch.testing.assert_close(torch.cat([found[..., :7], found[..., -1:]], -1), plain, atol=1e-5, rtol=1e-4)
    turned = torch.arange(6, -1, -1)
    moved = {
        name: value[:, turned][..., turned] if name in ("border", "distance") else value[:, turned]
        for name, value in parts._asdict().items()
        if value is not None
    }
    other = head(drawing, Tokens(**moved), pairs[:, :, turned]).softmax(-1)
    torch.testing.assert_close(other[..., :7][..., turned], plain[..., :7], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("wrong", [{"side": 100}, {"width": 30}, {"dropout": 1.0}, {"calibration": (1.0,)}])
def test_a_config_that_builds_nothing_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="must be"):
        PartsConfig(**wrong)


@pytest.fixture(scope="module")
def colorizer() -> ReferenceColorizer:
    """The one that ships, with its matcher."""
    colorizer = model_loading.load_colorizer(model_catalog.find().path, "cpu")
    assert isinstance(colorizer, ReferenceColorizer)
    return colorizer


def right_share(
    matcher: Matcher, colorizer: ReferenceColorizer, references: list[Reference], character: int, pose: int
) -> float:
    """Area of the regions whose likeliest swatch is near the true color; the guess is no help, white everywhere."""
    drawing = draw(character, pose, 256)
    ink = drawing.line.astype(np.float32) / np.float32(255)
    regions = find_regions(ink)
    palette = with_paper(find_swatches(references))
    voted = np.full((regions.count, 3), 255, np.uint8)
    matched = matcher.match(ink, regions, references, palette, voted, 0.4, colorizer.see)
    np.testing.assert_allclose(matched.shares.sum(axis=1), 1.0, atol=1e-4)
    truth = np.stack(
        [np.median(drawing.flats[(regions.labels == n + 1) & (ink > 0.5)], axis=0) for n in range(regions.count)]
    )
    colors = palette.colors()[matched.shares.argmax(axis=1)]
    right = ciede2000(to_lab(truth.astype(np.uint8)), to_lab(colors)) <= 10.0
    return float(regions.areas[right].sum() / regions.areas.sum())


def test_the_shipped_matcher_finds_a_drawing_in_itself(colorizer: ReferenceColorizer) -> None:
    path = model_catalog.matcher()
    assert path is not None
    matcher = model_loading.load_matcher(path)
    own = Reference(draw(77_001, 1, 256).color)
    other = Reference(draw(77_002, 5, 256).color)
    alone = right_share(matcher, colorizer, [own], 77_001, 1)
    assert alone > 0.85
    assert right_share(matcher, colorizer, [replace(other, weight=0.1), own], 77_001, 1) > alone - 0.15


def test_a_model_that_colors_is_no_matcher(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="matches parts"):
        model_loading.load_matcher(model_catalog.find().path)


def test_the_matcher_is_found_and_is_no_model_to_color_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert model_catalog.MATCHER not in [entry.name for entry in model_catalog.installed()]
    monkeypatch.setitem(model_catalog._folders, "user", tmp_path)
    monkeypatch.setattr(model_catalog, "bundled_folder", lambda: tmp_path / "nothing")
    assert model_catalog.matcher() is None
    config = PartsConfig(side=64, width=8, heads=1, layers=1)
    info = checkpoint.CheckpointInfo("parts", {"side": 64, "width": 8, "heads": 1, "layers": 1}, "tiny")
    checkpoint.save(tmp_path / "nurie-parts.safetensors", PartsMatcher(config).state_dict(), info)
    path = model_catalog.matcher()
    assert path is not None and path == tmp_path / "nurie-parts.safetensors"
    assert model_catalog.installed() == []
    beside = model_loading.load_matcher(tmp_path / "nurie-parts.safetensors")
    assert beside.config == config
    shipped = model_catalog.ModelEntry("any", Path("any"), True, checkpoint.CheckpointInfo("sga", {}, "any"))
    assert shipped.parts_sha256() == beside.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_a_matcher_nothing_is_told(colorizer: ReferenceColorizer) -> None:
    from engine.request import ColorizeRequest, LineArt

    ink = rooms(2)
    bare = ReferenceColorizer.__new__(ReferenceColorizer)
    bare._matcher = None
    request = ColorizeRequest(LineArt(ink), (Reference(in_rooms(ink, [RED, BLUE])),))
    regions = find_regions(ink)
    voted = np.full((regions.count, 3), 255, np.uint8)
    assert bare.match_parts(request, regions, PALETTE, voted) is None
    assert colorizer.match_parts(request, regions, PALETTE, voted) is not None
