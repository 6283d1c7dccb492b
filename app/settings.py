"""What the program remembers between two runs: typed, with defaults, a version and migrations."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from app.language.translations import LANGUAGE_CHOICES, LanguageChoice
from app.style.theme import THEME_CHOICES, ThemeChoice
from engine import typed_values
from engine.export import formats
from engine.export.formats import Format
from engine.option_fields import settings_of
from engine.options import FinishOptions, LineOptions

RECENT_MOST = 10
DRAG_FORMATS = (formats.by_id("png"), formats.by_id("psd"))
VERSION = 2
VERSION_KEY = "version"

Group = TypeVar("Group", LineOptions, FinishOptions)
Migration = Callable[[QSettings], None]


def _options_as_the_engine_has_them(store: QSettings) -> None:
    """Version 1 had lines sharp instead of soft, levels as two keys, and an automatic gap as -1."""
    if store.contains("lines/sharp"):
        store.setValue("lines/soft", json.dumps(not _flag(store.value("lines/sharp"), True)))
    levels = [round(_number(store.value(f"lines/{name}"), other)) for name, other in (("black", 0), ("white", 255))]
    store.setValue("lines/levels", json.dumps(levels))
    if _number(store.value("finish/gap"), -1.0) < 0:
        store.remove("finish/gap")
    for name in ("sharp", "black", "white"):
        store.remove(f"lines/{name}")


# From the version that is the key to the next. Version 1 is the first.
MIGRATIONS: Mapping[int, Migration] = {1: _options_as_the_engine_has_them}


def migrate(store: QSettings, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION) -> None:
    """Bring a store up to `version`, one step at a time. An empty store only gets the number.

    A store of a newer program is left as it is: the keys known here are read, the rest stays for the newer program.
    """
    found = _number(store.value(VERSION_KEY), version if not store.allKeys() else 1)
    at = int(found)
    while at < version:
        step = migrations.get(at)
        if step is not None:
            step(store)
        at += 1
    store.setValue(VERSION_KEY, at)


class Settings:
    """Typed access. A value that makes no sense reads as the default."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("Nurie", "Nurie")
        migrate(self._store)

    def sync(self) -> None:
        """Write everything to disk now."""
        self._store.sync()

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, empty at the first run."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def layout(self) -> QByteArray:
        """Where docks and tool bars were, empty at the first run."""
        return self._bytes("window/layout")

    @layout.setter
    def layout(self, value: QByteArray) -> None:
        self._store.setValue("window/layout", value)

    @property
    def guide_geometry(self) -> QByteArray:
        """Where the window of the guide was, empty before the first time."""
        return self._bytes("window/guide")

    @guide_geometry.setter
    def guide_geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/guide", value)

    @property
    def theme(self) -> ThemeChoice:
        """The theme that was chosen."""
        found = self._store.value("window/theme")
        for choice in THEME_CHOICES:
            if choice == found:
                return choice
        return "system"

    @theme.setter
    def theme(self, value: ThemeChoice) -> None:
        self._store.setValue("window/theme", value)

    @property
    def language(self) -> LanguageChoice:
        """The language that was chosen."""
        found = self._store.value("window/language")
        for choice in LANGUAGE_CHOICES:
            if choice == found:
                return choice
        return "system"

    @language.setter
    def language(self, value: LanguageChoice) -> None:
        self._store.setValue("window/language", value)

    @property
    def pixel_grid(self) -> bool:
        """Whether a grid is seen between large pixels."""
        return _flag(self._store.value("window/pixel_grid"), True)

    @pixel_grid.setter
    def pixel_grid(self, value: bool) -> None:
        self._store.setValue("window/pixel_grid", value)

    @property
    def unfinished_batches(self) -> list[str]:
        """Batches that can go on, as `app.batch.request` writes them down."""
        return self._texts("batch/unfinished")

    @unfinished_batches.setter
    def unfinished_batches(self, value: list[str]) -> None:
        self._store.setValue("batch/unfinished", value)

    @property
    def last_batch(self) -> str:
        """What was asked for last, as `app.batch.request` writes it down; empty before the first time."""
        found = self._store.value("batch/last")
        return found if isinstance(found, str) else ""

    @last_batch.setter
    def last_batch(self, value: str) -> None:
        self._store.setValue("batch/last", value)

    @property
    def last_scene(self) -> str:
        """What scene was asked for last, as `app.video.wish` writes it down; empty before the first time."""
        found = self._store.value("scene/last")
        return found if isinstance(found, str) else ""

    @last_scene.setter
    def last_scene(self, value: str) -> None:
        self._store.setValue("scene/last", value)

    @property
    def lines(self) -> LineOptions:
        """How the lines of a first drawing are made; how they are extracted and cleaned belongs to a drawing."""
        return replace(self._group("lines", LineOptions()), lines="auto", levels=(0, 255), despeckle=0)

    @lines.setter
    def lines(self, value: LineOptions) -> None:
        self._set_group("lines", value)

    @property
    def finish(self) -> FinishOptions:
        """What is made of the network's guess, without palette and edits: these belong to a piece of work."""
        return self._group("finish", FinishOptions())

    @finish.setter
    def finish(self, value: FinishOptions) -> None:
        self._set_group("finish", value)

    @property
    def auto_color(self) -> bool:
        """Color whenever the drawing, the references or the lines change."""
        return _flag(self._store.value("color/automatic"), True)

    @auto_color.setter
    def auto_color(self, value: bool) -> None:
        self._store.setValue("color/automatic", value)

    @property
    def model(self) -> str | None:
        """The name of the model that was chosen, None for the default."""
        found = self._store.value("color/model")
        return found if isinstance(found, str) and found else None

    @model.setter
    def model(self, value: str | None) -> None:
        self._store.setValue("color/model", value or "")

    @property
    def open_folder(self) -> Path:
        """Where pictures were opened last."""
        return self._folder("folders/open")

    @open_folder.setter
    def open_folder(self, value: Path) -> None:
        self._store.setValue("folders/open", str(value))

    @property
    def drag_format(self) -> Format:
        """What a drawing is as a file when it is dragged into another program: flat, or in layers."""
        found = self._store.value("export/dragged")
        return next((one for one in DRAG_FORMATS if one.id == found), DRAG_FORMATS[0])

    @drag_format.setter
    def drag_format(self, value: Format) -> None:
        self._store.setValue("export/dragged", value.id)

    @property
    def recent(self) -> list[Path]:
        """Recent projects, the newest first."""
        return [Path(name) for name in self._texts("files/recent")][:RECENT_MOST]

    @recent.setter
    def recent(self, value: list[Path]) -> None:
        self._store.setValue("files/recent", [str(path) for path in value[:RECENT_MOST]])

    @property
    def save_folder(self) -> Path | None:
        """Where a picture was saved last, None before the first time."""
        return self._folder("folders/save") if self._store.contains("folders/save") else None

    @save_folder.setter
    def save_folder(self, value: Path) -> None:
        self._store.setValue("folders/save", str(value))

    def _group(self, prefix: str, default: Group) -> Group:
        """The settings of a group of options as they are kept; what cannot be understood is as in `default`."""
        found = default
        for name in settings_of(default):
            if self._store.contains(f"{prefix}/{name}"):
                with contextlib.suppress(typed_values.Misfit):
                    kept = _plain(self._store.value(f"{prefix}/{name}"))
                    found = replace(
                        found, **{name: getattr(typed_values.to_dataclass(type(default), {name: kept}), name)}
                    )
        return found

    def _set_group(self, prefix: str, value: Any) -> None:
        for name in settings_of(value):
            self._store.setValue(f"{prefix}/{name}", json.dumps(getattr(value, name)))

    def _folder(self, key: str) -> Path:
        found = self._store.value(key)
        folder = Path(found) if isinstance(found, str) and found else Path.home()
        return folder if folder.is_dir() else Path.home()

    def _texts(self, key: str) -> list[str]:
        found = self._store.value(key)
        # QSettings gives back a list of one as that one.
        texts = found if isinstance(found, list) else [found]
        return [text for text in texts if isinstance(text, str) and text]

    def _bytes(self, key: str) -> QByteArray:
        found = self._store.value(key)
        return found if isinstance(found, QByteArray) else QByteArray()


def _number(value: object, default: float) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever a person wrote into the file
    except (TypeError, ValueError):
        return default
    return number if math.isfinite(number) else default


def _flag(value: object, default: bool) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).lower(), default)


def _plain(kept: object) -> object:
    """A value as it was set, whatever kind of text the store made of it; a text that is no JSON is itself."""
    try:
        return json.loads(kept) if isinstance(kept, str) else kept
    except (ValueError, RecursionError):
        return kept
