"""Writing: profile, resolution and text arrive; a failure leaves the old file and one sentence."""

import errno
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engine import images
from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.export.png import write_png
from tests import icc_profiles

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 40, 3)).astype(np.uint8)
shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))


@settings(max_examples=40, deadline=None)
@given(shapes.flatmap(lambda size: st.sampled_from([size, (*size, 3)])).flatmap(lambda s: arrays.arrays(np.uint8, s)))
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, pixels: NDArray[np.uint8]) -> None:
    path = tmp_path_factory.mktemp("png") / "out.png"
    write_png(path, pixels)
    read = images.read(path).pixels
    assert np.array_equal(read, pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2))


def test_alpha_is_kept(tmp_path: Path) -> None:
    pixels = np.dstack((PIXELS, PIXELS[..., 0]))
    write_png(tmp_path / "a.png", pixels)
    with Image.open(tmp_path / "a.png") as image:
        assert np.array_equal(np.asarray(image), pixels)


def test_resolution_and_text(tmp_path: Path) -> None:
    text = {"Software": "Nurie", "Title": "塗り絵 – été", "Comment": "café", "Empty": ""}
    write_png(tmp_path / "t.png", PIXELS, dpi=(300, 150.5), text=text)
    with Image.open(tmp_path / "t.png") as image:
        image.load()
        assert {key: image.info[key] for key in text} == text
        assert "srgb" in image.info
    assert images.read(tmp_path / "t.png").dpi == pytest.approx((300, 150.5), abs=0.02)


def test_the_drawings_profile_is_embedded_and_its_colors_are_right(tmp_path: Path) -> None:
    profile = icc_profiles.wide_rgb()
    write_png(tmp_path / "wide.png", PIXELS, icc_profile=profile)
    with Image.open(tmp_path / "wide.png") as image:
        assert image.info["icc_profile"] == profile
        assert "srgb" not in image.info
        assert not np.array_equal(np.asarray(image), PIXELS)
    back = images.read(tmp_path / "wide.png").pixels.astype(int)
    # Eight bits of a wider space are coarser than sRGB where sRGB is dark.
    assert np.abs(back - PIXELS).mean() < 1.0
    assert np.abs(back - PIXELS).max() <= 12


def test_alpha_goes_through_a_profile_untouched(tmp_path: Path) -> None:
    alpha = PIXELS[..., 1]
    write_png(tmp_path / "wide.png", np.dstack((PIXELS, alpha)), icc_profile=icc_profiles.wide_rgb())
    with Image.open(tmp_path / "wide.png") as image:
        assert np.array_equal(np.asarray(image)[..., 3], alpha)


def test_srgb_profile_changes_no_bit(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write_png(tmp_path / "s.png", PIXELS, icc_profile=profile)
    with Image.open(tmp_path / "s.png") as image:
        assert image.info["icc_profile"] == profile
        assert np.array_equal(np.asarray(image), PIXELS)


@pytest.mark.parametrize("profile", [icc_profiles.gray(2.2), b"no profile"])
def test_other_profiles_leave_srgb(tmp_path: Path, profile: bytes) -> None:
    write_png(tmp_path / "g.png", PIXELS, icc_profile=profile)
    with Image.open(tmp_path / "g.png") as image:
        assert "icc_profile" not in image.info
        assert "srgb" in image.info
        assert np.array_equal(np.asarray(image), PIXELS)


def test_gray_takes_no_rgb_profile(tmp_path: Path) -> None:
    write_png(tmp_path / "g.png", PIXELS[..., 0], icc_profile=icc_profiles.wide_rgb())
    with Image.open(tmp_path / "g.png") as image:
        assert "icc_profile" not in image.info
        assert np.array_equal(np.asarray(image), PIXELS[..., 0])


def test_wrong_arrays_are_mistakes_of_the_caller(tmp_path: Path) -> None:
    for wrong in (PIXELS.astype(np.float32), PIXELS[..., :2], PIXELS[None]):
        with pytest.raises(ValueError, match="uint8"):
            write_png(tmp_path / "w.png", wrong)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="keyword"):
        write_png(tmp_path / "w.png", PIXELS, text={"k" * 80: "v"})
    assert not list(tmp_path.iterdir())


def old_file(folder: Path) -> Path:
    path = folder / "out.png"
    path.write_bytes(b"the old picture")
    return path


def failing(path: Path, word: str) -> None:
    """Writing to `path` fails with `word` in one sentence, and neither it nor its folder changes."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(PictureError, match=word) as caught:
        write_png(path, PIXELS)
    assert "\n" not in str(caught.value)
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_on_syncing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    path = old_file(tmp_path)

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    failing(path, "disk is full")


@pytest.mark.skipif(sys.platform == "win32", reason="needs file size limits")
def test_full_disk_in_the_middle_of_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system itself cuts the file short; only its word for why is changed to that of a full disk."""
    import resource
    import signal

    path = old_file(tmp_path)
    monkeypatch.setattr("engine.export.atomic._FULL", {errno.EFBIG})
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, limits[1]))
    try:
        failing(path, "disk is full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    path = old_file(tmp_path)
    opened = os.open

    def forbidden(name: str, flags: int, *more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(code, os.strerror(code))
        return opened(name, flags, *more)

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(PictureError, match="no permission"):
        write_png(path, PIXELS)
    assert path.read_bytes() == b"the old picture"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind here")
def test_real_read_only_folder_and_file(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    path.chmod(0o444)
    failing(path, "no permission")
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    try:
        failing(path, "no permission")
    finally:
        tmp_path.chmod(0o755)


def test_missing_folder_and_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no folder"):
        write_png(tmp_path / "none" / "out.png", PIXELS)
    with pytest.raises(PictureError, match="is a folder"):
        write_png(tmp_path, PIXELS)
    failing(tmp_path / ("n" * 300 + ".png"), "too long")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs a device file")
def test_a_device_is_never_replaced() -> None:
    with pytest.raises(PictureError, match="not an ordinary file"):
        write_png(Path("/dev/null"), PIXELS)
    assert Path("/dev/null").is_char_device()


def test_replacing_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    path.chmod(0o640)
    link = tmp_path / "link.png"
    link.symlink_to(path)
    write_png(link, PIXELS)
    assert link.is_symlink()
    assert np.array_equal(images.read(path).pixels, PIXELS)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, PictureError])
def test_any_failure_cleans_up(tmp_path: Path, error: type[BaseException]) -> None:
    path = old_file(tmp_path)
    with pytest.raises(error), atomic_path(path) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".png"
        temporary.write_bytes(b"half")
        raise error
    assert [file.name for file in tmp_path.iterdir()] == ["out.png"]
    assert path.read_bytes() == b"the old picture"
