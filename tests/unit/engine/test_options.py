"""A setting is described once: a field that is added to the options arrives everywhere by itself."""

import argparse
import dataclasses
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batch import folder_settings
from app.batch.coloring import Order, settings_digest
from app.batch.references import Sources
from app.batch.request import BatchRequest, from_json
from app.cli import options as command_line
from app.project_file import schema
from engine import typed_values
from engine.errors import RequestError
from engine.finishing import Finished
from engine.made_by import picture_text
from engine.model_catalog import ModelEntry
from engine.option_fields import setting, settings_of
from engine.options import ColorOptions, FinishOptions, LineOptions, Options, defaults, groups, plain, with_values
from engine.request import ColorizeRequest, ColorizeResult, LineArt


@dataclass(frozen=True)
class MoreLines(LineOptions):
    """With a setting that no file, form or command knows of."""

    wobble: int = setting(3, "how much the lines tremble", 0, 9, "pixels")


MORE = Options(lines=MoreLines(wobble=5))


def order_of(options: Options) -> Order:
    return Order(Path("a.png"), Sources(), Path("b.png"), options, ModelEntry("tiny", Path("tiny"), False, None))


def test_a_new_field_is_seen_by_name() -> None:
    assert plain(MORE)["wobble"] == 5
    assert plain(with_values(MORE, {"wobble": 7}))["wobble"] == 7
    assert defaults(MORE)["wobble"] == 3
    with pytest.raises(RequestError, match="wobble is from 0 to 9"):
        with_values(MORE, {"wobble": 10})


def test_it_counts_in_the_journal_but_not_where_it_is_as_it_always_was() -> None:
    plainly = settings_digest(order_of(Options()), "r", "m", None)
    assert settings_digest(order_of(Options(lines=MoreLines())), "r", "m", None) == plainly
    assert settings_digest(order_of(MORE), "r", "m", None) != plainly
    assert settings_digest(order_of(with_values(MORE, {"wobble": 6})), "r", "m", None) != settings_digest(
        order_of(MORE), "r", "m", None
    )


def test_what_matches_parts_counts_in_the_journal_where_it_is_asked() -> None:
    order = order_of(Options())
    digests = {settings_digest(order, "r", "m", parts) for parts in (None, "", "1", "2")}
    assert len(digests) == 4
    raw = order_of(Options(finish=FinishOptions(flats=False)))
    assert settings_digest(raw, "r", "m", "1") == settings_digest(raw, "r", "m", None)


def test_a_toml_may_say_it(tmp_path: Path) -> None:
    (tmp_path / "nurie.toml").write_text("wobble = 8\n", encoding="utf-8")
    origin = folder_settings.read(tmp_path / "nurie.toml", MORE)
    assert plain(origin.applied(MORE))["wobble"] == 8
    (tmp_path / "nurie.toml").write_text("wobble = 80\n", encoding="utf-8")
    with pytest.raises(RequestError, match="wobble is from 0 to 9"):
        folder_settings.read(tmp_path / "nurie.toml", MORE)


def test_it_is_an_option_of_the_command_line() -> None:
    parser = argparse.ArgumentParser()
    command_line.add_settings(parser, MoreLines())
    assert parser.parse_args(["--wobble", "4"]).wobble == 4
    assert "how much the lines tremble, 0 to 9 pixels (default 3)" in " ".join(parser.format_help().split())


def test_the_picture_says_it() -> None:
    ink = np.ones((4, 4), np.float32)
    request = ColorizeRequest(LineArt(ink), ())
    color = np.zeros((4, 4, 3), np.uint8)
    result = ColorizeResult(color, ink, "cpu", "fp32", (4, 4))
    text = picture_text(MORE, result, Finished(request, color), "tiny", "0")
    assert json.loads(text["Settings"])["wobble"] == 5


def test_a_project_keeps_it() -> None:
    @dataclass(frozen=True)
    class Record(schema.PageRecord):
        lines: MoreLines = MoreLines()

    record = Record(lines=MoreLines(wobble=2))
    values = json.loads(json.dumps(dataclasses.asdict(record)))
    assert values["lines"]["wobble"] == 2
    assert typed_values.to_dataclass(MoreLines, values["lines"]) == record.lines


def test_the_records_are_the_options_themselves() -> None:
    """So that what `test_a_project_keeps_it` shows of one holds of all: nothing is copied field by field."""
    hints = {name: field.type for name, field in schema.PageRecord.__dataclass_fields__.items()}
    assert (hints["lines"], hints["finish"]) == ("LineOptions", "FinishOptions")
    assert schema.ColoringRecord.__dataclass_fields__["options"].type == "Options"


def test_no_name_stands_in_two_groups() -> None:
    names = [name for _, part in groups(Options()) for name in settings_of(part)]
    assert len(names) == len(set(names))


values: dict[str, st.SearchStrategy[Any]] = {
    "lines": st.sampled_from(["auto", "ink", "extract"]),
    "sigma": st.floats(0.3, 0.5),
    "soft": st.booleans(),
    "levels": st.tuples(st.integers(0, 100), st.integers(101, 255)),
    "despeckle": st.integers(0, 64),
    "size": st.integers(64, 2048),
    "panels": st.sampled_from(["auto", "off"]),
    "flats": st.booleans(),
    "locked": st.booleans(),
    "shading": st.sampled_from(["off", "soft", "cel"]),
    "gap": st.none() | st.integers(0, 64),
    "seed": st.integers(0, 2**63 - 1),
    "steps": st.none() | st.integers(1, 100),
    "guidance": st.none() | st.floats(1.0, 15.0),
    "mode": st.sampled_from(["auto", "vanilla", "bg2fig", "fig2fig"]),
    "sketch_guidance": st.none() | st.floats(1.0, 5.0),
    "strength": st.floats(0.0, 1.0),
    "surface": st.sampled_from(["auto", "flat", "soft"]),
    "shadows": st.sampled_from(["own", "base"]),
    "sheet": st.sampled_from(["auto", "off"]),
    "line_layers": st.lists(st.text(min_size=1), max_size=2).map(tuple),
    "reference_layers": st.lists(st.text(min_size=1), max_size=2).map(tuple),
}


def test_every_setting_is_tried_here() -> None:
    assert values.keys() >= plain(Options()).keys()


@given(st.fixed_dictionaries({}, optional=values))
def test_a_request_to_the_child_comes_back_whole(given_values: dict[str, Any]) -> None:
    request = BatchRequest("in", "out", options=with_values(Options(), given_values))
    assert from_json(request.to_json()) == request


@given(st.fixed_dictionaries({}, optional=values))
def test_in_force_is_consistent_and_stays_so(given_values: dict[str, Any]) -> None:
    finish = with_values(Options(), given_values).finish
    finish.in_force.require_consistent()
    assert finish.in_force.in_force == finish.in_force


def test_the_command_line_says_what_the_options_are() -> None:
    parser = argparse.ArgumentParser()
    for _, part in groups(Options()):
        command_line.add_settings(parser, part, without=("locked",))
    parsed = vars(parser.parse_args([]))
    known = {name: list(value) if value == () else value for name, value in plain(Options()).items()}
    assert parsed == {name: value for name, value in known.items() if name != "locked"}
    words = ["--levels=20,230", "--gap=0", "--flats=off", "--soft", "--sigma=0.3", "--shading=cel", "--size=64"]
    parsed = vars(parser.parse_args(words))
    wanted = {"levels": (20, 230), "gap": 0, "flats": False, "soft": True, "sigma": 0.3, "shading": "cel", "size": 64}
    assert {name: parsed[name] for name in wanted} == wanted


def test_ranges_are_kept() -> None:
    for group, wrong in (
        (LineOptions, {"sigma": 0.6}),
        (LineOptions, {"levels": (10, 300)}),
        (LineOptions, {"levels": (10, 10)}),
        (LineOptions, {"despeckle": 65}),
        (ColorOptions, {"size": 63}),
        (FinishOptions, {"gap": -1}),
    ):
        with pytest.raises(RequestError):
            replace(group(), **wrong)
