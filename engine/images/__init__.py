"""Reading pictures: whatever the file holds becomes upright 8-bit sRGB on white, with its transparency kept beside it.

Everything is decoded inside `read` and `read_bytes`; a damaged file cannot surprise anyone later. Sizes are checked on
the header, before any pixel is decoded. What the pixels do not need may be damaged: it is left out, and a note says so.
"""

from engine.images.limits import MAX_PIXELS, MAX_SIDE, check_size, most_pixels
from engine.images.picture import Picture
from engine.images.reading import for_reference, read, read_bytes

__all__ = ["MAX_PIXELS", "MAX_SIDE", "Picture", "check_size", "for_reference", "most_pixels", "read", "read_bytes"]
