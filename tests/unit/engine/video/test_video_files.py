"""Videos in and out: exact flats, rates, tags, sound, odd sizes; with PyAV and with it hidden."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.errors import PictureError, RequestError
from engine.video import files, kinds, libav

RATE = Fraction(24000, 1001)
NEEDS_AV = pytest.mark.skipif(not kinds.has_pyav(), reason="PyAV is an extra")


def flats(number: int, size: tuple[int, int] = (48, 64)) -> NDArray[np.uint8]:
    """Two fields of color whose border moves."""
    pixels = np.full((*size, 3), (250, 130, 40), np.uint8)
    pixels[:, 20 + 3 * number :] = (30, 90, 200)
    return pixels


def write(path: Path, count: int = 4, size: tuple[int, int] = (48, 64), sound: Path | None = None) -> Path:
    with files.sink(path, RATE, size, sound) as video:
        for number in range(count):
            video.add(flats(number, size))
    return path


@pytest.fixture(params=[pytest.param("PyAV", marks=NEEDS_AV), "OpenCV"])
def door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "OpenCV":
        monkeypatch.setattr(kinds, "has_pyav", lambda: False)
    yield request.param


@pytest.mark.parametrize("suffix", [".mkv", ".mov"])
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("size", [(48, 64), (47, 63)])
def test_flats_come_back_exactly_at_the_exact_rate(
    door: str, suffix: str, count: int, size: tuple[int, int], tmp_path: Path
) -> None:
    source = files.open_frames(write(tmp_path / f"a{suffix}", count, size))
    read = [picture.pixels for picture, _ in source.frames()]
    shape = size if door == "PyAV" else libav.even(size)
    wanted = [libav.grown(flats(number, size), shape) for number in range(count)]
    assert len(read) == count and all((one == true).all() for one, true in zip(read, wanted, strict=True))
    assert source.rate == RATE
    told = files.notes_of(source.path, files.Source(tmp_path, (tmp_path,)), size, False)
    assert bool(told) == (shape != size) and all("even" in one for one in told)


def test_without_ffmpeg_videos_are_read_by_what_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv")
    opened = files.cv2.VideoCapture
    readers: list[int] = []

    def recorded(name: str, reader: int) -> object:
        readers.append(reader)
        return opened(name, reader)

    monkeypatch.setattr(files.cv2, "VideoCapture", recorded)
    monkeypatch.setattr(files.cv2.videoio_registry, "hasBackend", lambda _reader: False)
    read = [picture.pixels for picture, _ in files.open_frames(path).frames()]
    assert len(read) == 4 and set(readers) == {files.cv2.CAP_ANY}
    with pytest.raises(PictureError, match="cannot be read as a video"):
        (tmp_path / "b.mkv").write_bytes(b"no video")
        files.open_frames(tmp_path / "b.mkv")


def test_without_the_package_mp4_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kinds, "has_pyav", lambda: False)
    with pytest.raises(RequestError, match=r"PyAV.*\.mkv"):
        files.require_writable(tmp_path / "a.mp4")
    with pytest.raises(RequestError, match=r"\.avi"):
        files.require_writable(tmp_path / "a.avi")
    assert ".mp4" not in kinds.written() and libav.look(write(tmp_path / "a.mkv")) is None


@NEEDS_AV
@pytest.mark.parametrize("size", [(48, 64), (47, 63)])
def test_mp4_is_near_tagged_and_says_so(size: tuple[int, int], tmp_path: Path) -> None:
    import av

    path = write(tmp_path / "a.mp4", size=size)
    source = files.open_frames(path)
    assert source.rate == RATE
    read = [picture.pixels for picture, _ in source.frames()]
    assert len(read) == 4 and all(one.shape == (*libav.even(size), 3) for one in read)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        frames = [frame.to_ndarray(format="rgb24", src_colorspace="ITU709") for frame in container.decode(video=0)]
    inside = np.s_[4:40, 4:14]
    assert np.abs(frames[0][inside].astype(int) - flats(0, size)[inside]).max() <= 4
    assert "approximate" in files.notes_of(path, source, size, False)[-1]


@NEEDS_AV
@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".mp4"])
def test_sound_is_taken_over_where_the_container_has_room_for_it(suffix: str, tmp_path: Path) -> None:
    import av

    source = with_sound(tmp_path / "source.mov")
    assert files.open_frames(source).has_sound
    path = write(tmp_path / f"a{suffix}", 24, sound=source)
    with av.open(str(path)) as container:
        assert len(container.streams.audio) == 1
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples >= 0.9 * 44100
    assert files.open_frames(write(tmp_path / "silent.mkv")).has_sound is False


def with_sound(path: Path) -> Path:
    """A second of a video with a tone, as AAC."""
    import av

    with av.open(str(path), "w") as container:
        video = container.add_stream("png", rate=24)
        video.width, video.height, video.pix_fmt = 64, 48, "rgb24"
        audio = container.add_stream("aac", rate=44100, layout="mono")
        for number in range(24):
            for packet in video.encode(av.VideoFrame.from_ndarray(flats(number % 4), "rgb24")):
                container.mux(packet)
        tone = np.sin(np.arange(44100) * 0.05).astype(np.float32)[None]
        for start in range(0, 44100, 1024):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone[:, start : start + 1024]), "fltp", "mono")
            frame.sample_rate, frame.pts = 44100, start
            container.mux(audio.encode(frame))
        for stream in (video, audio):
            container.mux(stream.encode(None))
    return path


def test_an_animation_keeps_its_rate_over_the_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gif", 12)
    with Image.open(path) as animation:
        assert getattr(animation, "n_frames", 1) == 12
        durations = []
        for number in range(12):
            animation.seek(number)
            durations.append(animation.info["duration"])
        assert sum(durations) == pytest.approx(12 / float(RATE) * 1000, abs=10)
        assert (np.asarray(animation.convert("RGB")) == flats(11)).all()


def test_an_animation_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("engine.video.gif.MOST_PIXELS", 48 * 64 * 2)
    with pytest.raises(RequestError, match=r"\.mkv"):
        write(tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_no_half_video(door: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), files.sink(tmp_path / "a.mkv", RATE, (48, 64)) as video:
        video.add(flats(0))
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@NEEDS_AV
def test_high_dynamic_range_is_refused(tmp_path: Path) -> None:
    import av

    path = tmp_path / "hdr.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", rate=24)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p10le"
        video.codec_context.color_trc = 16
        frame = av.VideoFrame.from_ndarray(flats(0), "rgb24").reformat(format="yuv420p10le")
        frame.color_trc = 16
        for packet in (*video.encode(frame), *video.encode(None)):
            container.mux(packet)
    with pytest.raises(PictureError, match="dynamic range"):
        files.open_frames(path)
