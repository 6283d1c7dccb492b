import json
import logging
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.finetune import events
from app.finetune.events import Installed, KeptOut, Score, Verdict
from trainer.fine_tuning_events import JudgedPicture, Prepared, Progressed, Sampled, Skipped

PREPARED = {
    "event": "prepared", "pictures": 3, "pairs": 6, "held_out": ["a.png"],
    "skipped": [{"path": "b.png", "why": "It is tiny."}], "disk_bytes": 7, "resumed": False,
}  # fmt: skip
PROGRESS = {
    "event": "progress", "step": 3, "steps": 12, "seconds": 4.5, "seconds_left": 9, "loss": 0.25, "paused": True,
}  # fmt: skip
SCORE = {"region_accuracy": 0.5, "delta_e": 9.5, "something new": 1}
VERDICT = {
    "event": "verdict", "before": SCORE, "after": SCORE, "better": False,
    "pictures": [{"name": "a", "before": "1.png", "after": "2.png", "truth": "3.png"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (PREPARED, Prepared(3, 6, ("a.png",), (Skipped(Path("b.png"), "It is tiny."),), 7, False)),
        (PROGRESS, Progressed(3, 12, 4.5, 9.0, 0.25, True)),
        ({"event": "measured", "samples_per_second": 2, "seconds_needed": 70}, events.Measured(2.0, 70.0)),
        (
            {"event": "sample", "step": 3, "before": "1.png", "after": "2.png", "truth": "3.png"},
            Sampled(3, Path("1.png"), Path("2.png"), Path("3.png")),
        ),
        (
            VERDICT,
            Verdict(
                Score(0.5, 9.5),
                Score(0.5, 9.5),
                False,
                (JudgedPicture("a", Path("1.png"), Path("2.png"), Path("3.png")),),
            ),
        ),
        (
            {"event": "installed", "name": "mio", "path": "m.safetensors", "sha256": "0", "bytes": 5},
            Installed("mio", Path("m.safetensors"), 5),
        ),
        ({"event": "kept_out", "why": "It is worse.", "file": "m"}, KeptOut("It is worse.", Path("m"))),
        ({"event": "stopped", "resumable": True}, events.Stopped(True)),
    ],
)
def test_what_is_said_is_understood(said: dict[str, Any], meant: object) -> None:
    assert events.parse(said) == meant


def test_an_unknown_event_is_nothing() -> None:
    assert events.parse({"event": "of tomorrow"}) is None


@pytest.mark.parametrize("key", ["step", "seconds_left", "loss"])
def test_an_event_that_lacks_something_is_told_to_the_log(key: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert events.parse({name: value for name, value in PROGRESS.items() if name != key}) is None
    assert key in caplog.text


def test_a_number_that_is_none_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    assert events.parse({**PROGRESS, "loss": math.nan}) is None
    assert events.parse({**PROGRESS, "loss": "much"}) is None


@given(
    st.sampled_from([PREPARED, PROGRESS, VERDICT]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4),
    st.data(),
)
def test_no_event_breaks_the_window(said: dict[str, Any], value: object, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(said)))
    events.parse({**said, key: value})


def test_the_fraction_is_of_the_time_and_stays_between_nothing_and_all() -> None:
    assert Progressed(12, 12, 6.0, 2.0, 0, False).fraction == 0.75
    assert Progressed(0, 0, 0, 0, 0, False).fraction == 0.0
    assert Progressed(0, 9, 3.0, -1.0, 0, False).fraction == 1.0


def test_what_the_real_command_says_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.finetune_report import JsonReport
    from trainer import fine_tuning_events as told

    report, path = JsonReport(), Path("a.png")
    score = told.Score(0.5, 9.5, 0.4)
    for event in (
        told.Prepared(3, 6, ("a.png",), (Skipped(Path("b.png"), "It is tiny."),), 7, False, "It proves little."),
        told.Measured(2.0, 70.0),
        told.Progressed(3, 12, 4.5, 9.0, 0.25),
        told.Sampled(3, path, path, path),
        told.Verdict(score, score, True, (told.JudgedPicture("a", path, path, path),)),
        told.Stopped(True),
    ):
        report.tell(event)
    report.kept_out(path)
    heard = [events.parse(json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert [type(one).__name__ for one in heard] == [
        "Prepared", "Measured", "Progressed", "Sampled", "Verdict", "Stopped", "KeptOut",
    ]  # fmt: skip
    assert isinstance(heard[0], Prepared)
    assert heard[0].note == "It proves little."
