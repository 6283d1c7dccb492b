"""What the window asks of the command line."""

from hypothesis import given
from hypothesis import strategies as st

from app.batch.request import BatchRequest, from_json
from app.cli import batch
from app.cli.main import build_parser

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
    sigma=st.sampled_from([0.3, 0.45, 0.5]),
    soft=st.booleans(),
    levels=st.sampled_from([(0, 255), (20, 230)]),
    despeckle=st.integers(0, 64),
    gap=st.none() | st.integers(0, 64),
    model=st.none() | names,
    report=st.just("") | names,
)


@given(requests, st.booleans())
def test_the_command_line_understands_what_is_asked(request: BatchRequest, retry: bool) -> None:
    arguments = build_parser().parse_args(request.arguments(retry_failed=retry))
    assert (str(arguments.folder), str(arguments.output)) == (str_path(request.folder), str_path(request.output))
    assert [str(path) for path in arguments.reference] == [str_path(name) for name in request.references]
    assert (arguments.format, arguments.on_exists, arguments.pattern) == (
        request.format,
        request.on_exists,
        request.pattern,
    )
    assert (arguments.recursive, arguments.soft, arguments.retry_failed) == (request.recursive, request.soft, retry)
    assert (arguments.levels, arguments.despeckle) == (request.levels, request.despeckle)
    assert arguments.separate_palettes is not request.shared_palette
    assert (arguments.sigma, arguments.gap, arguments.model) == (request.sigma, request.gap, request.model)
    assert arguments.json and arguments.control


def str_path(name: str) -> str:
    from pathlib import Path

    return str(Path(name))


@given(requests)
def test_it_comes_back_from_text(request: BatchRequest) -> None:
    assert from_json(request.to_json()) == request


@given(st.text() | st.sampled_from(["{}", "[]", '{"folder": "a", "output": "b", "new": 1}', '{"folder": 3}']))
def test_what_is_no_request_is_none(text: str) -> None:
    assert from_json(text) is None


def test_quality_goes_with_the_formats_that_have_one() -> None:
    def quality(kind: str, value: int | None) -> object:
        words = BatchRequest("in", "out", format=kind, quality=value).arguments()  # type: ignore[arg-type]
        return batch._options(build_parser().parse_args(words)).quality

    assert quality("jpg", 95) == 95
    assert quality("webp", 80) == 80
    assert quality("webp", None) == "lossless"
    assert quality("png", None) == 95
