"""Clothes that follow the torso and the limbs: trousers, skirts, tops, coats, collars, pockets, folds, patterns."""

from math import cos, hypot, sin

import numpy as np

from trainer.drawn_characters.body import SIDES, Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, capsule, ellipse, hull, lerp, smooth

_LONG = {"trousers": 0.97, "jeans": 0.97, "shorts": 0.42, "leggings": 0.93, "wide": 0.98, "capri": 0.72, "cargo": 0.96}
_SKIRTS = {"skirt": 0.5, "long_skirt": 0.9}
ONE_PIECE = {"dress": 0.55, "long_dress": 0.95, "kimono": 0.93}
OPEN_TOPS = {"jacket", "coat", "suit", "vest"}


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
    shapes = _cut(fig, "leg", side, upto, shapes)
    pen.part(shapes, Part.BOTTOM)
    end, angle, r = fig.limb_end("leg", side, upto)
    _cuff(fig, end, angle, r * ease * (1 + flare * 0.6), Part.BOTTOM_TRIM if who.pattern == "band" else None)
    if upto > 0.6 and who.bottom != "leggings":
        knee = fig.at["knee_" + side]
        w = fig.leg[1] * ease
        for k in (-0.35, 0.3):
            pen.stroke(smooth([knee + (-w * 0.9, w * k), knee + (-w * 0.2, w * (k + 0.25)), knee + (w * 0.3, w * k)], False), 0.6)
    if who.bottom == "cargo" and abs(fig.facing) < 0.95:
        p = lerp(fig.at["hip_" + side], fig.at["knee_" + side], 0.75)
        w = fig.leg[0] * 0.55
        pen.part([smooth([p + (-w, -w), p + (w, -w), p + (w, w), p + (-w, w)], True, 1)], Part.BOTTOM, 0.7)


def _cut(fig: Figure, kind: str, side: str, upto: float, shapes: list[Shape]) -> list[Shape]:
    """Take the round cap off the end of a sleeve or leg by clipping to the half plane before its end."""
    end, angle, _ = fig.limb_end(kind, side, upto)
    d = np.array([cos(angle), sin(angle)])
    last = shapes[-1].copy()
    over = (last - end) @ d
    last[over > 0] -= np.outer(over[over > 0], d)
    return [*shapes[:-1], last]


def _cuff(fig: Figure, end: Shape, angle: float, r: float, label: Part | None) -> None:
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
            pen.stroke(smooth([lerp(start, end, 0.35 + 0.15 * abs(k)), lerp(start, end, 0.7) + fig.side * 0.01, end + (end - start) * 0.1], False), 0.6)
        if fig.who.pattern in {"band", "stripes"}:
            axis = low - center
            n = np.array([-axis[1], axis[0]]) / max(hypot(*axis), 1e-6)
            a = low + axis * 0.02
            pen.part([np.array([a - n * 0.5, a + n * 0.5, a + n * 0.5 - axis * 0.1, a - n * 0.5 - axis * 0.1])], Part.BOTTOM_TRIM if label is Part.BOTTOM else Part.TOP_TRIM, 0.7)


def bottoms_over(fig: Figure) -> None:
    """Skirts and the skirts of dresses, drawn after the legs."""
    who = fig.who
    if who.top in ONE_PIECE:
        skirt(fig, Part.TOP, ONE_PIECE[who.top], 0.35)
    elif who.bottom in _SKIRTS:
        skirt(fig, Part.BOTTOM, _SKIRTS[who.bottom])


def _torso_range(fig: Figure) -> tuple[float, float]:
    low = {"crop": 0.42, "coat": 0.1, "jacket": 0.02, "hoodie": -0.06, "sweater": -0.04, "shirt": 0.1, "overalls": 0.1}.get(fig.who.top, 0.04)
    if fig.who.top in ONE_PIECE:
        low = 0.3
    return low, 0.985


def top(fig: Figure) -> None:
    """The garment on the torso with collar, pattern, pockets and folds."""
    who, pen = fig.who, fig.canvas
    low, high = _torso_range(fig)
    ease = 1.04 if who.top in {"tank", "crop", "leotard", "dress"} else 0.98 + 0.1 * who.top_fit
    shape = fig.torso(low, high, ease, 0.04 if who.top not in ONE_PIECE else 0.0)
    pen.part([shape], Part.TOP)
    with pen.inside([shape]):
        _pattern(fig)
        if who.top in ONE_PIECE:
            # The seam at the waist is the only line between bodice and skirt.
            pass
        _folds(fig, low)
    _neckline(fig)
    if who.top in OPEN_TOPS:
        _open_top(fig, ease)
    elif who.top == "overalls":
        _overalls(fig)
    if who.top in {"hoodie", "sweater"}:
        c, half = fig.level(low)
        c2, half2 = fig.level(low + 0.07)
        band = np.array([c - fig.side * half * ease, c + fig.side * half * ease, c2 + fig.side * half2 * ease, c2 - fig.side * half2 * ease])
        pen.part([band], Part.TOP_TRIM if who.pattern == "band" else Part.TOP, 0.8)
    if who.top == "hoodie" and fig.facing > 0.25:
        a = [fig.chest_point(k, t) for k, t in ((-0.32, 0.34), (0.32, 0.34), (0.55, 0.06), (-0.55, 0.06))]
        pen.part([np.array(a)], Part.TOP, 0.7)
        for k in (-0.12, 0.12):
            p = fig.chest_point(k, 0.9)
            pen.stroke([p, lerp(p, fig.chest_point(k * 1.2, 0.66), 0.5), fig.chest_point(k * 1.2, 0.66)], 0.8)
    if "belt" in who.extras and who.top not in OPEN_TOPS | {"overalls", "hoodie", "sweater"}:
        belt(fig)


def belt(fig: Figure) -> None:
    """A belt with a buckle; a sash on a kimono."""
    t = 0.12 if fig.who.top not in ONE_PIECE else 0.34
    wide = 0.16 if fig.who.top == "kimono" else 0.08
    c, half = fig.level(t)
    c2, half2 = fig.level(t + wide)
    e = 1.1
    fig.canvas.part([np.array([c - fig.side * half * e, c + fig.side * half * e, c2 + fig.side * half2 * e, c2 - fig.side * half2 * e])], Part.BELT, 0.9)
    if fig.facing > 0.1 and fig.who.top != "kimono":
        p = fig.chest_point(0.0, t + wide / 2)
        s = 0.018 * fig.body
        fig.canvas.part([smooth([p + (-s, -s), p + (s, -s), p + (s, s), p + (-s, s)], True, 1)], Part.BUCKLE, 0.8)


def _folds(fig: Figure, low: float) -> None:
    pen = fig.canvas
    waist, half = fig.level(max(0.36, low + 0.1))
    for k, way in ((-0.9, 1), (0.9, -1)):
        p = waist + fig.side * half * k
        pen.stroke(smooth([p, p + fig.side * half * 0.25 * way - fig.spine * 0.02, p + fig.side * half * 0.5 * way + fig.spine * 0.03], False), 0.6)
    arm, half = fig.level(0.84)
    for k, way in ((-0.8, 1), (0.8, -1)):
        p = arm + fig.side * half * k
        pen.stroke(smooth([p, p + fig.side * half * 0.12 * way - fig.spine * 0.05, p + fig.side * half * 0.14 * way - fig.spine * 0.12], False), 0.6)


def _pattern(fig: Figure) -> None:
    who, pen = fig.who, fig.canvas
    step = 0.16 * who.pattern_size
    if who.pattern in {"stripes", "checks"}:
        t = 0.0
        while t < 0.95:
            c, half = fig.level(t)
            c2, _ = fig.level(t + step * 0.5)
            e = half * 1.5
            sag = fig.spine * -0.03 * (1 if fig.facing > 0 else -1)
            lower = smooth([c - fig.side * e, c + sag, c + fig.side * e], False)
            upper = smooth([c2 - fig.side * e, c2 + sag, c2 + fig.side * e], False)
            pen.part([np.concatenate([lower, upper[::-1]])], Part.TOP_PATTERN, 0.6)
            t += step
    if who.pattern == "checks":
        for k in np.arange(-0.9, 1.0, 0.36 * who.pattern_size):
            pen.stroke([fig.chest_point(float(np.clip(k, -1, 1)), t) for t in (0.0, 0.3, 0.6, 0.95)], 0.5, taper=False)
    elif who.pattern == "dots":
        for i, t in enumerate(np.arange(0.05, 0.95, step * 0.9)):
            for k in np.arange(-0.85 + 0.2 * (i % 2), 0.95, 0.42):
                p = fig.chest_point(float(k), float(t)) if fig.facing > -0.2 else fig.level(float(t))[0] + fig.side * fig.level(float(t))[1] * k
                pen.part([ellipse(p, 0.017 * fig.body * who.pattern_size, None, 0, 10)], Part.TOP_PATTERN, 0.6)
    elif who.pattern == "band":
        c, half = fig.level(0.52)
        c2, half2 = fig.level(0.72)
        pen.part([np.array([c - fig.side * half * 1.5, c + fig.side * half * 1.5, c2 + fig.side * half2 * 1.5, c2 - fig.side * half2 * 1.5])], Part.TOP_PATTERN, 0.8)
    elif who.pattern in {"emblem", "number"} and fig.facing > 0.3 and who.top not in OPEN_TOPS:
        _emblem(fig)


def _emblem(fig: Figure) -> None:
    p = fig.chest_point(0.0, 0.62)
    s = 0.045 * fig.body * fig.who.pattern_size
    squeeze = np.array([max(0.3, fig.facing), 1.0])
    kind = fig.who.locks % 4
    if kind == 0:
        angles = np.arange(10) * np.pi / 5 - np.pi / 2
        shape = np.stack([np.cos(angles), np.sin(angles)], 1) * np.where(np.arange(10) % 2, 0.45, 1.0)[:, None] * s
    elif kind == 1:
        shape = smooth(np.array([(0, -0.3), (0.5, -0.8), (1, -0.3), (0, 1), (-1, -0.3), (-0.5, -0.8)]) * s, True, 4)
    elif kind == 2:
        shape = ellipse((0, 0), s)
    else:
        shape = np.array([(0, -1), (1, 0.0), (0.0, 1), (-1, 0)]) * s
    fig.canvas.part([shape * squeeze + p], Part.EMBLEM, 0.7)


def _neckline(fig: Figure) -> None:
    who, pen = fig.who, fig.canvas
    deep = {"tank": 0.2, "shirt": 0.14, "suit": 0.3, "jacket": 0.1, "kimono": 0.3, "vest": 0.2, "crop": 0.16, "dress": 0.2, "sailor": 0.3}.get(who.top, 0.08)
    center, half = fig.level(1.0)
    w = half * 0.8
    if fig.facing < -0.2:
        deep = 0.03
    way = fig.side * fig.sideways * half * 0.4
    a, b = center - fig.side * w, center + fig.side * w
    low = center - fig.spine * deep + way
    opening = np.concatenate([smooth([a, lerp(a, low, 0.6) - fig.spine * deep * 0.2, low, lerp(b, low, 0.6) - fig.spine * deep * 0.2, b], False, 3), [center + fig.spine * 0.04]])
    inner = Part.TOP_TRIM if who.top in {"suit", "kimono"} else Part.SKIN
    pen.part([opening], inner, 0.9)
    if inner is Part.SKIN:
        # The neck grows out of the opening: no line across it.
        pen.fill(capsule(center - fig.spine * 0.02 + way * 0.3, lerp(center, fig.at["head"], 0.5), w * 0.62, w * 0.5), Part.SKIN)
    if who.top in {"shirt", "polo", "sailor", "suit"} and fig.facing > -0.3:
        for k in (-1, 1):
            p = center + fig.side * w * k
            tip = fig.chest_point(0.28 * k, 0.8)
            collar = np.array([p + fig.spine * 0.05, p - fig.side * w * 0.1 * k, low + fig.spine * 0.02, tip, p - fig.spine * 0.08 + fig.side * w * 0.35 * k])
            pen.part([collar], Part.TOP_TRIM, 0.8)
    elif who.top in {"sweater", "hoodie"}:
        rim = capsule(a, b, w * 0.3, w * 0.3) if who.top == "hoodie" else capsule(lerp(a, low, 0.2), lerp(b, low, 0.2), w * 0.2, w * 0.2)
        if fig.facing < -0.2 or who.top == "sweater":
            pen.part([rim], Part.TOP_TRIM, 0.8)
    if who.top in {"shirt", "polo"} and fig.facing > 0.1:
        bottom = 0.12 if who.top == "shirt" else 0.62
        pen.stroke([fig.chest_point(0.06, t) for t in (0.84, 0.5, bottom)] if who.top == "shirt" else [fig.chest_point(0.06, t) for t in (0.84, 0.7, bottom)], 0.6, taper=False)
        for t in np.arange(0.74, bottom, -0.16):
            pen.part([ellipse(fig.chest_point(0.0, float(t)), 0.008 * fig.body, None, 0, 8)], Part.BUTTON, 0.6)


def _open_top(fig: Figure, ease: float) -> None:
    """The two fronts of a jacket over the top, or its back."""
    who, pen = fig.who, fig.canvas
    low = {"coat": -0.12, "suit": -0.05, "vest": 0.08}.get(who.top, 0.0)
    shape = fig.torso(low, 0.98, ease * 1.08, 0.05)
    if fig.facing < -0.25:
        pen.part([shape], Part.JACKET)
        return
    gap = 0.32 if who.top != "suit" else 0.12
    for k in (-1.0, 1.0):
        inner = [fig.chest_point(k * (0.3 if t > 0.9 else gap), t) for t in (1.0, 0.8, 0.45, low)]
        outer = []
        for t in (low, 0.2, 0.4, 0.65, 0.85, 0.97):
            c, half = fig.level(t)
            outer.append(c + fig.side * half * k * ease * 1.08)
        panel = np.array(inner + outer)
        if k * fig.sideways > 0.75:
            continue
        pen.part([panel], Part.JACKET)
        if who.top in {"suit", "coat", "jacket"}:
            lapel = np.array([inner[0], lerp(inner[0], inner[1], 0.9), lerp(inner[1], inner[2], 0.6), fig.chest_point(k * min(0.8, gap + 0.4), 0.78), fig.chest_point(k * 0.5, 0.96)])
            pen.part([lapel], Part.JACKET_TRIM, 0.8)
        p, q = fig.chest_point(k * 0.55, 0.22), fig.chest_point(k * 0.88, 0.26)
        pen.stroke([p, lerp(p, q, 0.5), q], 0.7)


def _overalls(fig: Figure) -> None:
    pen = fig.canvas
    back = fig.facing < -0.2
    points = [(-0.5, 0.62), (0.5, 0.62), (0.85, 0.1), (-0.85, 0.1)]

    def at(k: float, t: float) -> Shape:
        return fig.chest_point(k, t) if not back else fig.level(t)[0] + fig.side * fig.level(t)[1] * k

    pen.part([np.array([at(k, t) for k, t in points])], Part.BOTTOM)
    for k in (-1, 1):
        a, b = at(0.42 * k, 0.62), at(0.5 * k, 0.97)
        pen.part([capsule(a, b, 0.016 * fig.body, 0.016 * fig.body)], Part.BOTTOM, 0.8)
        pen.part([ellipse(a, 0.014 * fig.body, None, 0, 10)], Part.BUCKLE, 0.6)


def sleeve(fig: Figure, side: str, joined: bool) -> None:
    """The sleeve of top or jacket on one arm, with a cuff and folds at the elbow."""
    who, pen = fig.who, fig.canvas
    upto = who.sleeve
    if upto <= 0.05:
        return
    ease = who.top_fit * (1.12 if who.top in OPEN_TOPS | {"hoodie", "sweater"} else 1.02)
    label = Part.JACKET if who.top in OPEN_TOPS and who.top != "vest" else Part.SLEEVE if who.top == "raglan" else Part.TOP
    flare = 1.3 if who.top == "kimono" else 0.25 if upto > 0.5 else 0.5
    shapes = _cut(fig, "arm", side, upto, fig.limb_shapes("arm", side, upto, ease, flare))
    pen.part(shapes, label)
    if label is not Part.SLEEVE and abs(fig.facing) > 0.45 and joined:
        # Cloth runs from the shoulder into the body: no line across it.
        shoulder, r = fig.at["shoulder_" + side], fig.arm[0] * ease * 0.62
        inwards = lerp(shoulder, fig.level(0.84)[0], 0.42)
        pen.fill(capsule(shoulder - fig.spine * 0.02, inwards, r, r * 0.9), label)
    end, angle, r = fig.limb_end("arm", side, upto)
    radius = r * ease * (1 + flare * (0.55 if upto > 0.5 else 0.0))
    trim = Part.JACKET_TRIM if label is Part.JACKET else Part.TOP_TRIM
    _cuff(fig, end, angle, radius, trim if who.pattern in {"band", "stripes"} or who.top in {"hoodie", "sweater", "sailor"} else None)
    if upto > 0.6:
        elbow = fig.at["elbow_" + side]
        w = fig.arm[1] * ease
        for k in (-0.3, 0.3):
            pen.stroke(smooth([elbow + (-w * 0.9, w * k), elbow + (-w * 0.1, w * (k + 0.2)), elbow + (w * 0.4, w * k)], False), 0.55)


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
    fig.canvas.part([smooth([p + (-s, -s * 0.3), p + (s, -s * 0.3), p + (s, s * 1.1), p + (-s, s * 1.1)], True, 2)], Part.BAG)
    fig.canvas.stroke(smooth([p + (-s, s * 0.1), p + (0, s * 0.5), p + (s, s * 0.1)], False), 0.8)
