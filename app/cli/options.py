"""Options that several commands share."""

import argparse
import functools
import re
import typing
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from app.cli.parser import file
from engine.errors import RequestError
from engine.export import formats
from engine.option_fields import Setting, hints_of, settings_of
from engine.options import (
    ColorOptions,
    ExportOptions,
    FinishOptions,
    LayerOptions,
    LineOptions,
    Options,
    Sampling,
    plain,
    with_values,
)
from engine.request import WEIGHT_MAX, DeviceChoice

if TYPE_CHECKING:
    from app.batch.cluster import ClusterOptions


def whole(text: str) -> int:
    """A whole number from 1 up, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"choose a whole number from 1 up, not '{text}'")
    return value


def names(text: str) -> tuple[str, ...]:
    """Names between commas, blanks left out."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def jobs(text: str) -> int:
    """Rows in work at a time, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"choose a number of jobs from 1 to 64, not '{text}'")
    return value


def panel_reference(text: str) -> tuple[int, Path]:
    """The number of a panel and a file, from N=FILE, or argparse's error."""
    from app.batch.references import panel_of

    try:
        number, name = panel_of(text)
    except RequestError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return number, file(name)


def add_panel_option(parser: argparse.ArgumentParser) -> None:
    """`--panel N=REF`."""
    parser.add_argument(
        "--panel",
        metavar="N=REF",
        type=panel_reference,
        action="append",
        default=[],
        help="a color picture for one panel of a comic page alone, which then takes no color from the others; panels "
        "are numbered from 1, row by row from the left; may be given again",
    )


def weight(text: str) -> float:
    """The weight of a reference, or argparse's error."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value <= WEIGHT_MAX:
        raise argparse.ArgumentTypeError(f"choose a weight from 0 to {WEIGHT_MAX:g}, not '{text}'")
    return value


def add_settings(parser: argparse.ArgumentParser, group: Any, without: Sequence[str] = ()) -> None:
    """An option for each setting of a group of `engine.options`, as its type and range ask for."""
    hints = hints_of(group)
    for name, known in settings_of(group).items():
        if name in without:
            continue
        default, hint, words = getattr(group, name), hints[name], known.meaning
        form: dict[str, Any] = {"default": default, "dest": name}
        if typing.get_origin(hint) is typing.Literal:
            form |= {"choices": typing.get_args(hint)}
            words += "" if "default" in words else f" (default {default})"
        elif hint == tuple[str, ...]:
            form |= {"action": "append", "type": _layer, "metavar": "LAYER", "default": []}
        elif hint is bool and not default:
            form = {"action": "store_true", "dest": name}
        elif hint is bool:
            form |= {"type": _on_off, "metavar": "on|off"}
            words += " (default on)"
        else:
            form |= {"type": number(group, name), "metavar": _METAVARS.get(name, "N")}
            words += f", {known.range()}"
            if default is not None:
                words += f" (default {','.join(map(str, default)) if isinstance(default, tuple) else default})"
        flag = name.removesuffix("s") if hint == tuple[str, ...] else name
        parser.add_argument(f"--{flag.replace('_', '-')}", help=words, **form)


def number(group: Any, name: str) -> Callable[[str], Any]:
    """What reads the numeric setting `name` of a group from the command line."""
    return functools.partial(_number, name, hints_of(group)[name], settings_of(group)[name])


_METAVARS = {"sigma": "S", "levels": "BLACK,WHITE"}


def _layer(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a layer is empty")
    return text


def _on_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise argparse.ArgumentTypeError(f"choose on or off, not '{text}'")
    return text == "on"


def _number(name: str, hint: Any, known: Setting, text: str) -> Any:
    """A number, or two with a comma between, within the range of a setting; or argparse's error."""
    count = len(typing.get_args(hint)) if typing.get_origin(hint) is tuple else 1
    parts, wanted = text.split(","), float if float in (hint, *typing.get_args(hint)) else int
    try:
        if len(parts) != count or len(text) > 40 or not text.isascii():
            raise ValueError
        numbers = tuple(wanted(part) for part in parts)
    except ValueError:
        numbers = ()
    inside = known.low is None or known.high is None or all(known.low <= one <= known.high for one in numbers)
    if not numbers or not inside or (count == 2 and numbers[0] >= numbers[1]):
        what = "two numbers with a comma between, the smaller first, each" if count > 1 else f"a {name}"
        raise argparse.ArgumentTypeError(f"choose {what} from {known.range()}, not '{text}'")
    return numbers if count > 1 else numbers[0]


def options_of(arguments: argparse.Namespace) -> Options:
    """The settings among the parsed arguments; a palette file is read. Raises PictureError and RequestError."""
    from engine import pipeline

    options = Options()
    named = {name: _frozen(getattr(arguments, name)) for name in plain(options) if hasattr(arguments, name)}
    options = with_values(options, named)
    finish = replace(pipeline.with_palette(options.finish, arguments.palette), recolor=tuple(arguments.recolor))
    finish.require_consistent()
    return replace(options, finish=finish)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def line_options_of(arguments: argparse.Namespace) -> LineOptions:
    """The settings of lines among the parsed arguments. Raises RequestError."""
    names = (name for name in settings_of(LineOptions) if hasattr(arguments, name))
    return LineOptions(**{name: getattr(arguments, name) for name in names})


def export_options_of(arguments: argparse.Namespace) -> ExportOptions:
    """What is to be written, among the parsed arguments. Raises RequestError."""
    return ExportOptions(**{name: getattr(arguments, name) for name in settings_of(ExportOptions)})


def add_line_options(parser: argparse.ArgumentParser) -> None:
    """How line art is drawn from a color picture, and how it is cleaned."""
    add_settings(parser, LineOptions(), without=("lines",))


def add_layer_option(parser: argparse.ArgumentParser, name: str) -> None:
    """One of the settings of `LayerOptions`."""
    add_settings(parser, LayerOptions(), without=[one for one in settings_of(LayerOptions) if one != name])


def add_sheet_option(parser: argparse.ArgumentParser) -> None:
    """--sheet: whether a reference is cut into its figures."""
    add_settings(parser, ColorOptions(), without=[one for one in settings_of(ColorOptions) if one != "sheet"])


def add_colorize_options(parser: argparse.ArgumentParser) -> None:
    """The options of `colorize` that `batch` has too."""
    add_settings(parser, LineOptions())
    add_model_options(parser)
    add_settings(parser, LayerOptions())
    add_settings(parser, ColorOptions())
    add_settings(parser, Sampling())
    add_settings(parser, FinishOptions(), without=("locked",))
    parser.add_argument(
        "--palette",
        type=palette,
        default="lock",
        metavar="lock|off|FILE",
        help="flats take the colors of the references (lock, the default), of a palette file, or any (off)",
    )
    parser.add_argument(
        "--recolor",
        type=recoloring,
        action="append",
        default=[],
        metavar="SWATCH=#RRGGBB",
        help="give a swatch, called by its name or its #rrggbb, another color wherever it is used; may be given again",
    )
    add_json_option(parser)


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """--model and --device."""
    parser.add_argument(
        "--model", metavar="NAME|FILE", help="a model of `nurie models`, or a file (default: the shipped one)"
    )
    parser.add_argument(
        "--device",
        choices=get_args(DeviceChoice),
        default="auto",
        help="where to compute (default: the fastest there is)",
    )


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """--cluster, and the files of TLS."""
    parser.add_argument(
        "--cluster",
        metavar="tcp://HOST:PORT",
        help="let the workers of this Dask scheduler color; what they see on a shared disk is not sent",
    )
    for name, what in (("ca", "of the authority"), ("cert", "of this computer's certificate"), ("key", "of its key")):
        parser.add_argument(
            f"--cluster-{name}", metavar="FILE.pem", type=file, help=f"for a scheduler at tls://…: the file {what}"
        )


def cluster_of(arguments: argparse.Namespace) -> "ClusterOptions | None":
    """Who colors, None for this computer. Raises RequestError for files of TLS without a cluster."""
    files = {name: getattr(arguments, f"cluster_{name}", None) for name in ("ca", "cert", "key")}
    address = getattr(arguments, "cluster", None)
    if address is None:
        for name, path in files.items():
            if path is not None:
                raise RequestError("--cluster-{0} is for a cluster: name its scheduler with --cluster.", name)
        return None
    from app.batch.cluster import ClusterOptions

    return ClusterOptions(address, files["ca"], files["cert"], files["key"])


def stroke(text: str) -> tuple[tuple[int, int], ...]:
    """Points "X,Y:X,Y[:X,Y…]" in pixels, or argparse's error."""
    try:
        points = tuple((int(x), int(y)) for x, y in (point.split(",") for point in text.split(":")))
    except ValueError:
        points = ()
    if len(points) < 2:
        raise argparse.ArgumentTypeError(f"give two points or more as X,Y:X,Y, not '{text}'")
    return points


def pair(text: str) -> tuple[tuple[int, int], ...]:
    """Two points "X,Y:X,Y" in pixels, or argparse's error."""
    points = stroke(text)
    if len(points) != 2:
        raise argparse.ArgumentTypeError(f"give two points as X,Y:X,Y, not '{text}'")
    return points


def recoloring(text: str) -> tuple[str, tuple[int, int, int]]:
    """A swatch and its new color from "SWATCH=#rrggbb", or argparse's error."""
    swatch, _, digits = text.rpartition("=")
    if not swatch or not re.fullmatch("#[0-9a-fA-F]{6}", digits):
        raise argparse.ArgumentTypeError(f"give a swatch and its new color as 'light green=#40a060', not '{text}'")
    red, green, blue = bytes.fromhex(digits[1:])
    return swatch, (red, green, blue)


def palette(text: str) -> str | Path:
    """ "lock", "off" or the name of a palette file."""
    return text if text in ("lock", "off") else file(text)


def add_quality_option(parser: argparse.ArgumentParser) -> None:
    """--quality: of pictures that may lose something."""
    parser.add_argument(
        "--quality",
        type=_quality,
        default=formats.QUALITY_DEFAULT,
        metavar="N|lossless",
        help=f"of jpg and webp, 1 to 100 (default {formats.QUALITY_DEFAULT}); webp can also be lossless",
    )


def _quality(text: str) -> formats.Quality:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if text == "lossless":
        return "lossless"
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError(f"choose a quality from 1 to 100, or lossless, not '{text}'")
    return value


def quality_of(arguments: argparse.Namespace, kind: formats.Format | None) -> formats.Quality:
    """--quality for this kind of file. Raises RequestError where it cannot be lossless."""
    if arguments.quality == "lossless" and kind is not None and kind.id != "webp":
        raise RequestError("Only webp can be lossless here: choose a webp, or png, which always is.")
    return arguments.quality


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """--json: one object on stdout."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
