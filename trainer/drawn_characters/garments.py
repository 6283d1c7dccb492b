"""What is worn above the waist: tops, coats, sleeves, collars, patterns and belt."""

import numpy as np

from trainer.drawn_characters.body import Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, capsule, ellipse, lerp, smooth, xy
from trainer.drawn_characters.legwear import ONE_PIECE, cuff, cut_end

OPEN_TOPS = {"jacket", "coat", "suit", "vest"}


def _torso_range(fig: Figure) -> tuple[float, float]:
    low = {
        "crop": 0.42,
        "coat": 0.1,
        "jacket": 0.02,
        "hoodie": -0.06,
        "sweater": -0.04,
        "shirt": 0.1,
        "overalls": 0.1,
    }.get(fig.who.top, 0.04)
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
        band = np.array(
            [
                c - fig.side * half * ease,
                c + fig.side * half * ease,
                c2 + fig.side * half2 * ease,
                c2 - fig.side * half2 * ease,
            ]
        )
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
    fig.canvas.part(
        [
            np.array(
                [c - fig.side * half * e, c + fig.side * half * e, c2 + fig.side * half2 * e, c2 - fig.side * half2 * e]
            )
        ],
        Part.BELT,
        0.9,
    )
    if fig.facing > 0.1 and fig.who.top != "kimono":
        p = fig.chest_point(0.0, t + wide / 2)
        s = 0.018 * fig.body
        fig.canvas.part(
            [smooth([p + xy(-s, -s), p + xy(s, -s), p + xy(s, s), p + xy(-s, s)], True, 1)], Part.BUCKLE, 0.8
        )


def _folds(fig: Figure, low: float) -> None:
    pen = fig.canvas
    waist, half = fig.level(max(0.36, low + 0.1))
    for k, way in ((-0.9, 1), (0.9, -1)):
        p = waist + fig.side * half * k
        pen.stroke(
            smooth(
                [
                    p,
                    p + fig.side * half * 0.25 * way - fig.spine * 0.02,
                    p + fig.side * half * 0.5 * way + fig.spine * 0.03,
                ],
                False,
            ),
            0.6,
        )
    arm, half = fig.level(0.84)
    for k, way in ((-0.8, 1), (0.8, -1)):
        p = arm + fig.side * half * k
        pen.stroke(
            smooth(
                [
                    p,
                    p + fig.side * half * 0.12 * way - fig.spine * 0.05,
                    p + fig.side * half * 0.14 * way - fig.spine * 0.12,
                ],
                False,
            ),
            0.6,
        )


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
                p = (
                    fig.chest_point(float(k), float(t))
                    if fig.facing > -0.2
                    else fig.level(float(t))[0] + fig.side * fig.level(float(t))[1] * k
                )
                pen.part([ellipse(p, 0.017 * fig.body * who.pattern_size, None, 0, 10)], Part.TOP_PATTERN, 0.6)
    elif who.pattern == "band":
        c, half = fig.level(0.52)
        c2, half2 = fig.level(0.72)
        pen.part(
            [
                np.array(
                    [
                        c - fig.side * half * 1.5,
                        c + fig.side * half * 1.5,
                        c2 + fig.side * half2 * 1.5,
                        c2 - fig.side * half2 * 1.5,
                    ]
                )
            ],
            Part.TOP_PATTERN,
            0.8,
        )
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
    deep = {
        "tank": 0.2,
        "shirt": 0.14,
        "suit": 0.3,
        "jacket": 0.1,
        "kimono": 0.3,
        "vest": 0.2,
        "crop": 0.16,
        "dress": 0.2,
        "sailor": 0.3,
    }.get(who.top, 0.08)
    center, half = fig.level(1.0)
    w = half * 0.8
    if fig.facing < -0.2:
        deep = 0.03
    way = fig.side * fig.sideways * half * 0.4
    a, b = center - fig.side * w, center + fig.side * w
    low = center - fig.spine * deep + way
    opening = np.concatenate(
        [
            smooth(
                [a, lerp(a, low, 0.6) - fig.spine * deep * 0.2, low, lerp(b, low, 0.6) - fig.spine * deep * 0.2, b],
                False,
                3,
            ),
            [center + fig.spine * 0.04],
        ]
    )
    inner = Part.TOP_TRIM if who.top in {"suit", "kimono"} else Part.SKIN
    pen.part([opening], inner, 0.9)
    if inner is Part.SKIN:
        # The neck grows out of the opening: no line across it.
        pen.fill(
            capsule(center - fig.spine * 0.02 + way * 0.3, lerp(center, fig.at["head"], 0.5), w * 0.62, w * 0.5),
            Part.SKIN,
        )
    if who.top in {"shirt", "polo", "sailor", "suit"} and fig.facing > -0.3:
        for k in (-1, 1):
            p = center + fig.side * w * k
            tip = fig.chest_point(0.28 * k, 0.8)
            collar = np.array(
                [
                    p + fig.spine * 0.05,
                    p - fig.side * w * 0.1 * k,
                    low + fig.spine * 0.02,
                    tip,
                    p - fig.spine * 0.08 + fig.side * w * 0.35 * k,
                ]
            )
            pen.part([collar], Part.TOP_TRIM, 0.8)
    elif who.top in {"sweater", "hoodie"}:
        rim = (
            capsule(a, b, w * 0.3, w * 0.3)
            if who.top == "hoodie"
            else capsule(lerp(a, low, 0.2), lerp(b, low, 0.2), w * 0.2, w * 0.2)
        )
        if fig.facing < -0.2 or who.top == "sweater":
            pen.part([rim], Part.TOP_TRIM, 0.8)
    if who.top in {"shirt", "polo"} and fig.facing > 0.1:
        bottom = 0.12 if who.top == "shirt" else 0.62
        pen.stroke(
            [fig.chest_point(0.06, t) for t in (0.84, 0.5, bottom)]
            if who.top == "shirt"
            else [fig.chest_point(0.06, t) for t in (0.84, 0.7, bottom)],
            0.6,
            taper=False,
        )
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
            lapel = np.array(
                [
                    inner[0],
                    lerp(inner[0], inner[1], 0.9),
                    lerp(inner[1], inner[2], 0.6),
                    fig.chest_point(k * min(0.8, gap + 0.4), 0.78),
                    fig.chest_point(k * 0.5, 0.96),
                ]
            )
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
    label = (
        Part.JACKET if who.top in OPEN_TOPS and who.top != "vest" else Part.SLEEVE if who.top == "raglan" else Part.TOP
    )
    flare = 1.3 if who.top == "kimono" else 0.25 if upto > 0.5 else 0.5
    shapes = cut_end(fig, "arm", side, upto, fig.limb_shapes("arm", side, upto, ease, flare))
    pen.part(shapes, label)
    if label is not Part.SLEEVE and abs(fig.facing) > 0.45 and joined:
        # Cloth runs from the shoulder into the body: no line across it.
        shoulder, r = fig.at["shoulder_" + side], fig.arm[0] * ease * 0.62
        inwards = lerp(shoulder, fig.level(0.84)[0], 0.42)
        pen.fill(capsule(shoulder - fig.spine * 0.02, inwards, r, r * 0.9), label)
    end, angle, r = fig.limb_end("arm", side, upto)
    radius = r * ease * (1 + flare * (0.55 if upto > 0.5 else 0.0))
    trim = Part.JACKET_TRIM if label is Part.JACKET else Part.TOP_TRIM
    cuff(
        fig,
        end,
        angle,
        radius,
        trim if who.pattern in {"band", "stripes"} or who.top in {"hoodie", "sweater", "sailor"} else None,
    )
    if upto > 0.6:
        elbow = fig.at["elbow_" + side]
        w = fig.arm[1] * ease
        for k in (-0.3, 0.3):
            pen.stroke(
                smooth(
                    [elbow + xy(-w * 0.9, w * k), elbow + xy(-w * 0.1, w * (k + 0.2)), elbow + xy(w * 0.4, w * k)],
                    False,
                ),
                0.55,
            )
