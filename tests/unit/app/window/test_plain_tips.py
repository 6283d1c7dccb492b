"""Names that came with a file are letters in every tool tip, never HTML that loads something."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QApplication

import app
from app.style.plain_text import plain_tip

OWN_TEXTS = {"tip", "tips", "needs_flats", "remove", "toolTip", "_tool_tip"}  # of ours, without a name in them


@pytest.mark.usefixtures("qapp")
@given(
    st.text()
    | st.sampled_from(["<img src='/etc/passwd'>", "<b>a</b>", "a\n<p>b", "<a href=\\\\server\\x.png>", "&amp;"])
)
def test_a_tip_shows_just_these_letters(text: str) -> None:
    tip = plain_tip(text)
    if tip == text:
        assert not Qt.mightBeRichText(text)  # pyright: ignore[reportAttributeAccessIssue]
    else:
        document = QTextDocument()
        document.setHtml(tip)
        assert "".join(document.toPlainText().split()) == "".join(text.replace("\0", "\ufffd").split())
        assert "<img" not in tip


def test_every_tip_that_holds_more_than_our_own_words_goes_through_it(qapp: QApplication) -> None:
    loose = []
    for path in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_tip = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setToolTip"
            if is_tip and not is_own(node.args[-1]):  # type: ignore[attr-defined]
                loose.append(f"{path.name}:{node.lineno}")  # type: ignore[attr-defined]
    assert not loose


def is_own(text: ast.expr) -> bool:
    """Whether it is a constant to translate, a text of ours, or made plain."""
    if isinstance(text, ast.IfExp):
        return is_own(text.body) and is_own(text.orelse)
    if isinstance(text, ast.Subscript):
        return is_own(text.value)
    if isinstance(text, ast.Call):
        if isinstance(text.func, ast.Attribute) and text.func.attr == "tr":
            return all(isinstance(one, ast.Constant) for one in text.args)
        named = text.func.attr if isinstance(text.func, ast.Attribute) else getattr(text.func, "id", "")
        return named == "plain_tip" or named in OWN_TEXTS
    return isinstance(text, ast.Constant) or getattr(text, "id", "") in OWN_TEXTS
