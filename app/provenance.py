"""How a picture was made, as text that goes into its file, the same from the window and from the command line."""

from __future__ import annotations

import json

from engine import __version__
from engine.request import ColorizeRequest, ColorizeResult


def picture_text(request: ColorizeRequest, result: ColorizeResult, model: str, sha256: str) -> dict[str, str]:
    """Keys and values for PNG text: program, model (name and SHA-256 of its file) and settings as JSON."""
    made = {
        "lines": "extract" if request.line_art.extracted else "ink",
        "sigma": request.sigma,
        "soft": request.line_art.soft,
        "size": request.working_size,
        "references": len(request.references),
        "device": result.device,
        "precision": result.precision,
    }
    return {
        "Software": f"Nurie {__version__}",
        "Model": model,
        "Model sha256": sha256,
        "Settings": json.dumps(made, sort_keys=True),
    }
