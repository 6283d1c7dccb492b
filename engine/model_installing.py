"""Models copied into the person's folder, named, and deleted from it."""

import itertools
import shutil
from pathlib import Path

from engine import checkpoint, file_names, model_catalog
from engine.errors import CheckpointError, PictureError
from engine.export.atomic import atomic_path
from engine.model_catalog import ModelEntry

NAME_MAX = 60  # characters of an installed model's file name


def install(path: Path, name: str | None = None) -> ModelEntry:
    """Copy a model file, and its card if one lies beside it, into the person's folder; returns what is there now.

    name: to install it under, None for the file's own. An adapted model of that name that was installed before is
    replaced. Raises CheckpointError for a file that is no model, for an adapted model whose base is not there or whose
    name another model has, and where it cannot be written.
    """
    info = checkpoint.read_info(path)
    name = file_name(path.stem if name is None else name)
    target = place_of(name)
    if target.exists() and target.samefile(path):
        return model_catalog.entry_of(target, bundled=False)
    if info.base is not None:
        model_catalog.base_of(path, info)
        if info.parts is not None:
            model_catalog.matcher_of(path, info)
        require_free(name)
    card = path.with_suffix(model_catalog.CARD_SUFFIX)
    _copy(path, target)
    if card.is_file():
        _copy(card, target.with_suffix(model_catalog.CARD_SUFFIX))
    else:
        target.with_suffix(model_catalog.CARD_SUFFIX).unlink(missing_ok=True)
    return model_catalog.entry_of(target, bundled=False)


def install_adapted(path: Path, name: str) -> ModelEntry:
    """As `install`, of an adapted model alone, and never in place of another. Raises CheckpointError."""
    if checkpoint.read_info(path).base is None:
        raise CheckpointError("The model '{0}' is no adapted one, and only those come with a project.", name)
    if not is_free(name):
        raise CheckpointError("There is a model named '{0}' already; it stays as it is.", name)
    return install(path, name)


def is_free(name: str) -> bool:
    """Whether no model is called so in any spelling: large letters and small, composed and not, file or title."""
    taken = {
        file_names.key(one) for entry in model_catalog.installed() for one in (entry.name, entry.title, entry.path.name)
    }
    return not taken & {file_names.key(name), file_names.key(f"{name}{model_catalog.SUFFIX}")}


def free_name(name: str) -> str:
    """The name of a model file, with a number behind it where that is taken. Raises CheckpointError for none."""
    plain = file_name(name)
    names = itertools.chain([plain], (f"{plain[: NAME_MAX - 8]} {number}" for number in itertools.count(2)))
    return next(one for one in names if is_free(one))


def delete(name: str) -> ModelEntry:
    """Remove an adapted or assembled model and its card; returns what it was. Files that it points to stay.

    Raises CheckpointError when there is none of that name, when it is another one, and when it cannot be removed.
    """
    entries = model_catalog.installed()
    entry = next((one for one in entries if one.name == name), None)
    if entry is None:
        own = [one for one in entries if one.deletable]
        if not own:
            raise CheckpointError("There is no adapted or assembled model named '{0}'; there is none.", name)
        raise CheckpointError(
            "There is no adapted or assembled model named '{0}'; there are: {1}.", name, model_catalog.names_of(own)
        )
    if not entry.deletable:
        raise CheckpointError("'{0}' is no adapted or assembled model, and only those can be deleted here.", name)
    try:
        entry.path.unlink()
        entry.path.with_suffix(model_catalog.CARD_SUFFIX).unlink(missing_ok=True)
    except OSError as error:
        raise CheckpointError("The model {0} cannot be deleted: {1}.", entry.path, error.strerror or error) from error
    return entry


def require_free(name: str) -> None:
    """Raise CheckpointError when an adapted model cannot be called so, because a whole or a damaged one is."""
    wanted = file_name(name)
    key = file_names.key(wanted)
    if any(file_names.key(entry.name) == key and entry.kind != "adapted" for entry in model_catalog.installed()):
        raise CheckpointError("There is a model named '{0}' already that is not adapted; choose another name.", wanted)


def file_name(name: str) -> str:
    """The name of the file, without suffix, of a model that a person calls so. Raises CheckpointError for none."""
    words = "".join(one if one.isalnum() or one in "-_. ()" else "-" for one in name)
    clean = " ".join(words.split()).strip(".- ")[:NAME_MAX].strip()
    if not clean:
        raise CheckpointError("A model cannot be called '{0}'; use letters or digits.", name)
    return clean


def place_of(name: str) -> Path:
    """Where a model of that name is installed; the person's folder is made. Raises CheckpointError."""
    folder = model_catalog.user_folder()
    if folder is None:
        raise CheckpointError("There is no folder for installed models; name one in the environment as NURIE_MODELS.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError("The folder {0} cannot be made: {1}.", folder, error.strerror or error) from error
    return folder / f"{name}{model_catalog.SUFFIX}"


def _copy(source: Path, target: Path) -> None:
    try:
        with atomic_path(target) as temporary:
            shutil.copyfile(source, temporary)
    except PictureError as error:
        raise CheckpointError("The model was not installed, an older one stays as it was: {0}", error) from error
