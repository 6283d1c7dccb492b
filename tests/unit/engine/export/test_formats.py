"""Files with layers: what is written comes back; bad files end in one sentence; a failure leaves the old file."""

import contextlib
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PictureError
from engine.export import formats
from engine.layers import Layer, LayerStack
from tests import icc_profiles, layer_stacks
from tests.layer_stacks import assert_same, noise

STACK = LayerStack((30, 40), (Layer("Paper", noise(30, 40, alpha=255)), Layer("線画", noise(9, 8, 1), 5, -3)))
TEXT = {
    "Software": "Nurie",
    "Creation Time": "2026 年\n",
    "_x0041_": "<&>\"'\t\r",
    "鍵": "😀",
    "9 lives": "",
    "_é": "e",
}

in_xml = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")
suffixes = pytest.mark.parametrize("suffix", formats.LAYERED)


@suffixes
@settings(max_examples=60, deadline=None)
@given(stack=layer_stacks.stacks())
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, stack: LayerStack
) -> None:
    path = tmp_path_factory.mktemp("layers") / f"out{suffix}"
    formats.write_layers(path, stack, {})
    assert_same(formats.read_layers(path), stack)
    assert formats.read_text(path) == {}


@suffixes
@settings(max_examples=40, deadline=None)
@given(text=st.dictionaries(st.text(min_size=1, max_size=9), st.text(in_xml, max_size=9)))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("text") / f"out{suffix}"
    formats.write_layers(path, LayerStack((1, 1), (Layer("a", noise(1, 1)),)), text)
    assert formats.read_text(path) == text


@suffixes
def test_what_xml_cannot_hold_is_left_out_of_the_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    formats.write_layers(path, STACK, {"a": "b\0\x1b\ud800\uffffc"})
    assert formats.read_text(path) == {"a": "bc"}


@suffixes
def test_text_and_layers_stand_in_one_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    formats.write_layers(path, STACK, TEXT)
    assert formats.read_text(path) == TEXT
    assert list(formats.read_text(path)) == list(TEXT)
    assert_same(formats.read_layers(path), STACK)


@suffixes
def test_the_content_counts_and_not_the_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    formats.write_layers(path, STACK, TEXT)
    other = path.rename(tmp_path / "picture.png")
    assert_same(formats.read_layers(other), STACK)
    assert formats.read_text(other) == TEXT


@suffixes
def test_the_same_stack_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    for name in "ab":
        formats.write_layers(tmp_path / f"{name}{suffix}", STACK, TEXT)
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@suffixes
def test_the_profile_is_kept_and_colors_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"wide{suffix}"
    stack = LayerStack(STACK.size, STACK.layers, icc_profile=icc_profiles.wide_rgb())
    formats.write_layers(path, stack, {})
    read = formats.read_layers(path)
    assert read.icc_profile == stack.icc_profile
    for one, other in zip(read.layers, stack.layers, strict=True):
        apart = np.abs(one.pixels.astype(int) - other.pixels)
        # Eight bits of a wider space are coarser than sRGB where sRGB is dark.
        assert apart[..., :3].mean() < 1.0
        assert apart[..., :3].max() <= 12
        assert not apart[..., 3].any()


@suffixes
@pytest.mark.parametrize("profile", [icc_profiles.gray(2.2), b"no profile"])
def test_other_profiles_leave_srgb(tmp_path: Path, suffix: str, profile: bytes) -> None:
    path = tmp_path / f"gray{suffix}"
    formats.write_layers(path, LayerStack(STACK.size, STACK.layers, icc_profile=profile), {})
    assert_same(formats.read_layers(path), STACK)


def sentence(path: Path) -> str:
    """What reading `path` says; it is one line about this file."""
    with pytest.raises(PictureError) as caught:
        formats.read_layers(path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    empty, foreign = tmp_path / "empty.psd", tmp_path / "foreign.ora"
    empty.write_bytes(b"")
    foreign.write_bytes(b"GIF89a and more")
    for read in (formats.read_layers, formats.read_text):
        for path, word in ((empty, "empty"), (foreign, "neither"), (tmp_path / "no.psd", "no file")):
            with pytest.raises(PictureError, match=word):
                read(path)
    assert "not a file" in sentence(tmp_path)


@suffixes
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_end_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"out{suffix}"
    formats.write_layers(path, STACK, TEXT)
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(4, len(content)))])
    for read in (formats.read_layers, formats.read_text):
        with contextlib.suppress(PictureError):  # a changed pixel may go unnoticed; anything else must not come out
            read(path)


@suffixes
def test_a_file_cut_short_in_its_layers_is_damaged(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    formats.write_layers(path, STACK, TEXT)
    content = path.read_bytes()
    for length in (4, 20, 30, 200, len(content) // 2):
        path.write_bytes(content[:length])
        assert "damaged" in sentence(path)


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The operating system cuts files short after `size` bytes."""
    import resource
    import signal

    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


@suffixes
@pytest.mark.parametrize("size", [0, 1024, 6000])
@pytest.mark.skipif(sys.platform == "win32", reason="needs file size limits")
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, size: int
) -> None:
    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"the old picture")
    monkeypatch.setattr("engine.export.atomic._FULL", {errno.EFBIG})
    with files_of_at_most(size), pytest.raises(PictureError, match="disk is full"):
        formats.write_layers(path, STACK, TEXT)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"the old picture"


def test_suffixes() -> None:
    for name in ("a.png", "a.PSD", "a.Ora"):
        formats.require_suffix(Path(name))
    assert [formats.is_layered(Path(name)) for name in ("a.png", "a.PSD", "a.ora", "a")] == [False, True, True, False]
    for name in ("a.gif", "a.bmp", "a.xyz", "a"):
        with pytest.raises(PictureError, match=r"\.png, \.psd, \.ora, \.jpg, \.webp or \.tif"):
            formats.require_suffix(Path(name))
    with pytest.raises(PictureError, match="layers"):
        formats.write_layers(Path("a.png"), STACK, {})


def test_without_psd_tools_other_formats_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.psd"
    formats.write_layers(path, STACK, {})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    formats.require_suffix(Path("a.ora"))
    for attempt in (
        lambda: formats.require_suffix(path),
        lambda: formats.write_layers(path, STACK, {}),
        lambda: formats.read_layers(path),
    ):
        with pytest.raises(PictureError, match="psd-tools"):
            attempt()


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys, engine.export.formats; assert 'numpy' not in sys.modules;"
        "import engine.export.psd, engine.export.openraster; assert 'psd_tools' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", program], check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
