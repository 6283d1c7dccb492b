"""Sample sheets: what they show, and that nobody who trains notices them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from engine.architectures.sga_generator import SGAGenerator
from engine.device import Device
from engine.errors import TrainingError
from tests.unit.engine.architectures.test_sga_generator import TINY
from trainer import contact_sheet, sample_sheet

CPU = Device("cpu", "fp32")


class Noisy(nn.Module):
    """Counts its calls, draws random numbers and has statistics; colors everything in `shade`, or in NaN."""

    def __init__(self, shade: float = 1.0) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.dropout = nn.Dropout()
        self.shade = shade
        self.lines: list[Tensor] | None = None
        self.was_training = True

    def forward(self, line: Tensor, references: list[Tensor], lines: list[Tensor] | None) -> Tensor:
        self.lines, self.was_training = lines, self.training
        torch.rand(3)
        return self.dropout(self.norm(line)).expand(-1, 3, -1, -1) * 0.0 + self.shade


def batch_of(count: int, size: int = 32) -> dict[str, Tensor]:
    torch.manual_seed(0)
    return {
        "line": torch.rand(count, 1, size, size),
        "reference": torch.full((count, 3, size, 16), -1.0),
        "reference_line": torch.rand(count, 1, size, 16),
        "target": torch.zeros(count, 3, size, size),
    }


FIXED = batch_of(2)


def test_a_sheet_has_a_row_for_each_of_four_samples_at_most(tmp_path: Path) -> None:
    one, many = tmp_path / "samples" / "1.png", tmp_path / "samples" / "2.png"
    sample_sheet.write(one, Noisy(), batch_of(1), "step 1", CPU)
    sample_sheet.write(many, Noisy(), batch_of(6), "step 2", CPU)
    with Image.open(one) as small, Image.open(many) as large:
        assert large.size == (small.size[0], 4 * small.size[1])
    assert [path.name for path in sorted(one.parent.iterdir())] == ["1.png", "2.png"]


@pytest.mark.parametrize(("shade", "value"), [(1.0, 255), (-1.0, 0), (5.0, 255), (float("nan"), 128)])
def test_a_row_is_line_reference_output_target(shade: float, value: int, tmp_path: Path) -> None:
    sample_sheet.write(tmp_path / "1.png", Noisy(shade), batch_of(1), "", CPU)
    with Image.open(tmp_path / "1.png") as sheet:
        middle = np.asarray(sheet)[8 + 16]
    width = contact_sheet.TILE + 8
    line, reference, output, target = (middle[8 + tile * width + contact_sheet.TILE // 2] for tile in range(4))
    assert line[0] == line[1] == line[2] >= 127
    assert reference.tolist() == [0, 0, 0]
    assert output.tolist() == [value] * 3
    assert target.tolist() == [128] * 3


def test_the_reference_lines_are_given_where_there_are_any(tmp_path: Path) -> None:
    network, batch = Noisy(), batch_of(2)
    sample_sheet.write(tmp_path / "1.png", network, batch, "", CPU)
    assert network.lines is not None and torch.equal(network.lines[0], batch["reference_line"])
    del batch["reference_line"]
    sample_sheet.write(tmp_path / "1.png", network, batch, "", CPU)
    assert network.lines is None


def test_training_does_not_notice(tmp_path: Path) -> None:
    network = Noisy()
    network.norm.eval()  # frozen statistics within a network that trains
    before = {name: value.clone() for name, value in network.state_dict().items()}
    torch.manual_seed(7)
    expected = torch.rand(4)
    torch.manual_seed(7)
    sample_sheet.write(tmp_path / "1.png", network, FIXED, "", CPU)
    assert torch.equal(torch.rand(4), expected)
    assert not network.was_training
    assert (network.training, network.norm.training, network.dropout.training) == (True, False, True)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_real_network_gives_the_same_before_and_after(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = SGAGenerator(TINY).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    sample_sheet.write(tmp_path / "1.png", network, FIXED, "step 1", CPU)
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_modes_come_back_when_the_network_fails(tmp_path: Path) -> None:
    network = SGAGenerator(TINY).train()
    with pytest.raises(RuntimeError):
        sample_sheet.write(tmp_path / "1.png", network, FIXED | {"line": torch.zeros(2, 5, 32, 32)}, "", CPU)
    assert network.training
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "samples").touch()
    with pytest.raises(TrainingError, match="cannot be saved"):
        sample_sheet.write(tmp_path / "samples" / "1.png", Noisy(), FIXED, "", CPU)
