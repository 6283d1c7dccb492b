"""What kind of picture a file is, by its first bytes; and the kinds that are known but not read."""

import importlib.util
from dataclasses import dataclass

from PIL import features

from engine.errors import PictureError
from engine.images import jpegxl
from engine.sentences import Sentence

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
_JPEG_XL = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"  # bare, and in boxes
_HEIF_READERS = ("pi_heif", "pillow_heif")  # packages that a person may install
_AVIF_BRANDS = (b"avif", b"avis")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs")


_AS_PNG = Sentence("save it as PNG in the program it comes from")
_PNG_FIRST = Sentence("save it as PNG first")


@dataclass(frozen=True)
class _Foreign:
    """A kind that is not read, told by `start` at the byte `place`."""

    start: bytes
    what: str
    advice: str = _AS_PNG
    place: int = 0


_FOREIGN = (
    _Foreign(_JPEG_XL[0], Sentence("a JPEG XL picture")),
    _Foreign(_JPEG_XL[1], Sentence("a JPEG XL picture")),
    _Foreign(b"\0\0\0\x0cjP  \r\n\x87\n", Sentence("a JPEG 2000 picture")),
    _Foreign(b"\xff\x4f\xff\x51", Sentence("a JPEG 2000 picture")),
    _Foreign(b"II\xbc\x01", Sentence("a JPEG XR picture")),
    _Foreign(b"8BPS", Sentence("a Photoshop file under another name"), Sentence("give it a name that ends in .psd")),
    _Foreign(
        b"image/openraster",
        Sentence("an OpenRaster file under another name"),
        Sentence("give it a name that ends in .ora"),
        38,
    ),
    _Foreign(b"application/x-krita", Sentence("a Krita file"), Sentence("save it as .ora, .psd or PNG"), 38),
    _Foreign(b"PK\x03\x04", Sentence("a ZIP file"), Sentence("unpack it, or save it as PNG")),
    _Foreign(b"CSFCHUNK", Sentence("a file of Clip Studio Paint"), Sentence("save it as .psd or PNG")),
    _Foreign(b"gimp xcf", Sentence("a GIMP file"), Sentence("save it as .psd, .ora or PNG")),
    _Foreign(b"AZDRWLAY", Sentence("a file of a painting program"), Sentence("save it as .psd or PNG")),
    _Foreign(b"%PDF", Sentence("a PDF file"), Sentence("save its page as PNG")),
    _Foreign(b"%!PS", Sentence("a PostScript file"), Sentence("save it as PNG")),
    _Foreign(b"\xc5\xd0\xd3\xc6", Sentence("a PostScript file"), Sentence("save it as PNG")),
    _Foreign(b"<svg", Sentence("an SVG picture of vectors"), Sentence("save it as PNG")),
    _Foreign(b"v/1\x01", Sentence("an OpenEXR picture")),
    _Foreign(b"#?RADIANCE", Sentence("a Radiance HDR picture")),
    _Foreign(b"qoif", Sentence("a QOI picture")),
    _Foreign(b"DDS ", Sentence("a DDS texture")),
    _Foreign(b"\0\0\x01\0", Sentence("an icon")),
    _Foreign(b"FORM", Sentence("an IFF picture")),
    _Foreign(b"\x0a\x05\x01", Sentence("a PCX picture")),
    _Foreign(b"P7", Sentence("a PAM picture")),
    _Foreign(b"II\x55\0", Sentence("a camera's raw picture")),
    _Foreign(b"GIMP Palette", Sentence("a palette and no picture"), Sentence("choose it as the palette")),
    _Foreign(b"JASC-PAL", Sentence("a palette and no picture"), Sentence("choose it as the palette")),
    _Foreign(b"ASEF", Sentence("a palette and no picture"), Sentence("choose it as the palette")),
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
    if start.startswith(_JPEG_XL) and jpegxl.is_read():
        return "JXL"
    for one in _FOREIGN:
        if start[one.place :].startswith(one.start):
            if one.advice.startswith(("give", "choose")):
                raise PictureError("{0} is {1}; {2}.", name, one.what, one.advice)
            raise PictureError("{0} is {1}, which cannot be read by Nurie yet; {2}.", name, one.what, one.advice)
    # Cut off so early that the signature itself is not whole.
    if len(start) < START and any(signature.startswith(start) for signature, _ in _SIGNATURES):
        raise PictureError("{0} is damaged or incomplete; save or download it again.", name)
    raise PictureError("{0} is not a picture Nurie can open; use {1}.", name, NAMES)


def unread(name: str, what: str, advice: str = _PNG_FIRST) -> PictureError:
    """The error for a sound file of a kind, or with something in it, that is not read."""
    return PictureError("{0} has {1}, which cannot be read by Nurie yet; {2}.", name, what, advice)


def _in_boxes(start: bytes, name: str) -> str:
    """The kind of a file of ISO boxes: AVIF, HEIC, or a film."""
    length = int.from_bytes(start[:4], "big")
    brands = [start[place : place + 4] for place in range(8, min(length, len(start)), 4) if place != 12]
    if any(brand in _AVIF_BRANDS for brand in brands):
        if features.check("avif"):
            return "AVIF"
        what = Sentence("an AVIF picture")
    elif any(brand in _HEIF_BRANDS for brand in brands) or b"mif1" in brands:
        if _register_heif():
            return "HEIF"
        what = Sentence("a HEIC picture")
    else:
        what = Sentence("a film")
    raise PictureError("{0} is {1}, which cannot be read by Nurie yet; save it as PNG or JPEG first.", name, what)


def _register_heif() -> bool:
    """Make HEIC known to Pillow where one of its readers is installed."""
    for package in _HEIF_READERS:
        if importlib.util.find_spec(package) is not None:
            importlib.import_module(package).register_heif_opener()
            return True
    return False
