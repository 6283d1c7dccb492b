"""What kind of picture a file is, by its first bytes; and the kinds that are known but not read."""

import importlib.util
from dataclasses import dataclass

from PIL import features

from engine.errors import PictureError

NAMES = "PNG, JPEG, WebP, TIFF, BMP or GIF"
START = 64  # bytes that tell the kind

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_PNM = b"123456fF"  # what follows the P; P7 and others are not read
_HEIF_READERS = ("pi_heif", "pillow_heif")  # packages that a person may install
_AVIF_BRANDS = (b"avif", b"avis")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs")


_AS_PNG = "save it as PNG in the program it comes from"
_PNG_FIRST = "save it as PNG first"


@dataclass(frozen=True)
class _Foreign:
    """A kind that is not read, told by `start` at the byte `place`."""

    start: bytes
    what: str
    advice: str = _AS_PNG
    place: int = 0


_FOREIGN = (
    _Foreign(b"\xff\x0a", "a JPEG XL picture"),
    _Foreign(b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    _Foreign(b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    _Foreign(b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    _Foreign(b"II\xbc\x01", "a JPEG XR picture"),
    _Foreign(b"8BPS", "a Photoshop file under another name", "give it a name that ends in .psd"),
    _Foreign(b"image/openraster", "an OpenRaster file under another name", "give it a name that ends in .ora", 38),
    _Foreign(b"application/x-krita", "a Krita file", "save it as .ora, .psd or PNG", 38),
    _Foreign(b"PK\x03\x04", "a ZIP file", "unpack it, or save it as PNG"),
    _Foreign(b"CSFCHUNK", "a file of Clip Studio Paint", "save it as .psd or PNG"),
    _Foreign(b"gimp xcf", "a GIMP file", "save it as .psd, .ora or PNG"),
    _Foreign(b"AZDRWLAY", "a file of a painting program", "save it as .psd or PNG"),
    _Foreign(b"%PDF", "a PDF file", "save its page as PNG"),
    _Foreign(b"%!PS", "a PostScript file", "save it as PNG"),
    _Foreign(b"\xc5\xd0\xd3\xc6", "a PostScript file", "save it as PNG"),
    _Foreign(b"<svg", "an SVG picture of vectors", "save it as PNG"),
    _Foreign(b"v/1\x01", "an OpenEXR picture"),
    _Foreign(b"#?RADIANCE", "a Radiance HDR picture"),
    _Foreign(b"qoif", "a QOI picture"),
    _Foreign(b"DDS ", "a DDS texture"),
    _Foreign(b"\0\0\x01\0", "an icon"),
    _Foreign(b"FORM", "an IFF picture"),
    _Foreign(b"\x0a\x05\x01", "a PCX picture"),
    _Foreign(b"P7", "a PAM picture"),
    _Foreign(b"II\x55\0", "a camera's raw picture"),
    _Foreign(b"GIMP Palette", "a palette and no picture", "choose it as the palette"),
    _Foreign(b"JASC-PAL", "a palette and no picture", "choose it as the palette"),
    _Foreign(b"ASEF", "a palette and no picture", "choose it as the palette"),
)


def of(start: bytes, name: str) -> str:
    """Pillow's name of the format of a file with these first bytes.

    Raises PictureError, one sentence, where it is a kind that is not read, and where it is no picture.
    """
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    if start[:1] == b"P" and start[1:2] in map(bytes, zip(_PNM, strict=True)) and start[2:3].isspace():
        return "PPM"
    if start[4:8] == b"ftyp":
        return _in_boxes(start, name)
    for one in _FOREIGN:
        if start[one.place :].startswith(one.start):
            if one.advice.startswith(("give", "choose")):
                raise PictureError(f"{name} is {one.what}; {one.advice}.")
            raise PictureError(f"{name} is {one.what}, which cannot be read by Nurie yet; {one.advice}.")
    # Cut off so early that the signature itself is not whole.
    if len(start) < START and any(signature.startswith(start) for signature, _ in _SIGNATURES):
        raise PictureError(f"{name} is damaged or incomplete; save or download it again.")
    raise PictureError(f"{name} is not a picture Nurie can open; use {NAMES}.")


def unread(name: str, what: str, advice: str = _PNG_FIRST) -> PictureError:
    """The error for a sound file of a kind, or with something in it, that is not read."""
    return PictureError(f"{name} has {what}, which cannot be read by Nurie yet; {advice}.")


def _in_boxes(start: bytes, name: str) -> str:
    """The kind of a file of ISO boxes: AVIF, HEIC, or a film."""
    length = int.from_bytes(start[:4], "big")
    brands = [start[place : place + 4] for place in range(8, min(length, len(start)), 4) if place != 12]
    if any(brand in _AVIF_BRANDS for brand in brands):
        if features.check("avif"):
            return "AVIF"
        what = "an AVIF picture"
    elif any(brand in _HEIF_BRANDS for brand in brands) or b"mif1" in brands:
        if _register_heif():
            return "HEIF"
        what = "a HEIC picture"
    else:
        what = "a film"
    raise PictureError(f"{name} is {what}, which cannot be read by Nurie yet; save it as PNG or JPEG first.")


def _register_heif() -> bool:
    """Make HEIC known to Pillow where one of its readers is installed."""
    for package in _HEIF_READERS:
        if importlib.util.find_spec(package) is not None:
            importlib.import_module(package).register_heif_opener()
            return True
    return False
