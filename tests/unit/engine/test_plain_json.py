"""JSON of strangers."""

import pytest

from engine import plain_json


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 900 + "]" * 900, '{"a":' * 200 + "1" + "}" * 200, "9" * 5000, ""]
)
def test_what_cannot_be_used_is_one_kind_of_error(text: str) -> None:
    for form in (text, text.encode()):
        with pytest.raises(ValueError):
            plain_json.loads(form)
    with pytest.raises(ValueError):
        plain_json.loads(b'"\xed\xa0\x80"')


def test_more_values_than_there_can_be() -> None:
    with pytest.raises(ValueError, match="more values"):
        plain_json.loads("[{},{},{}]", values_max=5)
    assert plain_json.loads("[{},{},{}]", values_max=6) == [{}, {}, {}]


def test_lone_surrogates() -> None:
    assert plain_json.without_lone_surrogates("a\udce9b🎨") == "a\ufffdb🎨"
