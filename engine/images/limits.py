"""How large a picture may be: what its header states is checked before memory is taken for it."""

from engine.errors import PictureError

MAX_PIXELS = 16384 * 16384
MAX_SIDE = 2**17  # pixels; strips are long, and the area is what takes memory

DECODED = 9  # bytes of memory a pixel needs from the decoder (4) to a `Picture` (3, and 1 of alpha) and strips between

_SMALL_FILE = 2**20  # bytes, below which a file must not cost a gigabyte
_SMALL_MEMORY = 800 * 2**20  # bytes it may cost
_PIXELS_A_BYTE = 100  # of a larger file; scans in one bit pack like this, and whatever is a drawing less


def most_pixels(file_bytes: int, cost: int = DECODED) -> int:
    """How many pixels a file of this size may state; cost: bytes of memory that each needs while it is read.

    Empty pixels pack to nearly nothing, so that a file of some kilobytes could take all memory.
    """
    small = _SMALL_MEMORY // cost
    return min(MAX_PIXELS, small if file_bytes < _SMALL_FILE else max(small, file_bytes * _PIXELS_A_BYTE))


def check_size(size: tuple[int, int], name: str, most: int = MAX_PIXELS) -> None:
    """Raise PictureError for a width and height that cannot be opened; most: of `most_pixels`."""
    width, height = size
    if width < 1 or height < 1:
        raise PictureError("{0} is {1}×{2} pixels, so there is no picture in it.", name, width, height)
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureError(
            "{0} is {1}×{2} pixels and the limit is {3} million pixels, {4} on a side; make it smaller first.",
            name,
            width,
            height,
            MAX_PIXELS // 10**6,
            MAX_SIDE,
        )
    if width * height > most:
        raise PictureError(
            "{0} is {1}×{2} pixels in a file too small for a drawing of this size; make it smaller, or "
            "save it without compression.",
            name,
            width,
            height,
        )
