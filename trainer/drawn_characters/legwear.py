"""Trousers, shorts and skirts that follow the legs, with seams, pockets and folds."""

from math import cos, hypot, sin

import numpy as np

from trainer.drawn_characters.body import SIDES, Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, hull, lerp, smooth, xy

_LONG = {"trousers": 0.97, "jeans": 0.97, "shorts": 0.42, "leggings": 0.93, "wide": 0.98, "capri": 0.72, "cargo": 0.96}
_SKIRTS = {"skirt": 0.5, "long_skirt": 0.9}
ONE_PIECE = {"dress": 0.55, "long_dress": 0.95, "kimono": 0.93}


def has_skirt(fig: Figure) -> bool:
    """Whether something hangs around both legs."""
    return fig.who.top in ONE_PIECE or fig.who.bottom in _SKIRTS


def trouser_leg(fig: Figure, side: str) -> None:
    """One leg of the trousers with its fold lines; nothing under a skirt or dress."""
    who, pen = fig.who, fig.canvas
    if has_skirt(fig):
        return
    upto = _LONG[who.bottom]
    ease = 1.04 if who.bottom == "leggings" else who.bottom_fit
    flare = {"wide": 0.75, "shorts": 0.35, "trousers": 0.3, "jeans": 0.2, "cargo": 0.35}.get(who.bottom, 0.1)
    shapes = fig.limb_shapes("leg", side, upto, ease, flare)
    # Short legs are cut straight across, not rounded.
    shapes = cut_end(fig, "leg", side, upto, shapes)
    pen.part(shapes, Part.BOTTOM)
    end, angle, r = fig.limb_end("leg", side, upto)
    cuff(fig, end, angle, r * ease * (1 + flare * 0.6), Part.BOTTOM_TRIM if who.pattern == "band" else None)
    if upto > 0.6 and who.bottom != "leggings":
        knee = fig.at["knee_" + side]
        w = fig.leg[1] * ease
        for k in (-0.35, 0.3):
            pen.stroke(
                smooth(
                    [knee + xy(-w * 0.9, w * k), knee + xy(-w * 0.2, w * (k + 0.25)), knee + xy(w * 0.3, w * k)], False
                ),
                0.6,
            )
    if who.bottom == "cargo" and abs(fig.facing) < 0.95:
        p = lerp(fig.at["hip_" + side], fig.at["knee_" + side], 0.75)
        w = fig.leg[0] * 0.55
        pen.part([smooth([p + xy(-w, -w), p + xy(w, -w), p + xy(w, w), p + xy(-w, w)], True, 1)], Part.BOTTOM, 0.7)


def cut_end(fig: Figure, kind: str, side: str, upto: float, shapes: list[Shape]) -> list[Shape]:
    """Take the round cap off the end of a sleeve or leg by clipping to the half plane before its end."""
    end, angle, _ = fig.limb_end(kind, side, upto)
    d = np.array([cos(angle), sin(angle)])
    last = shapes[-1].copy()
    over = (last - end) @ d
    last[over > 0] -= np.outer(over[over > 0], d)
    return [*shapes[:-1], last]


def cuff(fig: Figure, end: Shape, angle: float, r: float, label: Part | None) -> None:
    """The end of a sleeve or leg: a seam, or a band of its own colour."""
    d = np.array([cos(angle), sin(angle)])
    n = np.array([-d[1], d[0]])
    size = 0.012 * fig.body
    if label is None:
        a = end - d * size
        fig.canvas.stroke([a - n * r * 0.92, a + d * r * 0.1, a + n * r * 0.92], 0.55)
        return
    band = np.array([end - n * r, end + n * r, end + n * r - d * size * 1.6, end - n * r - d * size * 1.6])
    fig.canvas.part([band], label, 0.8)


def hip_patch(fig: Figure) -> None:
    """The seat of the trousers, which joins both legs, with fly, pockets and belt line."""
    who, pen = fig.who, fig.canvas
    if has_skirt(fig):
        return
    ease = 1.03 if who.bottom == "leggings" else 1.06
    seat = fig.torso(-0.16, 0.22, ease)
    pen.fill(seat, Part.BOTTOM)
    left, right = seat[: len(seat) // 2], seat[len(seat) // 2 :]
    cut = max(3, int(len(left) * 0.75))
    pen.stroke(left[:cut], 1.3, taper=False)
    pen.stroke(right[-cut:], 1.3, taper=False)
    pen.stroke(np.array([left[0], right[-1]]), 1.3, taper=False)
    if fig.facing > 0.2 and who.bottom != "leggings":
        a, b = fig.chest_point(0.0, 0.2), fig.chest_point(0.0, -0.12)
        pen.stroke([a, lerp(a, b, 0.5), b], 0.7)
        for side in (-1, 1):
            p, q = fig.chest_point(0.45 * side, 0.18), fig.chest_point(0.85 * side, 0.04)
            pen.stroke([p, lerp(p, q, 0.5) + fig.spine * -0.02, q], 0.6)
    elif fig.facing < -0.3:
        a, b = fig.level(0.1)[0], fig.level(-0.14)[0]
        pen.stroke([a, lerp(a, b, 0.5), b], 0.7)


def skirt(fig: Figure, label: Part, reach: float, waist: float = 0.3) -> None:
    """Cloth hanging from the waist around both thighs, as far down the legs as reach in [0, 1]."""
    pen = fig.canvas
    center, half = fig.level(waist)
    hips, hip_half = fig.level(0.0)
    circles = [(*(center + fig.side * half * k * 0.97), 0.01) for k in (-1, 1)]
    circles += [(*(hips + fig.side * hip_half * k), 0.012) for k in (-0.95, 0.95)]
    ends = []
    flare = fig.leg[0] * (0.9 + 0.5 * fig.who.bottom_fit)
    for side in SIDES:
        end, angle, r = fig.limb_end("leg", side, reach)
        knee = fig.at["knee_" + side]
        if reach > 0.5:
            circles.append((*knee, fig.leg[1] * 1.25))
        ends.append(end)
        across = np.array([-sin(angle), cos(angle)]) * (r * 0.9 + 0.45 * flare)
        circles += [(*(end + across), 0.008), (*(end - across), 0.008)]
    shape = hull([(float(x), float(y), float(r)) for x, y, r in circles], 18)
    pen.part([shape], label)
    low = (ends[0] + ends[1]) / 2
    with pen.inside([shape]):
        for k in (-0.75, -0.35, 0.1, 0.5, 0.8):
            start = lerp(center, hips, 0.6) + fig.side * half * k
            end = low + fig.side * flare * 2.2 * k
            pen.stroke(
                smooth(
                    [
                        lerp(start, end, 0.35 + 0.15 * abs(k)),
                        lerp(start, end, 0.7) + fig.side * 0.01,
                        end + (end - start) * 0.1,
                    ],
                    False,
                ),
                0.6,
            )
        if fig.who.pattern in {"band", "stripes"}:
            axis = low - center
            n = np.array([-axis[1], axis[0]]) / max(hypot(*axis), 1e-6)
            a = low + axis * 0.02
            pen.part(
                [np.array([a - n * 0.5, a + n * 0.5, a + n * 0.5 - axis * 0.1, a - n * 0.5 - axis * 0.1])],
                Part.BOTTOM_TRIM if label is Part.BOTTOM else Part.TOP_TRIM,
                0.7,
            )


def bottoms_over(fig: Figure) -> None:
    """Skirts and the skirts of dresses, drawn after the legs."""
    who = fig.who
    if who.top in ONE_PIECE:
        skirt(fig, Part.TOP, ONE_PIECE[who.top], 0.35)
    elif who.bottom in _SKIRTS:
        skirt(fig, Part.BOTTOM, _SKIRTS[who.bottom])
