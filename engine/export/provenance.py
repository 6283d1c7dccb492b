"""How a picture was made, as XML attributes: in the XMP packet of a PSD and in the page of an OpenRaster file."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from engine import __version__

NAMESPACE = "urn:nurie:provenance#"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_META = "adobe:ns:meta/"
for _prefix, _namespace in (("nurie", NAMESPACE), ("rdf", _RDF), ("xmp", _XMP), ("x", _META)):
    ElementTree.register_namespace(_prefix, _namespace)

# XML 1.0, section 2.2: characters that no document may hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]|^[0-9.-]|_(?=x)")
_ESCAPE = re.compile("_x([0-9A-F]{4,6})_")


def to_attributes(text: Mapping[str, str]) -> dict[str, str]:
    """`text` as attributes of an ElementTree element, for `from_attributes`.

    Characters of a key that no XML name may hold become "_x" + hexadecimal code + "_", as ISO 9075-14 has it.
    Characters of a value that XML cannot hold, such as null, are left out. Raises ValueError for an empty key.
    """
    if "" in text:
        raise ValueError("a key of the text is empty")
    return {f"{{{NAMESPACE}}}{_NOT_IN_NAMES.sub(_escaped, key)}": _NOT_XML.sub("", text[key]) for key in text}


def from_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    """The text among `attributes` (ElementTree names); empty when there is none."""
    prefix = f"{{{NAMESPACE}}}"
    return {
        _ESCAPE.sub(_unescaped, name.removeprefix(prefix)): value
        for name, value in attributes.items()
        if name.startswith(prefix)
    }


def to_xmp(text: Mapping[str, str]) -> bytes:
    """An XMP packet (ISO 16684-1) with `text` as properties of `NAMESPACE`."""
    root = ElementTree.Element(f"{{{_META}}}xmpmeta")
    about = {f"{{{_RDF}}}about": "", f"{{{_XMP}}}CreatorTool": f"Nurie {__version__}"}
    ElementTree.SubElement(
        ElementTree.SubElement(root, f"{{{_RDF}}}RDF"), f"{{{_RDF}}}Description", about | to_attributes(text)
    )
    start, end = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>', '<?xpacket end="w"?>'
    return (start + ElementTree.tostring(root, encoding="unicode") + end).encode()


def from_xmp(packet: bytes) -> dict[str, str]:
    """The text in an XMP packet; empty when there is none. Raises as `parse_xml` does."""
    found: dict[str, str] = {}
    for description in parse_xml(packet.strip(b"\0")).iter(f"{{{_RDF}}}Description"):
        # A program that saves the file again may write properties as elements.
        elements = {element.tag: element.text or "" for element in description}
        found |= from_attributes(description.attrib) | from_attributes(elements)
    return found


def made_by_nurie(packet: bytes) -> bool:
    """Whether an XMP packet is one of `to_xmp`, or has its text. Raises as `parse_xml` does."""
    for description in parse_xml(packet.strip(b"\0")).iter(f"{{{_RDF}}}Description"):
        found = dict(description.attrib) | {element.tag: element.text or "" for element in description}
        if found.get(f"{{{_XMP}}}CreatorTool", "").startswith("Nurie ") or from_attributes(found):
            return True
    return False


def parse_xml(data: bytes) -> ElementTree.Element:
    """The root element of an XML document. Raises ValueError or SyntaxError for one that is damaged or has a DTD."""
    return ElementTree.fromstring(data, ElementTree.XMLParser(target=_WithoutDtd()))


class _WithoutDtd(ElementTree.TreeBuilder):
    """Refuses document type definitions: nobody needs them here, and their entities can blow up a small file."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ValueError(f"the document type {name} is not expected")


def _escaped(match: re.Match[str]) -> str:
    return f"_x{ord(match.group()):04X}_"


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))
