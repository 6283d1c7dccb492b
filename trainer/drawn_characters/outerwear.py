"""What is worn over clothes: cape, apron, tie, scarf and bag."""

from math import hypot

import numpy as np

from trainer.drawn_characters.body import Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import capsule, ellipse, lerp, smooth, xy
from trainer.drawn_characters.garments import OPEN_TOPS


def scarf(fig: Figure) -> None:
    """A scarf around the neck with one hanging end."""
    if "scarf" not in fig.who.extras or fig.who.head_wear == "hijab":
        return
    c, half = fig.level(1.0)
    w = half * 1.05
    up = fig.spine / max(hypot(*fig.spine), 1e-6) * 0.03 * fig.body
    if fig.facing > -0.2:
        a = fig.chest_point(0.3, 0.95)
        b = fig.chest_point(0.36, 0.55)
        fig.canvas.part([capsule(a, b, 0.028 * fig.body, 0.034 * fig.body)], Part.SCARF)
    ring = capsule(c - fig.side * w * 0.75, c + fig.side * w * 0.75, 0.034 * fig.body, 0.034 * fig.body)
    fig.canvas.part([ring + up * 0.2], Part.SCARF)
    fig.canvas.stroke(smooth([c - fig.side * w * 0.5, c - up * 0.5, c + fig.side * w * 0.6 + up * 0.5], False), 0.7)


def bag(fig: Figure) -> None:
    """A shoulder bag at the hip with a strap across the chest."""
    if "bag" not in fig.who.extras:
        return
    hip, half = fig.level(0.02)
    way = 1.0 if fig.facing > 0 else -1.0
    shoulder, shoulder_half = fig.level(0.95)
    p = hip + fig.side * half * 1.05 * way
    start = shoulder - fig.side * shoulder_half * 0.6 * way
    fig.canvas.part([capsule(start, p, 0.01 * fig.body, 0.01 * fig.body)], Part.BAG, 0.8)
    s = 0.075 * fig.body
    fig.canvas.part(
        [smooth([p + xy(-s, -s * 0.3), p + xy(s, -s * 0.3), p + xy(s, s * 1.1), p + xy(-s, s * 1.1)], True, 2)],
        Part.BAG,
    )
    fig.canvas.stroke(smooth([p + xy(-s, s * 0.1), p + xy(0, s * 0.5), p + xy(s, s * 0.1)], False), 0.8)


def cape(fig: Figure) -> None:
    """A cape from the shoulders to the shins, behind the body."""
    if "cape" not in fig.who.extras:
        return
    neck, _ = fig.level(0.98)
    shoulder, half = fig.level(0.86)
    low = (fig.at["ankle_r"] + fig.at["ankle_l"]) / 2
    fall = np.array([0.0, max(0.45 * (low[1] - neck[1]), 0.75 * fig.who.torso)]) * 1.75
    back = -0.1 * fig.body * fig.sideways
    wide = half * 1.15 + 0.07 * fig.body
    hem = shoulder + fall + xy(back * 1.8 + 0.06 * fig.body * fig.pose.sway, 0.0)
    n = 5
    lower = [hem + xy(wide * (1 - 2 * i / n), 0.02 * fig.body * (i % 2)) for i in range(n + 1)]
    top = [neck - fig.side * half * 0.45, shoulder - fig.side * half * 1.08 + xy(back * 0.4, 0)]
    other = [shoulder + fig.side * half * 1.08 + xy(back * 0.4, 0), neck + fig.side * half * 0.45]
    if top[1][0] > other[0][0]:
        top, other = other[::-1], top[::-1]
    fig.canvas.part([np.array([*top, *lower[::-1], *other])], Part.CAPE)
    for i in range(1, n):
        start = lerp(shoulder, lower[i], 0.35)
        fig.canvas.stroke(smooth([start, lerp(start, lower[i], 0.6) + xy(0.01, 0), lower[i]], False), 0.7)


def apron(fig: Figure) -> None:
    """An apron over the front; seen from behind, its strings."""
    if "apron" not in fig.who.extras or fig.who.top in OPEN_TOPS | {"overalls"}:
        return
    pen = fig.canvas
    if fig.facing < -0.1:
        c, half = fig.level(0.3)
        pen.part(
            [capsule(c - fig.side * half, c + fig.side * half, 0.009 * fig.body, 0.009 * fig.body)], Part.APRON, 0.8
        )
        return
    knees = (fig.at["knee_r"] + fig.at["knee_l"]) / 2
    waist = [fig.chest_point(k, 0.3) for k in (-0.9, 0.9)]
    wide = (waist[1] - waist[0]) * 0.12
    low = lerp(fig.level(0.0)[0], knees, 0.8) - (waist[0] + waist[1]) / 2
    bib = [fig.chest_point(k, t) for k, t in ((-0.45, 0.72), (0.45, 0.72), (0.5, 0.36))]
    outline = [*bib, waist[1], waist[1] + low + wide, waist[0] + low - wide, waist[0], fig.chest_point(-0.5, 0.36)]
    pen.part([np.array(outline)], Part.APRON)
    for k in (-1, 1):
        a, b = fig.chest_point(0.42 * k, 0.72), fig.chest_point(0.4 * k, 0.96)
        pen.part([capsule(a, b, 0.009 * fig.body, 0.009 * fig.body)], Part.APRON, 0.8)
    pen.stroke([waist[0], lerp(waist[0], waist[1], 0.5) - fig.spine * 0.02, waist[1]], 0.7)


def tie(fig: Figure) -> None:
    """A tie or a bow on a collar."""
    if (
        "tie" not in fig.who.extras
        or fig.who.top not in {"shirt", "suit", "sailor", "polo", "vest"}
        or fig.facing < 0.1
    ):
        return
    s = 0.022 * fig.body
    knot = fig.chest_point(0.0, 0.84)
    if fig.who.locks % 2:
        for k in (-1, 1):
            wing = [knot, knot + xy(k * s * 2.2, -s), knot + xy(k * s * 2.4, s)]
            fig.canvas.part([smooth(np.array(wing), True, 3)], Part.TIE, 0.8)
    else:
        blade = [
            fig.chest_point(k, t) for k, t in ((-0.06, 0.8), (-0.17, 0.42), (0.0, 0.34), (0.17, 0.42), (0.06, 0.8))
        ]
        fig.canvas.part([np.array(blade)], Part.TIE, 0.8)
    fig.canvas.part([ellipse(knot, s, s * 0.9, 0.0, 12)], Part.TIE, 0.8)
