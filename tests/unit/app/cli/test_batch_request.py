"""What the window asks of the command line."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from app.batch.request import BatchRequest, from_json
from app.cli import batch
from app.cli.main import build_parser
from engine.options import FinishOptions, LineOptions, Options
from tests.unit.app.cli.conftest import Run

names = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1, max_size=12)
requests = st.builds(
    BatchRequest,
    folder=names,
    output=names,
    references=st.lists(names, max_size=3).map(tuple),
    format=st.sampled_from(["png", "psd", "ora"]),
    on_exists=st.sampled_from(["skip", "overwrite", "number"]),
    recursive=st.booleans(),
    pattern=names,
    shared_palette=st.booleans(),
    palette=st.sampled_from(["lock", "off", "-my palette.gpl"]),
    options=st.builds(
        Options,
        lines=st.builds(
            LineOptions,
            sigma=st.sampled_from([0.3, 0.45, 0.5]),
            soft=st.booleans(),
            levels=st.sampled_from([(0, 255), (20, 230)]),
            despeckle=st.integers(0, 64),
        ),
        finish=st.builds(FinishOptions, gap=st.none() | st.integers(0, 64), flats=st.booleans()),
    ),
    model=st.none() | names,
    report=st.just("") | names,
)


@given(requests, st.booleans())
def test_the_command_line_understands_what_is_asked(request: BatchRequest, retry: bool) -> None:
    arguments = build_parser().parse_args(request.arguments(retry_failed=retry))
    assert arguments.request == request
    assert (arguments.json, arguments.control, arguments.retry_failed) == (True, True, retry)


def test_a_request_of_another_program_is_one_sentence(nurie: Callable[..., Run]) -> None:
    assert "request" in nurie("batch", "--request={}").error


@given(requests)
def test_it_comes_back_from_text(request: BatchRequest) -> None:
    assert from_json(request.to_json()) == request


@given(st.text() | st.sampled_from(["{}", "[]", '{"folder": "a", "output": "b", "new": 1}', '{"folder": 3}']))
def test_what_is_no_request_is_none(text: str) -> None:
    assert from_json(text) is None


def test_quality_goes_with_the_formats_that_have_one() -> None:
    def quality(kind: str, value: int | None) -> object:
        words = BatchRequest("in", "out", format=kind, quality=value).arguments()
        return batch.run_options(build_parser().parse_args(words)).quality

    assert quality("jpg", 95) == 95
    assert quality("webp", 80) == 80
    assert quality("webp", None) == "lossless"
    assert quality("png", None) == 95
