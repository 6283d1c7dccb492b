"""Cases of whole pages: tone, panels and strips."""

from pathlib import Path

import numpy as np

from tests.cases.running import COLORS, PLACES, Finding, Pixels, color_at, colored, is_near, nurie, pixels, wrong_parts

WHITE = (255, 255, 255)


def _share(picture: Pixels, box: tuple[float, float, float, float], color: tuple[int, int, int]) -> float:
    """How much of a box (left, top, right, bottom; of 512 × 640) has this color, ink left out."""
    across, down = picture.shape[1] / 512, picture.shape[0] / 640
    left, top, right, bottom = box
    part = picture[round(top * down) : round(bottom * down), round(left * across) : round(right * across)]
    flat = part.reshape(-1, 3).astype(int)
    flat = flat[flat.max(axis=1) > 70]
    return float((np.abs(flat - np.array(color)).max(axis=1) <= 24).mean()) if len(flat) else 0.0


def screentone(case: Path, out: Path) -> list[Finding]:
    """05"""
    layers = out / "layers"
    run = nurie(
        "colorize", case / "tone.png", "--reference", case / "ref.png", "--output", out / "out.png", "--layers", layers
    )
    if run.code:
        return [Finding("colored", False, run.said)]
    flat = layers / "02 Flats.png"  # in the picture the dots lie over the colors
    findings = [colored(run, flat, "colored")]
    flats = pixels(flat)
    boxes = {
        "hat": (225, 50, 305, 98),
        "shirt": (210, 270, 320, 375),
        "trousers": (208, 400, 240, 510),
    }
    for part, box in boxes.items():
        share = _share(flats, box, COLORS[part])
        findings.append(Finding(f"{part}: one color", share > 0.98, f"{share:.1%}"))
    for side, box in {"left": (20, 240, 120, 420), "right": (412, 240, 500, 420)}.items():
        share = _share(pixels(out / "out.png"), box, WHITE)
        findings.append(Finding(f"nothing runs out at the {side}", share > 0.98, f"{share:.1%} paper"))
    return findings


def comic_page(case: Path, out: Path) -> list[Finding]:
    """06"""
    run = nurie("colorize", case / "page.png", "--reference", case / "ref.png", "--output", out / "out.png")
    if run.code:
        return [Finding("colored", False, run.said)]
    page = pixels(out / "out.png")
    papers = {
        "first balloon": (464, 101),
        "second balloon": (1043, 90),
        "third balloon": (879, 955),
        "first panel's ground": (71, 724),
        "second panel's ground": (661, 724),
        "third panel's ground": (1098, 1543),
    }
    found = {name: color_at(page, *place) for name, place in papers.items()}
    findings = [Finding(f"{name} is paper", is_near(color, WHITE), f"{color}") for name, color in found.items()]
    hat = color_at(page, 377, 931)
    return [*findings, Finding("third figure's hat", is_near(hat, COLORS["hat"]), f"{hat}")]


def _places(panel: int) -> dict[str, tuple[float, float]]:
    """Where the parts of a strip's figure lie: panels are 2000 pixels high."""
    return {part: (242 + (x - 135) * 1.206, panel * 2000 + 435 + (y - 38) * 1.207) for part, (x, y) in PLACES.items()}


def strip(case: Path, out: Path) -> list[Finding]:
    """07"""
    findings: list[Finding] = []
    for name, panels in (("one_panel_of_it", 1), ("strip", 6), ("strip_24000", 12)):
        run = nurie("colorize", case / f"{name}.png", "--reference", case / "ref.png", "--output", out / f"{name}.png")
        if run.code:
            findings.append(Finding(f"{name}: opened", False, run.said))
            continue
        picture = pixels(out / f"{name}.png")
        if panels > 1 and "pixels, which is little" in run.err:
            findings.append(Finding(f"{name}: at least said that it is seen too small", True, run.said))
        wrong = [wrong_parts(picture, places=_places(panel)) for panel in range(panels)]
        right = sum(not parts for parts in wrong)
        kinds = {tuple(color_at(picture, *_places(panel)[part]) for part in PLACES) for panel in range(panels)}
        equal = f"{len(kinds)} kinds"
        findings.append(Finding(f"{name}: figures right", right == panels, f"{right} of {panels}; first {wrong[0]}"))
        if panels > 1:
            findings.append(Finding(f"{name}: figures equal", len(kinds) == 1, equal))
    return findings
