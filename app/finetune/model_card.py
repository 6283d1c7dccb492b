"""The card of a model: what it is, its license, where it comes from, as Markdown. To be made off the GUI thread."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale

from app.language import engine_words, numbers

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry

translate = QCoreApplication.translate

MEGABYTE = 1_000_000
VALUE_MAX = 300  # characters of one line of the provenance


def markdown(entry: ModelEntry) -> str:
    """The card that lies beside the model, in the person's language if there is one, or what the file says about
    itself."""
    if entry.info is None:
        return f"# {escaped(entry.name)}\n\n{escaped(engine_words.said(entry.problem))}\n"
    for suffix in (f".{QLocale().name()[:2]}.md", ".md"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return entry.path.with_suffix(suffix).read_text(encoding="utf-8")
    return _of_itself(entry)


def escaped(text: object) -> str:
    """Text that Markdown takes for text."""
    flat = " ".join(str(text).split())
    return "".join(f"\\{one}" if one in r"\`*_{}[]<>()#+-.!|~" else one for one in flat)


def _of_itself(entry: ModelEntry) -> str:
    info = entry.info
    assert info is not None
    rows = [
        (translate("ModelCard", "file"), entry.path.name),
        (translate("ModelCard", "size"), _size(entry)),
        (translate("ModelCard", "license"), entry.licence or translate("ModelCard", "unknown")),
    ]
    if info.base is not None:
        rows.append((translate("ModelCard", "adapted from"), info.base.name))
    if info.parts is not None:
        rows.append((translate("ModelCard", "changes the matching of"), info.parts.name))
    rows.append((translate("ModelCard", "network"), info.architecture))
    rows += [(str(key).replace("_", " "), _value(value)) for key, value in sorted(info.provenance.items())]
    said = [entry.problem, entry.description]
    parts = [f"# {escaped(entry.title)}", *(escaped(engine_words.said(one)) for one in said), _table(rows)]
    if info.attributions:
        heading = translate("ModelCard", "Attributions")
        parts.append(f"## {heading}\n\n" + "\n".join(f"- {escaped(line)}" for line in info.attributions))
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(rows: list[tuple[str, str]]) -> str:
    body = "\n".join(f"| {escaped(name)} | {escaped(value)} |" for name, value in rows)
    return f"| | |\n|---|---|\n{body}"


def _size(entry: ModelEntry) -> str:
    try:
        return translate("ModelCard", "{0} MB").format(numbers.decimal(entry.path.stat().st_size / MEGABYTE, 1))
    except OSError:
        return translate("ModelCard", "unknown")


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_MAX else text[: VALUE_MAX - 1] + "…"
