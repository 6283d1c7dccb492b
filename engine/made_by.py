"""How a picture was made, as text that goes into its file, the same from the window and from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine import __version__
from engine.options import Options, plain
from engine.request import ColorizeResult

if TYPE_CHECKING:
    from engine.finishing import Finished


def picture_text(
    options: Options, result: ColorizeResult, finished: Finished, model: str, sha256: str
) -> dict[str, str]:
    """Keys and values for the text of a file: program, model (name and SHA-256 of its file), the SHA-256 of the file
    that matched parts beside it where one did, and settings as JSON.

    Settings are those of `options`; where one leaves the choice to the program, it is what was chosen.
    """
    request = finished.request
    settings = plain(options if result.sampling is None else replace(options, sampling=result.sampling))
    made: dict[str, Any] = settings | {
        "lines": "extract" if request.line_art.extracted else "ink",
        "soft": request.line_art.soft,
        "references": len(request.references),
        "device": result.device,
        "precision": result.precision,
    }
    if any(reference.weight != 1.0 for reference in request.references):
        made["weights"] = [reference.weight for reference in request.references]
    if finished.regions is not None:
        made["gap"] = finished.regions.gap
        if finished.options.corrections:
            made["corrections"] = {name: len(given) for name, given in vars(finished.options.corrections).items()}
    if finished.palette is not None:
        from engine.palette import hex_of

        made["palette"] = [hex_of(swatch.color) for swatch in finished.palette.swatches]
    return {
        "Software": f"Nurie {__version__}",
        "Model": model,
        "Model sha256": sha256,
        **({"Parts sha256": finished.matcher} if finished.matcher else {}),
        "Settings": json.dumps(made, sort_keys=True),
    }
