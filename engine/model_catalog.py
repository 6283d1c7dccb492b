"""The models there are, shipped and installed: finding, loading, installing and deleting them.

Shipped ones lie in resources/models, installed ones in a folder of the person's, which the app names with
`set_user_folder` (the engine knows nothing of a computer's folders). Imports torch only
to load one.
"""

import itertools
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine import checkpoint, file_names, late_imports, registry, weight_files
from engine.checkpoint import BaseModel, CheckpointInfo
from engine.checkpoint_header import TensorEntry, read_header
from engine.colorizer import Abilities, Colorizer
from engine.errors import CheckpointError, PictureError
from engine.export.atomic import atomic_path
from engine.request import DeviceChoice
from engine.sentences import Sentence

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.device import Device
    from engine.matching.matcher import Matcher

SUFFIX, CARD_SUFFIX = ".safetensors", ".md"
DEFAULT_FILE = "default.txt"
EXPERIMENTS = "experiments"  # folder beside that of the models
MATCHER = "nurie-parts"  # name of the file that matches regions with parts beside every model
FOREIGN_SUFFIXES = {SUFFIX, ".pt", ".pth", ".ckpt", ".bin", ".pkl"}

NAME_MAX = 60  # characters of an installed model's file name
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
        entry = entry or _entry_of(_file(entries, name_or_file), bundled=False)
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


def load(path: Path, device: str = "cpu") -> "tuple[CheckpointInfo, dict[str, Tensor]]":
    """The description of a model file and its tensors, in the types they were stored in.

    An adapted model comes merged with its base, in fp32 what it changes. Raises CheckpointError, also where the base is
    missing or another, and where the two do not fit each other.
    """
    return _load(path, checkpoint.read_info(path), device)


def _load(path: Path, info: CheckpointInfo, device: str = "cpu") -> "tuple[CheckpointInfo, dict[str, Tensor]]":
    stored = checkpoint.load_stored(path, device)
    if info.base is None:
        return info, stored
    from engine import adaptation

    base_info, weights = load(base_of(path, info).path, device)
    if (base_info.architecture, base_info.config) != (info.architecture, info.config):
        raise CheckpointError("The adapted model {0} is of another network than its base; adapt it anew.", path)
    changed, parts = adaptation.parted(stored)
    if bool(parts) != (info.parts is not None):
        raise CheckpointError(
            "The adapted model {0} is damaged ({1}); adapt the character anew.", path, "what it changes is not named"
        )
    return info, _applied(path, weights, changed)


def _applied(path: Path, weights: "Mapping[str, Tensor]", changed: "Mapping[str, Tensor]") -> "dict[str, Tensor]":
    from engine import adaptation

    try:
        return adaptation.apply(weights, changed)
    except ValueError as error:
        raise CheckpointError(
            "The adapted model {0} is damaged ({1}); adapt the character anew.", path, error
        ) from error


def build(path: Path) -> "tuple[CheckpointInfo, nn.Module]":
    """The module a checkpoint describes, with its weights, in fp32 on the CPU and in evaluation mode.

    Raises CheckpointError for everything `load` does, and when the weights and the architecture do not match exactly.
    """
    header = read_header(path)
    info = checkpoint.info_of(path, header)
    config = registry.make_config(info.architecture, info.config)
    # Without memory for weights: the config might ask for more than there is, and random ones would be thrown away.
    module = _without_memory(path, info.architecture, config)
    expected = module.state_dict()
    if info.base is None:
        _require_match(path, expected, header.tensors)
    info, state = _load(path, info)
    _require_match(path, expected, state)
    distinct = {id(tensor) for tensor in (*module.parameters(), *module.buffers())}
    if registry.points_to_files(info.architecture) or len(distinct) != len(expected):
        # It has more than its state, or the same in two places: made as its class makes it.
        module = _network(path, info.architecture, config)
        module.load_state_dict(state)
    else:
        # Copies, because the tensors of a file can change with it.
        own = {name: tensor.to(expected[name].dtype, copy=True) for name, tensor in state.items()}
        module.load_state_dict(own, assign=True)
    return info, module.eval()


def _network(path: Path, architecture: str, config: Any) -> "nn.Module":
    make = registry.find(architecture).module
    try:
        try:
            return make(config)
        except NotImplementedError:
            # What torch knows of shapes alone may be among what waits.
            if not late_imports.catch_up():
                raise
            return make(config)
    except (RuntimeError, TypeError, ValueError, IndexError, ArithmeticError, MemoryError) as error:
        first_line = str(error).split("\n", maxsplit=1)[0]
        raise CheckpointError(
            "The model file {0} has a config that builds no network: {1}.", path, first_line
        ) from error


def _without_memory(path: Path, architecture: str, config: Any) -> "nn.Module":
    """The network with parameters that have shapes and types alone."""
    import torch

    with torch.device("meta"):
        return _network(path, architecture, config)


def load_colorizer(path: Path, device_choice: DeviceChoice = "auto") -> Colorizer:
    """A model ready to color. Raises CheckpointError, also for a model that colors no drawings, and DeviceError."""
    require_colorizer(path.name, checkpoint.read_info(path))
    from engine import device

    where = device.choose(device_choice)
    info, network = build(path)
    return colorizer_of(network, info, where, None if info.parts is None else load_adapted_matcher(path, info))


def colorizer_of(
    network: "nn.Module", info: CheckpointInfo, where: "Device", beside: "Matcher | None" = None
) -> Colorizer:
    """A network ready to color, with the matcher of parts where there is one and it helps.

    beside: the matcher; None: the one that is installed or ships.
    The network is not fit for training afterwards. Raises CheckpointError as above.
    """
    make: Any = registry.colorizer(info.architecture)
    require_colorizer(info.name, info)
    assert make is not None
    if not registry.abilities(info.architecture).parts:
        return make(network, info, where)
    if beside is None and (plain := matcher()) is not None:
        beside = load_matcher(plain)
    return make(network, info, where) if beside is None else make(network, info, where, beside)


def load_adapted_matcher(path: Path, info: CheckpointInfo) -> "Matcher":
    """The matching network as an adapted model changes it. path, info: of the adapted model. Raises CheckpointError."""
    from engine.matching import matcher

    found = matcher.of(matching_network(path, info)[0], sha256_of(path))
    if found is None:
        raise CheckpointError("{0} is not a model that matches parts: get the file again.", MATCHER)
    return found


def matching_network(path: Path, info: CheckpointInfo) -> "tuple[nn.Module, Path]":
    """The network that matches parts beside a model, changed where that is an adapted one that changes it, fit for
    training; and the whole file that it is of. path, info: of the model. Raises CheckpointError, also where no file of
    it is there."""
    from engine import adaptation

    whole = matcher() if info.parts is None else matcher_of(path, info)
    if whole is None:
        raise CheckpointError("There is no file of {0}: get it again.", MATCHER)
    network = build(whole)[1]
    if info.parts is not None:
        changed = adaptation.parted(checkpoint.load_stored(path))[1]
        network.load_state_dict(_applied(path, network.state_dict(), changed))
    return network, whole


def load_matcher(path: Path) -> "Matcher":
    """The network that matches regions with parts. Raises CheckpointError."""
    from engine.matching import matcher

    found = matcher.of(build(path)[1], sha256_of(path))
    if found is None:
        raise CheckpointError("{0} is not a model that matches parts: get the file again.", path.name)
    return found


def require_colorizer(name: str, info: CheckpointInfo) -> None:
    """Raise CheckpointError for a model that colors no drawings; name: of the model, for the message."""
    if registry.colorizer(info.architecture) is None:
        raise CheckpointError("{0} is not a model that colors drawings: choose another one.", name)


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
        return _entry_of(target, bundled=False)
    if info.base is not None:
        base_of(path, info)
        if info.parts is not None:
            matcher_of(path, info)
        require_free(name)
    card = path.with_suffix(CARD_SUFFIX)
    _copy(path, target)
    if card.is_file():
        _copy(card, target.with_suffix(CARD_SUFFIX))
    else:
        target.with_suffix(CARD_SUFFIX).unlink(missing_ok=True)
    return _entry_of(target, bundled=False)


def install_adapted(path: Path, name: str) -> ModelEntry:
    """As `install`, of an adapted model alone, and never in place of another. Raises CheckpointError."""
    if checkpoint.read_info(path).base is None:
        raise CheckpointError("The model '{0}' is no adapted one, and only those come with a project.", name)
    if not is_free(name):
        raise CheckpointError("There is a model named '{0}' already; it stays as it is.", name)
    return install(path, name)


def is_name(name: str) -> bool:
    """Whether `find` takes it for the name of a model that is there, or of none, and never for a file."""
    path = Path(name)
    if path.name != name or set(name) & {"\\", "\0"} or path.suffix.lower() in FOREIGN_SUFFIXES:
        return False
    return any(entry.name == name for entry in installed()) or not os.path.lexists(path)


def is_free(name: str) -> bool:
    """Whether no model is called so in any spelling: large letters and small, composed and not, file or title."""
    taken = {file_names.key(one) for entry in installed() for one in (entry.name, entry.title, entry.path.name)}
    return not taken & {file_names.key(name), file_names.key(f"{name}{SUFFIX}")}


def free_name(name: str) -> str:
    """The name of a model file, with a number behind it where that is taken. Raises CheckpointError for none."""
    plain = file_name(name)
    names = itertools.chain([plain], (f"{plain[: NAME_MAX - 8]} {number}" for number in itertools.count(2)))
    return next(one for one in names if is_free(one))


def delete(name: str) -> ModelEntry:
    """Remove an adapted or assembled model and its card; returns what it was. Files that it points to stay.

    Raises CheckpointError when there is none of that name, when it is another one, and when it cannot be removed.
    """
    entries = installed()
    entry = next((one for one in entries if one.name == name), None)
    if entry is None:
        own = [one for one in entries if one.deletable]
        if not own:
            raise CheckpointError("There is no adapted or assembled model named '{0}'; there is none.", name)
        raise CheckpointError("There is no adapted or assembled model named '{0}'; there are: {1}.", name, _names(own))
    if not entry.deletable:
        raise CheckpointError("'{0}' is no adapted or assembled model, and only those can be deleted here.", name)
    try:
        entry.path.unlink()
        entry.path.with_suffix(CARD_SUFFIX).unlink(missing_ok=True)
    except OSError as error:
        raise CheckpointError("The model {0} cannot be deleted: {1}.", entry.path, error.strerror or error) from error
    return entry


def require_free(name: str) -> None:
    """Raise CheckpointError when an adapted model cannot be called so, because a whole or a damaged one is."""
    wanted = file_name(name)
    key = file_names.key(wanted)
    if any(file_names.key(entry.name) == key and entry.kind != "adapted" for entry in installed()):
        raise CheckpointError("There is a model named '{0}' already that is not adapted; choose another name.", wanted)


def file_name(name: str) -> str:
    """The name of the file, without suffix, of a model that a person calls so. Raises CheckpointError for none."""
    words = "".join(one if one.isalnum() or one in "-_. ()" else "-" for one in name)
    clean = " ".join(words.split()).strip(".- ")[:NAME_MAX].strip()
    if not clean:
        raise CheckpointError("A model cannot be called '{0}'; use letters or digits.", name)
    return clean


def default_name() -> str | None:
    """The name of the model that is used when none is named, None when there is no telling."""
    return _default_name({entry.name: entry for entry in installed()})


def _entries_of(folder: Path, bundled: bool) -> dict[str, ModelEntry]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == SUFFIX and path.is_file())
    except OSError:
        return {}
    return {path.stem: _entry_of(path, bundled) for path in paths if path.stem != MATCHER}


def _entry_of(path: Path, bundled: bool) -> ModelEntry:
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
        raise CheckpointError("There is no default model; name one of: {0}.", _names(entries))
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
    return _entry_of(path, bundled=True) if plain and path.is_file() else None


def _file(entries: list[ModelEntry], named: str | Path) -> Path:
    path = Path(named)
    looks_like_file = isinstance(named, Path) or len(path.parts) > 1 or path.suffix.lower() in FOREIGN_SUFFIXES
    if not looks_like_file and not path.exists():
        if not entries:
            raise CheckpointError("There is no model named '{0}'; none is installed.", named)
        raise CheckpointError("There is no model named '{0}'; there are: {1}.", named, _names(entries))
    return path


def _names(entries: list[ModelEntry]) -> str:
    return ", ".join(entry.name for entry in entries)


def place_of(name: str) -> Path:
    """Where a model of that name is installed; the person's folder is made. Raises CheckpointError."""
    folder = user_folder()
    if folder is None:
        raise CheckpointError("There is no folder for installed models; name one in the environment as NURIE_MODELS.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CheckpointError("The folder {0} cannot be made: {1}.", folder, error.strerror or error) from error
    return folder / f"{name}{SUFFIX}"


def _copy(source: Path, target: Path) -> None:
    try:
        with atomic_path(target) as temporary:
            shutil.copyfile(source, temporary)
    except PictureError as error:
        raise CheckpointError("The model was not installed, an older one stays as it was: {0}", error) from error


def _require_match(
    path: Path, expected: "Mapping[str, Tensor]", state: "Mapping[str, Tensor] | Mapping[str, TensorEntry]"
) -> None:
    missing, extra = sorted(set(expected) - set(state)), sorted(set(state) - set(expected))
    reshaped = [name for name in expected if name in state and tuple(state[name].shape) != tuple(expected[name].shape)]
    if missing:
        problem = f"lacks {_listed(missing)}"
    elif extra:
        problem = f"has {_listed(extra)} too many"
    elif reshaped:
        name = reshaped[0]
        problem = f"has '{name}' in the shape {list(state[name].shape)} instead of {list(expected[name].shape)}"
    else:
        return
    raise CheckpointError("The weights in {0} do not fit its architecture: it {1}; get the file again.", path, problem)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"'{names[0]}'{more}"
