"""The models there are, shipped and installed.

Shipped ones lie in resources/models, installed ones in a folder of the person's, which the app names with
`set_user_folder` (the engine knows nothing of a computer's folders). `model_loading` makes networks of them,
`model_installing` copies and deletes them.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine import checkpoint, registry, weight_files
from engine.checkpoint import BaseModel, CheckpointInfo
from engine.colorizer import Abilities
from engine.errors import CheckpointError
from engine.sentences import Sentence

if TYPE_CHECKING:
    pass

SUFFIX, CARD_SUFFIX = ".safetensors", ".md"
DEFAULT_FILE = "default.txt"
EXPERIMENTS = "experiments"  # folder beside that of the models
MATCHER = "nurie-parts"  # name of the file that matches regions with parts beside every model
FOREIGN_SUFFIXES = {SUFFIX, ".pt", ".pth", ".ckpt", ".bin", ".pkl"}

ADAPTED = ", adapted to one character."  # how the description of an adapted model ends, after the title of its base

_folders: dict[str, Path] = {}


@dataclass(frozen=True)
class ModelEntry:
    """One model of the catalogue.

    name: what a person types, the file's name without its suffix. bundled: shipped with the program.
    info: what the checkpoint says about itself, None when the file is damaged. problem: why it cannot be used, one
    sentence; "" where it can.
    """

    name: str
    path: Path
    bundled: bool
    info: CheckpointInfo | None
    problem: str = ""

    @property
    def title(self) -> str:
        """The model's name as its maker gave it."""
        return self.info.name if self.info else self.name

    @property
    def description(self) -> str:
        """What the model is good for, one or two sentences; empty when damaged."""
        told = self.info.description if self.info else ""
        if told.endswith(ADAPTED):
            return Sentence("{0}, adapted to one character.", told.removesuffix(ADAPTED))
        return told

    @property
    def licence(self) -> str:
        """The licence of the weights; empty when damaged."""
        return self.info.licence if self.info else ""

    @property
    def kind(self) -> Literal["whole", "adapted", "assembled"]:
        """ "adapted" for what changes another model for one character, "assembled" for what points to files of others,
        "whole" for a model of its own."""
        if self.info is None:
            return "whole"
        if registry.points_to_files(self.info.architecture):
            return "assembled"
        return "whole" if self.info.base is None else "adapted"

    @property
    def deletable(self) -> bool:
        """Whether a person made it here, and may delete it."""
        return self.kind != "whole" and not self.bundled

    @property
    def abilities(self) -> Abilities:
        """What it heeds of a request; nothing when damaged."""
        return Abilities() if self.info is None else registry.abilities(self.info.architecture)

    @property
    def damaged(self) -> bool:
        """True when it cannot be used."""
        return bool(self.problem)

    def sha256(self) -> str:
        """SHA-256 of the file in hexadecimal, remembered as long as path, size and time of the file stay the same."""
        return sha256_of(self.path)

    def parts_sha256(self) -> str:
        """The same of the file that matches regions with parts beside this model; empty without one.

        An adapted model that changes the matching is that file itself.
        """
        if self.info is not None and self.info.parts is not None:
            return self.sha256()
        beside = matcher() if self.abilities.parts else None
        return "" if beside is None else sha256_of(beside)


def sha256_of(path: Path) -> str:
    """SHA-256 of a model file, remembered as `ModelEntry.sha256` is. Raises CheckpointError."""
    try:
        return weight_files.digest_of(path)
    except OSError as error:
        raise CheckpointError("The model file {0} cannot be read: {1}.", path, error.strerror or error) from error


def set_user_folder(folder: Path) -> None:
    """Say where installed models lie. It need not exist."""
    _folders["user"] = folder


def user_folder() -> Path | None:
    """Where installed models lie: as set, or the environment's NURIE_MODELS, or None."""
    if "user" in _folders:
        return _folders["user"]
    named = os.environ.get("NURIE_MODELS")
    return Path(named) if named else None


def bundled_folder() -> Path:
    """Where the shipped models lie: in the sources, or beside the program when it is packaged (PyInstaller)."""
    root = getattr(sys, "_MEIPASS", None)
    return (Path(root) if root else Path(__file__).resolve().parent.parent) / "resources" / "models"


def installed() -> list[ModelEntry]:
    """All models, the default first, then by name. Damaged files are listed as damaged.

    An installed model takes the place of a shipped one of the same name, so that a person can update it.
    """
    entries = _entries_of(bundled_folder(), bundled=True)
    user = user_folder()
    if user is not None:
        entries |= _entries_of(user, bundled=False)
    first = _default_name(entries)
    return sorted(entries.values(), key=lambda entry: (entry.name != first, entry.name.casefold(), entry.name))


def find(name_or_file: str | Path | None = None) -> ModelEntry:
    """The model of a name, of a file, or the default one. A name goes before a file of the same name.

    A model that ships as an experiment is found by its name, though nothing lists it.
    The default is the shipped model that resources/models/default.txt names, or the only one there is that is whole.
    Raises CheckpointError when there is none such, naming those there are, and when it is damaged.
    """
    entries = installed()
    if name_or_file is None:
        entry = _default(entries)
    else:
        entry = _named(entries, str(name_or_file)) or _experiment(name_or_file)
        entry = entry or entry_of(_file(entries, name_or_file), bundled=False)
    if entry.damaged:
        raise CheckpointError(entry.problem)
    return entry


def matcher() -> Path | None:
    """The file of the network that matches regions with parts (see `engine.matching`), installed or shipped, or None.

    Every model works without it.
    """
    return next(iter(_matchers()), None)


def _matchers() -> list[Path]:
    folders = [folder for folder in (user_folder(), bundled_folder()) if folder is not None]
    return [path for folder in folders if (path := folder / f"{MATCHER}{SUFFIX}").is_file()]


def matcher_of(path: Path, info: CheckpointInfo) -> Path:
    """The file of the matching network that an adapted model changes.

    path, info: of the adapted model. Raises CheckpointError where it is missing or another one by now.
    """
    wanted = info.parts
    assert wanted is not None
    found = _matchers()
    for one in found:
        if sha256_of(one) == wanted.sha256:
            return one
    raise _not_as_adapted(path, wanted, is_there=bool(found))


def base_of(path: Path, info: CheckpointInfo) -> ModelEntry:
    """The model that an adapted one changes: the file of that digest, among those beside `path` and those there are.

    path, info: of the adapted model. Raises CheckpointError where it is missing, or where the model of that name is
    another one by now.
    """
    wanted = info.base
    assert wanted is not None
    entries = [*_entries_of(path.parent, bundled=False).values(), *installed()]
    whole = [entry for entry in entries if entry.kind == "whole" and not entry.damaged]
    for entry in whole:
        if entry.sha256() == wanted.sha256:
            return entry
    raise _not_as_adapted(path, wanted, is_there=any(entry.name == wanted.name for entry in whole))


def _not_as_adapted(path: Path, wanted: BaseModel, *, is_there: bool) -> CheckpointError:
    """Why an adapted model cannot be used. wanted: what it changes; is_there: another version of that."""
    if is_there:
        return CheckpointError(
            "The adapted model '{0}' was made from another version of '{1}' than the one that is "
            "there now; adapt the character anew.",
            path.stem,
            wanted.name,
        )
    return CheckpointError(
        "The adapted model '{0}' changes the model '{1}', which is not there; install that one first.",
        path.stem,
        wanted.name,
    )


def is_name(name: str) -> bool:
    """Whether `find` takes it for the name of a model that is there, or of none, and never for a file."""
    path = Path(name)
    if path.name != name or set(name) & {"\\", "\0"} or path.suffix.lower() in FOREIGN_SUFFIXES:
        return False
    return any(entry.name == name for entry in installed()) or not os.path.lexists(path)


def default_name() -> str | None:
    """The name of the model that is used when none is named, None when there is no telling."""
    return _default_name({entry.name: entry for entry in installed()})


def _entries_of(folder: Path, bundled: bool) -> dict[str, ModelEntry]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == SUFFIX and path.is_file())
    except OSError:
        return {}
    return {path.stem: entry_of(path, bundled) for path in paths if path.stem != MATCHER}


def entry_of(path: Path, bundled: bool) -> ModelEntry:
    """What the model of a file is, damaged or not."""
    try:
        info = checkpoint.read_info(path)
        return ModelEntry(path.stem, path, bundled, info, _lost(info))
    except CheckpointError as error:
        return ModelEntry(path.stem, path, bundled, None, str(error))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError):
        # Whatever a file makes of our reading: the other models are there all the same.
        return ModelEntry(
            path.stem, path, bundled, None, Sentence("The model file {0} is damaged; get the file again.", path)
        )


def _lost(info: CheckpointInfo) -> str:
    """What of the files that a model points to is not there any more; "" for nothing. They are not read."""
    if not registry.points_to_files(info.architecture):
        return ""
    config = registry.make_config(info.architecture, info.config)
    try:
        for file in config.files:
            file.require_there()
    except CheckpointError as error:
        return str(error)
    return ""


def _default_name(entries: dict[str, ModelEntry]) -> str | None:
    try:
        named = (bundled_folder() / DEFAULT_FILE).read_text(encoding="utf-8").strip().removesuffix(SUFFIX)
    except (OSError, UnicodeDecodeError):
        named = ""
    if named in entries:
        return named
    shipped = [entry.name for entry in entries.values() if entry.bundled]
    usable = [entry.name for entry in entries.values() if not entry.damaged and entry.kind == "whole"]
    for names in (shipped, usable):
        if len(names) == 1:
            return names[0]
    return None


def _default(entries: list[ModelEntry]) -> ModelEntry:
    name = _default_name({entry.name: entry for entry in entries})
    for entry in entries:
        if entry.name == name:
            return entry
    if entries:
        raise CheckpointError("There is no default model; name one of: {0}.", names_of(entries))
    user = user_folder()
    if user is None:
        raise CheckpointError("No model is installed; name the file of one ({0}).", SUFFIX)
    raise CheckpointError("No model is installed; put one ({0}) into {1}, or name its file.", SUFFIX, user)


def _named(entries: list[ModelEntry], name: str) -> ModelEntry | None:
    """By name, by file name, or by the maker's title, in this order."""
    for matches in (
        [entry for entry in entries if entry.name == name],
        [entry for entry in entries if entry.path.name == name],
        [entry for entry in entries if entry.info and entry.info.name == name],
    ):
        if matches:
            return matches[0]
    return None


def _experiment(name: str | Path) -> ModelEntry | None:
    """A model that ships to be tried and is on no list, by its name alone."""
    path = bundled_folder().parent / EXPERIMENTS / f"{name}{SUFFIX}"
    plain = isinstance(name, str) and Path(name).name == name and "\0" not in name
    return entry_of(path, bundled=True) if plain and path.is_file() else None


def _file(entries: list[ModelEntry], named: str | Path) -> Path:
    path = Path(named)
    looks_like_file = isinstance(named, Path) or len(path.parts) > 1 or path.suffix.lower() in FOREIGN_SUFFIXES
    if not looks_like_file and not path.exists():
        if not entries:
            raise CheckpointError("There is no model named '{0}'; none is installed.", named)
        raise CheckpointError("There is no model named '{0}'; there are: {1}.", named, names_of(entries))
    return path


def names_of(entries: list[ModelEntry]) -> str:
    """Their names for a sentence."""
    return ", ".join(entry.name for entry in entries)
