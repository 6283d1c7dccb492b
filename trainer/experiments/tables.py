"""The rows of the tables: what is compared with what. Everything that a row does not name is the same for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.architectures.sga_generator import SGAConfig
from engine.errors import TrainingError

LEVELS = (2, 5)  # fewest and most levels of the encoders; 5 are the paper's
# As told in the abstract ("up to") and in section 4.2 ("on average"); the means over its four data sets are these.
PAPER_CLAIM = "Li et al. claim that SGA improves FID by 27.21 % and SSIM by 25.67 % over SCFT (arXiv 2207.06095)."


@dataclass(frozen=True)
class Row:
    """What to train. changes: what differs from the table's base in its `SGAConfig`; losses, data: in its `LossConfig`
    and `DataConfig`."""

    name: str
    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    losses: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Rows that are compared. about: what is compared, for a heading."""

    name: str
    about: str
    rows: tuple[Row, ...]


TABLES = {
    "table1": Table(
        "table1",
        "Fusion modules in one and the same network",
        (
            Row("spade", "SPADE", {"fusion": "spade"}),
            Row("cocosnet", "CoCosNet", {"fusion": "cocosnet"}),
            Row("unite", "UNITE", {"fusion": "unite"}),
            Row("cmft", "CMFT", {"fusion": "cmft"}),
            Row("scft", "SCFT", {"fusion": "scft"}),
            Row("sga", "SGA"),
        ),
    ),
    "table2": Table(
        "table2",
        "Stop-gradient and learned projections W_q, W_k in the attention map of SGA",
        (
            Row("flowing-projected", "gradient flows, W_q & W_k", {"stop_gradient": False, "project_keys": True}),
            Row("flowing", "gradient flows", {"stop_gradient": False}),
            Row("stopped-projected", "stop-gradient, W_q & W_k", {"project_keys": True}),
            Row("stopped", "stop-gradient (SGA)"),
        ),
    ),
    "table3": Table(
        "table3",
        "Parts of SGA, and our keys from the reference's line art",
        (
            Row("softmax", "plain softmax", {"double_normalization": False}),
            Row("cross-only", "no self-SGA", {"self_attention": False}),
            Row("line-keys", "line keys (ours)", {"keys": "line"}),
            Row("full", "SGA"),
        ),
    ),
}


def choose_rows(table: Table, names: Sequence[str]) -> tuple[Row, ...]:
    """The rows of these names in the table's order, all of them where none is named. Raises TrainingError."""
    known = {row.name for row in table.rows}
    for name in names:
        if name not in known:
            raise TrainingError("{0} has no row '{1}': choose among {2}.", table.name, name, ", ".join(sorted(known)))
    return tuple(row for row in table.rows if not names or row.name in names)


def network(changes: Mapping[str, Any], levels: int) -> SGAConfig:
    """The paper's network with `changes`, and with the finest `levels` levels of its encoders only.

    The tokens stand at the coarsest level, at 1/2^(levels-1): four levels at 128 pixels, or three at 64, have as many
    tokens as the paper's five at 256. Raises TrainingError for levels it cannot have.
    """
    fewest, most = LEVELS
    if not fewest <= levels <= most:
        raise TrainingError("The encoders can have {0} to {1} levels, not {2}.", fewest, most, levels)
    paper = SGAConfig.paper()
    cut = replace(
        paper,
        widths=paper.widths[:levels],
        convolutions=paper.convolutions[:levels],
        reference_convolutions=paper.reference_convolutions[:levels],
        token_level=levels - 1,
    )
    return replace(cut, **changes)


def label_of(config: SGAConfig) -> str | None:
    """What the tables call this network, whatever its levels; None for another one."""
    levels = len(config.widths)
    if not LEVELS[0] <= levels <= LEVELS[1]:
        return None
    rows = [row for table in TABLES.values() for row in table.rows]
    return next((row.label for row in rows if network(row.changes, levels) == config), None)
