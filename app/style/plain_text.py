"""Texts of strangers in tool tips, which take for HTML whatever looks like it, and then load the files it names."""

import html

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """The tool tip that shows just these letters."""
    # Shown as HTML where Qt would guess so, as there is no other way to say that it is none.
    if not Qt.mightBeRichText(text):  # pyright: ignore[reportAttributeAccessIssue]
        return text
    return f"<span>{html.escape(text).replace(chr(10), '<br>')}</span>"
