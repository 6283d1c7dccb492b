"""Hair in front: bangs of curved locks, side locks and drills."""

from itertools import pairwise
from math import cos

import numpy as np

from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, ellipse, smooth, xy
from trainer.drawn_characters.faces import Head
from trainer.drawn_characters.hair import covered


def draw_bangs(head: Head) -> None:
    """Locks over the forehead and in front of the ears."""
    who = head.who
    if covered(head) or who.hair in {"bald"} or head.facing < -0.3:
        return
    kind = who.bangs
    if who.hair in {"buzz", "crop", "mohawk", "afro", "afro_puffs"}:
        kind = "hairline"
    elif who.hair in {"spiky", "messy"} and kind in {"none", "straight"}:
        kind = "spiky"
    elif who.hair in {"hime"}:
        kind = "straight"
    _fringe(head, kind)
    if who.hair in {"long", "long_wavy", "hime", "bob", "twin_tails", "high_ponytail", "drills", "messy", "pixie"}:
        _sidelocks(head, {"hime": 0.95, "bob": 0.75, "long": 1.25, "long_wavy": 1.3, "pixie": 0.35}.get(who.hair, 0.6))
    if who.hair == "drills":
        _drills(head)


def brow_point(head: Head, azimuth: float, elevation: float, r: float) -> tuple[float, float]:
    """A point over the brow, angles in degrees; what is round the corner is drawn at the corner."""
    turn = float(np.degrees(head.turn))
    a = float(np.clip(azimuth + turn, -86, 86)) - turn
    x, y, _ = head.surface(a, elevation, r)
    return x, y


def _fringe(head: Head, kind: str) -> None:
    who = head.who
    r = {"hairline": 1.0}.get(kind, 0.5 + 0.5 * who.hair_volume)
    n = 3 if kind == "hairline" else who.locks
    low = {
        "zigzag": 14.0,
        "straight": 12.0,
        "swept": 12.0,
        "parted": 6.0,
        "spiky": 4.0,
        "none": 44.0,
        "curtain": -8.0,
        "hairline": 30.0,
    }[kind]
    span = 84.0
    edge: list[tuple[float, float]] = [brow_point(head, -span, 2 if kind != "hairline" else 20, r)]
    for i in range(n):
        a0, a1 = -span + 2 * span * i / n, -span + 2 * span * (i + 1) / n
        middle = (a0 + a1) / 2
        tip_el, tip_az, valley = low, middle, min(low + 22, 60)
        if kind == "swept":
            tip_az, tip_el = a1 + 4, low + 10 * (i / n) * np.sign(who.sweep or 1)
        elif kind in {"parted", "curtain"}:
            tip_el = low + 46 * (1 - min(1.0, abs(middle - 25 * who.sweep) / 60))
            tip_az = middle + 8 * np.sign(middle - 25 * who.sweep)
            valley = min(tip_el + 16, 62)
        elif kind == "straight":
            valley = low + 5
        elif kind in {"none", "hairline"}:
            tip_el, valley = low + 8 * cos(np.radians(middle)), low + 8 * cos(np.radians(a1))
        elif kind == "spiky":
            tip_el = low + 14 * (i % 2)
            tip_az = middle + 8 * who.sweep
        edge.append(brow_point(head, tip_az, tip_el, r))
        if i < n - 1:
            edge.append(brow_point(head, a1, valley, r))
    edge.append(brow_point(head, span, 2 if kind != "hairline" else 20, r))
    path = smooth(edge, False, 3) if kind in {"none", "hairline", "straight"} else _lock_edge(edge)
    rim = [(86, 20), (86, 42), (86, 62), (50, 74), (0, 80), (-50, 74), (-86, 62), (-86, 42), (-86, 20)]
    top = [brow_point(head, a, e, r * 0.97) for a, e in rim]
    outline = np.concatenate([path, np.array(top)])
    head.pen.fill(head.to_body(outline), Part.HAIR)
    head.pen.stroke(head.to_body(path), 1.35, taper=False)
    if kind in {"hairline"}:
        return
    crown = head.project(0.05 * who.sweep, -0.92, 0.1)
    for i in range(2, len(edge) - 2, 2):
        x, y = edge[i]
        head.pen.stroke(
            head.to_body(
                smooth(
                    [
                        (x, y),
                        (x * 0.85 + crown[0] * 0.15, y * 0.75 + crown[1] * 0.25 - 0.02),
                        (x * 0.6 + crown[0] * 0.4, y * 0.5 + crown[1] * 0.5),
                    ],
                    False,
                )
            ),
            0.65,
        )


def _lock_edge(edge: list[tuple[float, float]]) -> Shape:
    """Valley → tip → valley with bowed sides and sharp tips."""
    points = [np.asarray(edge[0])]
    for a, b in pairwise(edge):
        p, q = np.asarray(a), np.asarray(b)
        out = np.array([q[0] - p[0], 0.0]) * 0.18
        down = q[1] > p[1]
        bow = (p + q) / 2 + (out * -1 if down else out) * 0.6 + xy(0, 0.03)
        points += [(p + 2 * bow + q) / 4 * 0.5 + bow * 0.5, q]
    return np.array(points)


def _sidelocks(head: Head, length: float) -> None:
    for side in (-1.0, 1.0):
        x, y = head.project(side * 0.72 * head.who.hair_volume * 0.93, -0.25, 0.22)
        if -side * head.s < -0.75:
            continue
        out = np.sign(x) if abs(x) > 0.1 else side
        w = 0.15
        shape = [
            (x - w, y - 0.2),
            (x + w, y - 0.2),
            (x + w + out * 0.03, y + length * 0.5),
            (x + out * 0.02, y + length),
            (x - w + out * 0.04, y + length * 0.55),
        ]
        path = smooth(shape, True, 4)
        head.pen.fill(head.to_body(path), Part.HAIR)
        side_path = np.array(shape)[[1, 2, 3, 4, 0]]
        head.pen.stroke(head.to_body(smooth(side_path, False)), 1.2, taper=False)


def _drills(head: Head) -> None:
    for side in (-1.0, 1.0):
        x, y = head.project(side * 0.88, 0.2, -0.1)
        if -side * head.s < -0.8:
            continue
        for i in range(6):
            r = 0.27 * (1 - 0.11 * i)
            head.pen.part(
                [head.to_body(ellipse((x + 0.03 * side * i, y + 0.21 * i), r, 0.17, 0.35 * side, 14))], Part.HAIR, 0.85
            )
