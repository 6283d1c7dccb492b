"""Samples, batches and the training of the network that matches parts."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.architectures.lite_backbone import LiteBackbone
from engine.architectures.parts import FEATURES, GEOMETRY, PartsConfig
from engine.errors import PictureError, TrainingError
from trainer import calibration, characters3d, evaluation
from trainer.drawn_characters import draw, draw_washed
from trainer.parts import KINDS, backbone_weights, scores
from trainer.parts import __main__ as command
from trainer.parts import samples as parts_samples
from trainer.parts.batches import Draws, batch_of, matches_of
from trainer.parts.samples import Couple, Piece, Samples
from trainer.parts.training import PartsTraining, Run, judged, load_matches

COLORS = np.array([[50, 60, 40], [60, -50, 30], [30, 10, -60], [80, 5, 60]], np.float32)


def a_character(seed: int) -> Samples:
    """Two drawings and two references with four parts each; what is alike in features is alike in color."""
    rng = np.random.default_rng(seed)
    looks = rng.normal(0.0, 1.0, (4, FEATURES)).astype(np.float32)

    def piece(**rest: np.ndarray) -> Piece:
        features = (looks + rng.normal(0.0, 0.1, looks.shape)).astype(np.float16)
        geometry = rng.random((4, GEOMETRY), np.float32)
        area = rng.integers(100, 900, 4).astype(np.float32)
        return Piece(features, geometry, np.zeros((4, 4), np.float16), rng.random((4, 2), np.float32), area, **rest)

    drawings = [piece(truth=COLORS.copy(), pure=np.ones(4, np.float32)) for _ in range(2)]
    share = np.full(4, 0.1, np.float32)
    picture = np.full((4, FEATURES), 0.5, np.float16)
    references = [piece(lab=COLORS.copy(), share=share, swatch=np.arange(4), picture=picture) for _ in range(2)]
    even = np.full((4, 4), 0.25, np.float16)
    couples = [
        Couple(d, r, even, np.full((4, 3), 50.0 if r == 0 else np.nan, np.float16)) for d in range(2) for r in range(2)
    ]
    return Samples(drawings, references, couples)


def small(steps: int, **rest: object) -> PartsTraining:
    network = PartsConfig(side=64, width=16, heads=2, layers=1, dropout=0.1)
    return PartsTraining(network=network, shares={"drawn": 1.0}, steps=steps, batch=4, **rest)  # type: ignore[arg-type]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    for number in range(6):
        parts_samples.save(tmp_path / "cache" / "drawn" / f"drawn_{number:05d}.0.npz", a_character(number))
    parts_samples.save(tmp_path / "cache" / "drawn" / "drawn_00861.0.npz", a_character(99))
    return tmp_path / "cache"


def test_samples_come_back_as_they_were(cache: Path) -> None:
    path = cache / "drawn" / "drawn_00000.0.npz"
    made, read = a_character(0), parts_samples.load(path)
    assert len(read.couples) == len(made.couples)
    for one, other in zip(made.drawings + made.references, read.drawings + read.references, strict=True):
        for name, value in vars(one).items():
            np.testing.assert_array_equal(value, getattr(other, name))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(TrainingError, match="damaged"):
        parts_samples.load(path)


def test_held_out_characters_are_not_learned_from(cache: Path) -> None:
    learned, held = load_matches(cache)
    assert {match.name for match in held} == {"drawn_00861"}
    assert len(learned) == 6 * 4
    with pytest.raises(TrainingError, match="no samples"):
        load_matches(cache / "drawn")


def test_it_learns_and_can_be_stopped_and_resumed_bit_for_bit(cache: Path, tmp_path: Path) -> None:
    learned, _ = load_matches(cache)
    losses: list[float] = []
    whole = Run(small(60), learned)
    before = scores.by_group(judged(whole.head, learned))["all"]
    assert whole.advance(on_step=lambda _, loss: losses.append(loss))
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])
    assert scores.by_group(judged(whole.head, learned))["all"] > before + 0.2

    class Enough(Exception):
        pass

    def stop_at_23(step: int, _loss: float) -> None:
        if step == 23:
            raise Enough

    part = Run(small(60), learned, tmp_path / "run")
    with pytest.raises(Enough):
        part.advance(on_step=stop_at_23)
    assert not part.advance(minutes=0.0)  # writes the state
    again = Run(small(60), learned, tmp_path / "run")
    assert again.step == part.step
    again.advance()
    for name, value in whole.head.state_dict().items():
        assert bool((value == again.head.state_dict()[name]).all())
    with pytest.raises(TrainingError, match="other settings"):
        Run(small(61), learned, tmp_path / "run")


def test_a_batch_depends_on_its_number_alone(cache: Path) -> None:
    learned, _ = load_matches(cache)
    one, other = (Draws(learned, {"drawn": 1.0}, 4, 7) for _ in range(2))
    one(3)
    for first, second in zip(one(9), other(9), strict=True):
        values = zip(first, second, strict=True) if isinstance(first, tuple) else [(first, second)]
        assert all(a is b or bool(np.array_equal(np.asarray(a), np.asarray(b))) for a, b in values)


@pytest.mark.parametrize("kind", KINDS)
def test_an_ablation_keeps_one_thing_from_the_network(cache: Path, kind: str) -> None:
    whole, less = (batch_of(load_matches(cache, without)[0][:3], None) for without in ((), (kind,)))
    as_array = np.asarray
    changed = {
        "features": bool((whole.drawing.features != less.drawing.features).any()) and not less.parts.features.any(),
        "picture": bool(as_array(whole.parts.picture).any()) and not as_array(less.parts.picture).any(),
        "attention": bool((whole.pairs[..., 0] != less.pairs[..., 0]).any()) and not less.pairs[..., 0].any(),
        "guess": bool((whole.pairs[..., 1:] != less.pairs[..., 1:]).any()) and not less.pairs[..., 1:].any(),
    }
    assert [name for name, is_so in changed.items() if is_so] == [kind]


def test_an_ablation_publishes_nothing(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(tmp_path / name) for name in ("run", "model.safetensors", "backbone.safetensors")]
    words = ["train", "--samples", str(cache), "--output", files[0], "--publish", files[1], "--backbone", files[2]]
    assert command.main([*words, "--without", "guess"]) == 2
    assert "leave out --publish" in capsys.readouterr().err


def test_a_true_certainty_needs_no_calibration_and_a_boast_does() -> None:
    rng = np.random.default_rng(1)
    sure = rng.uniform(0.05, 0.95, 4000).astype(np.float32)
    (match,) = matches_of(
        Samples(a_character(1).drawings[:1], a_character(1).references[:1], a_character(1).couples[:1]), "g", "n"
    )
    area, right = np.ones(4000, np.float32), rng.random(4000) < sure
    honest = scores.Judged(match, area, right, sure, area)
    scale, shift = scores.calibration_of([honest])
    assert (scale, shift) == (pytest.approx(1.0, abs=0.1), pytest.approx(0.0, abs=0.1))
    assert all(abs(said - was) < 0.1 for said, was, share in calibration.reliability([honest]) if share > 0.05)
    boast = scores.Judged(match, area, right, 1.0 / (1.0 + ((1 - sure) / sure) ** 3), area)
    assert scores.calibration_of([boast])[0] == pytest.approx(1 / 3, abs=0.05)


def test_published_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    (tmp_path / "text.safetensors").write_text("no weights")
    with pytest.raises(TrainingError, match="cannot be read"):
        backbone_weights.load(tmp_path / "text.safetensors")
    save_file(LiteBackbone().stages[0].state_dict(), tmp_path / "few.safetensors")
    with pytest.raises(TrainingError, match="does not hold"):
        backbone_weights.load(tmp_path / "few.safetensors")


def test_nothing_to_prepare_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ["prepare", "--colorizer", "c", "--backbone", "b", "--samples", str(tmp_path)]
    assert command.main(arguments) == 2
    assert "--drawn" in capsys.readouterr().err


def test_washed_drawings_differ_from_plain_ones_and_repeat() -> None:
    one, other = draw_washed(5, 6, 128), draw_washed(5, 6, 128)
    np.testing.assert_array_equal(one.color, other.color)
    assert not np.array_equal(one.color, draw(5, 6, 128).color)
    paper = one.color[(one.regions == 0) & (one.line == 255)]
    assert (paper == 255).mean() > 0.8  # but for color and strokes that run over the outline


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    folder = tmp_path / "characters" / "somebody"
    folder.mkdir(parents=True)
    (folder / "palette.json").write_text(json.dumps({"palette": {"1": [200, 0, 0], "2": [0, 0, 200]}}))
    for number in range(3):
        line = np.full((64, 64), 255, np.uint8)
        line[:, 30 + number] = 0
        label = np.where(np.arange(64) < 30 + number, 1, 2).astype(np.uint8)[None].repeat(64, 0)
        cv2.imwrite(str(folder / f"{number:02d}_line.png"), line)
        cv2.imwrite(str(folder / f"{number:02d}_label.png"), label)
    return tmp_path


def test_renderings_with_labels_are_a_character(rendered: Path) -> None:
    plan = evaluation.make_plan(rendered, "cross-pose")
    assert [path.path.name for path in plan.drawings] == ["00_line.png", "01_line.png", "02_line.png"]
    picture = evaluation.Shelf().picture(plan.drawings[1].path)
    assert picture is not None
    assert picture.pixels[5, 5].tolist() == [200, 0, 0]
    assert picture.pixels[5, 31].tolist() == [0, 0, 0]
    assert evaluation.make_plan(rendered, "cross-pose", only="some*").targets
    with pytest.raises(PictureError, match="damaged"):
        folder = rendered / "characters" / "somebody"
        (folder / "palette.json").write_text('{"palette": {"900": [1, 2, 3]}}')
        characters3d.picture(folder / "00_line.png")


def test_scores_of_groups_are_means_of_their_characters() -> None:
    def score(value: float) -> evaluation.Scores:
        return evaluation.Scores(*[value] * len(evaluation.MEASURES))

    found = evaluation.by_group(
        ["ant", "bee", "cat"], [score(0.2), score(0.4), score(0.9)], {"insects": "a*, b*", "no": "x"}
    )
    assert found.keys() == {"insects"}
    assert found["insects"]["accuracy"] == pytest.approx(0.3)
