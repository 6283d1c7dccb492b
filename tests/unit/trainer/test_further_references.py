"""Samples with more than one reference, and training on them."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import TrainingError
from tests.drawings import write_drawings
from tests.unit.trainer.test_trainer import VARIED, of
from trainer.config import DataConfig, Stage
from trainer.datasets import make_samples, open_pictures
from trainer.training_loop import train

BATCH = 4


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    write_drawings(tmp_path / "pictures", ["a.png", *(f"characters/one/{number}.png" for number in range(4))])
    return tmp_path / "pictures"


def test_further_references_leave_all_else_as_it_is(pictures: Path) -> None:
    one = DataConfig((str(pictures),), protocol="varied", workers=0, cross_share=0.7)
    three = replace(one, references=3)
    store = open_pictures(one, 1, 64)
    plain, more = (make_samples(data, store, 64, BATCH, 1) for data in (one, three))
    counts = set()
    for batch in range(8):
        samples = [more[batch * BATCH + number] for number in range(BATCH)]
        found = {s["further_references"].shape[0] if "further_references" in s else 0 for s in samples}
        assert len(found) == 1  # they can be stacked
        counts |= found
        for number, sample in enumerate(samples):
            wanted = plain[batch * BATCH + number]
            assert all(torch.equal(sample[key], value) for key, value in wanted.items())
            for further in sample.get("further_references", torch.empty(0)):
                assert further.shape == sample["reference"].shape
                assert not torch.equal(further, sample["reference"])
            if "further_references" in sample:
                assert sample["further_reference_lines"].shape[0] == sample["further_references"].shape[0]
    assert counts == {0, 1, 2}


def test_training_looks_at_all_references(pictures: Path, tmp_path: Path) -> None:
    config = of(VARIED, pictures, tmp_path / "one", stages=(Stage(64, 24, 3e-3, BATCH),))
    single = train(config)
    more = train(replace(config, output=str(tmp_path / "more"), data=replace(config.data, references=3)))
    assert more.pictures == single.pictures == 24
    weights = [state.model.state_dict()["decoder.to_color.weight"] for state in (single, more)]
    assert torch.isfinite(weights[1]).all() and not torch.equal(*weights)


def test_the_published_samples_have_one_reference() -> None:
    with pytest.raises(TrainingError, match="'references' must be 1"):
        DataConfig(references=2)
