"""Caps, hats, headbands, ribbons and the hijab."""

import numpy as np

from trainer.drawn_characters.bangs import brow_point
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import capsule, ellipse, smooth, xy
from trainer.drawn_characters.faces import Head


def draw_head_wear(head: Head) -> None:
    """Cap, beanie, hijab drape, headband, ribbon or straw hat."""
    kind, pen = head.who.head_wear, head.pen
    if kind in {"cap", "beanie", "straw"}:
        shell = head.skull(1.16)
        local = (shell - head.center) @ np.linalg.inv(head.basis)
        brow = -0.34 if kind != "straw" else -0.45
        dome = local[local[:, 1] < brow]
        if len(dome) < 3:
            return
        dome = dome[np.argsort(np.arctan2(dome[:, 1] + 0.3, dome[:, 0]))]
        left, right = dome[0], dome[-1]
        band = smooth([left, (left[0] * 0.5 + right[0] * 0.5, brow + 0.14 * head.facing), right], False)
        outline = np.concatenate([dome, band[::-1]])
        if kind == "straw":
            mid = (left + right) / 2
            pen.part([head.to_body(ellipse(mid, 1.5, 0.34 + 0.05 * head.facing, 0, 24))], Part.HAT)
        pen.part([head.to_body(outline)], Part.HAT)
        if kind == "beanie":
            ends = head.to_body(np.array([left, right]))
            pen.part([capsule(ends[0], ends[1], head.radius * 0.17, head.radius * 0.17)], Part.HAT_TRIM)
            tip = (dome[:, 0].mean(), local[:, 1].min() - 0.1)
            pen.part([head.to_body(ellipse(tip, 0.2))], Part.HAT_TRIM)
        elif kind == "straw":
            ring = np.concatenate([band, band[::-1] + xy(0, -0.2)])
            pen.part([head.to_body(ring)], Part.HAT_TRIM)
        elif head.facing > -0.25:
            x, y = head.project(0, brow + 0.06, 0.75)
            tip = head.project(0, brow + 0.12, 1.4)
            brim = [
                (x - 0.6 * abs(head.c) - 0.12, y),
                (x + 0.6 * abs(head.c) + 0.12, y),
                (tip[0] + 0.35 * abs(head.c), tip[1] + 0.08),
                (tip[0] - 0.35 * abs(head.c), tip[1] + 0.08),
            ]
            pen.part([head.to_body(smooth(brim, True, 3))], Part.HAT_TRIM)
    elif kind == "headband":
        ring = (
            [brow_point(head, a, 24, 1.06 * head.who.hair_volume) for a in (-86, -50, -20, 0, 20, 50, 86)]
            if head.facing > -0.2
            else [_edge_back(head, a) for a in (-86, -40, 0, 40, 86)]
        )
        lower, upper = smooth(ring, False, 3), smooth([(x, y - 0.17) for x, y in ring], False, 3)
        pen.part([head.to_body(np.concatenate([lower, upper[::-1]]))], Part.HAT_TRIM)
    elif kind == "ribbon":
        x, y = head.project(0.55, -0.85, 0)
        for way in (-1, 1):
            pen.part(
                [head.to_body(smooth([(x, y), (x + way * 0.42, y - 0.24), (x + way * 0.46, y + 0.2)], True, 4))],
                Part.HAT_TRIM,
            )
        pen.part([head.to_body(ellipse((x, y), 0.11, 0.12, 0, 12))], Part.HAT_TRIM)


def _edge_back(head: Head, azimuth: float) -> tuple[float, float]:
    x, y, _ = head.surface(180 + azimuth - float(np.degrees(head.turn)) + 180, 24, 1.06 * head.who.hair_volume)
    return x, y


def draw_drape(head: Head) -> None:
    """The lower part of a hijab over neck and shoulders."""
    if head.who.head_wear != "hijab":
        return
    fig = head.fig
    chest, half = fig.level(0.86)
    x0 = chest - fig.side * half * 0.92
    x1 = chest + fig.side * half * 0.92
    jaw_l, jaw_r = head.to_body(np.array([head.project(-0.75, 0.35, -0.1), head.project(0.75, 0.35, -0.1)]))
    if jaw_l[0] > jaw_r[0]:
        jaw_l, jaw_r = jaw_r, jaw_l
    low, _ = fig.level(0.66)
    if (x0 - x1)[0] > 0:
        x0, x1 = x1, x0
    head.pen.part([smooth(np.array([jaw_l, jaw_r, x1, (low + x1) / 2, low, (low + x0) / 2, x0]), True, 4)], Part.HAT)
    for k in (0.25, 0.55):
        a, b = jaw_l + (jaw_r - jaw_l) * 0.1, jaw_l + (jaw_r - jaw_l) * 0.9
        head.pen.stroke(
            smooth(
                np.array([a + (x0 - a) * k, (low - a * 0.5 - b * 0.5) * k + a * 0.5 + b * 0.5, b + (x1 - b) * k]), False
            ),
            0.7,
        )
