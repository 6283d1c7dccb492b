"""Of an animation the frame that is taken: the first in which there is anything."""

from PIL import Image

from engine.errors import PictureError
from engine.images.limits import check_size
from engine.sentences import Sentence

_MOST_FRAMES = 40  # that are looked at
_MOST_PIXELS = 2**28  # of them together


def choose(image: Image.Image, count: int, most: int, name: str) -> list[str]:
    """Move `image`, an animation of so many frames, to the one to be taken, and say which.

    A frame is empty when it is transparent or of one color everywhere. Raises what Pillow raises for a first frame
    that is damaged, and PictureError for a frame of more than `most` pixels; what comes after the chosen one is not
    looked at.
    """
    looked_at = min(count, _MOST_FRAMES, max(1, _MOST_PIXELS // (image.width * image.height)))
    for number in range(looked_at):
        try:
            image.seek(number)
            # A frame of a GIF may lie outside the picture, and enlarges it.
            check_size(image.size, name, most)
            image.load()
        except PictureError:
            raise
        except Exception:  # of a decoder, which may raise anything
            if number == 0:
                raise
            break
        if not _is_empty(image):
            return [_note(count, number)]
    image.seek(0)
    image.load()
    return [_note(count, 0)]


def _note(count: int, number: int) -> str:
    if number == 0:
        return Sentence("It has {0} frames; the first is used.", count)
    return Sentence("It has {0} frames; number {1} is used, the first that is not empty.", count, number + 1)


def _is_empty(image: Image.Image) -> bool:
    *colors, alpha = image.convert("RGBA").getextrema()
    uniform = all(low == high for low, high in (*colors, alpha))  # type: ignore[misc]  # a pair of each channel
    return alpha[1] == 0 or uniform  # type: ignore[index]
