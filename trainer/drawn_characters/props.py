"""Things besides clothes: what a hand holds, a stool, a wheelchair, and a simple scene behind."""

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np

from trainer.drawn_characters.body import Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Canvas, Shape, capsule, direction, ellipse, hull, smooth, xy


def draw_held(fig: Figure, side: str) -> None:
    """The character's own thing in this hand, where the pose has it held; drawn before the hand."""
    if fig.who.prop == "none" or fig.pose.hold != side:
        return
    wrist, tip = fig.at["wrist_" + side], fig.at["hand_" + side]
    angle = direction(wrist, tip)
    u = np.array([cos(angle), sin(angle)])
    v = np.array([u[1], -u[0]])
    if v[1] > 0:
        v = -v
    _PROPS[fig.who.prop](fig.canvas, tip, u, v, 0.055 * fig.body)


def _ball(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    center = at + u * s * 1.2
    pen.part([ellipse(center, s * 1.7)], Part.PROP)
    ball = ellipse(center, s * 1.7)
    with pen.inside([ball]):
        pen.part([capsule(center - u * s * 2, center + u * s * 2, s * 0.45, s * 0.45)], Part.PROP_TRIM, 0.7)
    pen.stroke(
        smooth([center - v * s * 1.5 + u * s * 0.7, center - u * s * 0.8, center + v * s * 1.5 + u * s * 0.7], False),
        0.7,
    )


def _cup(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    up, across = np.array([0.0, -1.0]), np.array([1.0, 0.0])
    base = at + up * s * -0.4
    corners = [
        base - across * s * 0.7,
        base + across * s * 0.7,
        base + across * s * 0.9 + up * s * 2,
        base - across * s * 0.9 + up * s * 2,
    ]
    pen.part([np.array(corners)], Part.PROP)
    pen.part([ellipse(base + up * s * 2, s * 0.95, s * 0.3)], Part.PROP_TRIM, 0.8)


def _book(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    for k in (-1.0, 1.0):
        side = u * k
        page = [at, at + side * s * 1.7 + v * s * 0.4, at + side * s * 1.7 + v * s * 2.6, at + v * s * 2.2]
        pen.part([np.array(page)], Part.PROP)
        inner = np.array(page) * 0.82 + np.mean(page, axis=0) * 0.18
        pen.part([inner], Part.PROP_TRIM, 0.6)
        for t in (0.3, 0.55, 0.8):
            a, b = inner[0] + (inner[3] - inner[0]) * t, inner[1] + (inner[2] - inner[1]) * t
            pen.stroke([a + (b - a) * 0.15, (a + b) / 2, a + (b - a) * 0.85], 0.4)


def _staff(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    pen.part([capsule(at - v * s * 5, at + v * s * 5, s * 0.28, s * 0.28)], Part.PROP)
    pen.part([ellipse(at + v * s * 5.6, s * 0.95)], Part.PROP_TRIM)


def _sword(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    blade = [
        at + v * s * 1.0 - u * s * 0.4,
        at + v * s * 6.5 - u * s * 0.3,
        at + v * s * 7.4,
        at + v * s * 6.5 + u * s * 0.3,
        at + v * s * 1.0 + u * s * 0.4,
    ]
    pen.part([np.array(blade)], Part.PROP)
    pen.stroke([at + v * s * 1.2, at + v * s * 4, at + v * s * 6.6], 0.5)
    pen.part([capsule(at - v * s * 1.4, at + v * s * 1.0, s * 0.3, s * 0.3)], Part.PROP_TRIM)
    pen.part(
        [capsule(at + v * s * 0.9 - u * s * 1.2, at + v * s * 0.9 + u * s * 1.2, s * 0.28, s * 0.28)], Part.PROP_TRIM
    )


def _flower(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    head = at + v * s * 3.2
    pen.part([capsule(at - v * s * 1.5, head, s * 0.14, s * 0.14)], Part.PROP_TRIM, 0.8)
    petals = [
        ellipse(head + s * 0.75 * np.array([cos(a), sin(a)]), s * 0.55, None, 0, 12) for a in np.arange(6) * pi / 3
    ]
    for petal in petals:
        pen.part([petal], Part.PROP, 0.8)
    pen.part([ellipse(head, s * 0.5, None, 0, 12)], Part.BUCKLE, 0.8)


def _balloon(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    center = at + np.array([s * 0.8, -s * 8.0])
    pen.stroke(
        smooth([at + xy(0, s), (at + center) / 2 + xy(s * 0.6, 0), center + xy(0, s * 2)], False), 0.7, taper=False
    )
    pen.part(
        [
            ellipse(center, s * 2.0, s * 2.4),
            np.array([center + xy(0, s * 2.2), center + xy(s * 0.4, s * 2.8), center + xy(-s * 0.4, s * 2.8)]),
        ],
        Part.PROP,
    )
    pen.stroke(
        smooth(
            [center + xy(-s * 1.2, -s * 0.4), center + xy(-s * 1.0, -s * 1.2), center + xy(-s * 0.4, -s * 1.7)], False
        ),
        0.7,
    )


def _phone(pen: Canvas, at: Shape, u: Shape, v: Shape, s: float) -> None:
    box = np.array(
        [
            at - u * s * 0.6 - v * s * 0.3,
            at + u * s * 0.7 - v * s * 0.3,
            at + u * s * 0.7 + v * s * 2.1,
            at - u * s * 0.6 + v * s * 2.1,
        ]
    )
    pen.part([box], Part.PROP)
    pen.part([box * 0.75 + box.mean(0) * 0.25], Part.PROP_TRIM, 0.6)


_PROPS: dict[str, Callable[[Canvas, Shape, Shape, Shape, float], None]] = {
    "ball": _ball, "cup": _cup, "book": _book, "staff": _staff, "sword": _sword, "flower": _flower,
    "balloon": _balloon, "phone": _phone,
}  # fmt: skip
PROPS = tuple(_PROPS)


def draw_stool(fig: Figure) -> None:
    """A stool under who sits, where the pose asks for one."""
    if not fig.pose.stool or not fig.pose.action.startswith("sit") or "wheelchair" in fig.who.extras:
        return
    seat, half = fig.level(-0.12)
    floor = max(fig.at["ankle_r"][1], fig.at["ankle_l"][1]) + fig.leg[2] * 2
    half = max(half, 0.1) * 1.25
    top = seat[1] + fig.leg[0] * 0.75
    for k in (-0.75, 0.75):
        x = seat[0] + half * k
        leg = capsule((x, top), (x + half * 0.18 * k, max(floor, top + 0.05)), 0.018, 0.014)
        fig.canvas.part([leg], Part.STOOL)
    fig.canvas.part([capsule((seat[0] - half, top), (seat[0] + half, top), 0.026, 0.026)], Part.STOOL)


class Wheelchair:
    """A wheelchair turned with the body; the far half is drawn before the figure, the near half after."""

    def __init__(self, fig: Figure) -> None:
        self.fig = fig
        self.there = "wheelchair" in fig.who.extras
        self.radius = 0.42 * fig.who.legs + 0.01
        self.reach = 1.35 * max(float(fig.levels[1, 1]), 0.1)
        self.near = 1.0 if fig.sideways < 0 else -1.0

    def _at(self, x: float, y: float, z: float) -> Shape:
        f = self.fig
        return np.array([x * f.facing + z * f.sideways, y + 0.17 * (z * f.facing - x * f.sideways)])

    def _wheel(self, side: float) -> None:
        f, r = self.fig, self.radius
        center = self._at(side * self.reach, 0.53 * f.who.legs - r, -0.03)
        wide = r * abs(f.sideways) + 0.022
        if abs(f.sideways) <= 0.3:
            f.canvas.part([ellipse(center, wide, r, 0, 32)], Part.WHEEL)
            return
        for k in range(6):
            a = k * pi / 6
            d = np.array([cos(a) * wide * 0.84, sin(a) * r * 0.84])
            f.canvas.stroke([center - d, center, center + d], 0.5, taper=False)
        f.canvas.ring(ellipse(center, wide, r, 0, 36), ellipse(center, wide * 0.86, r * 0.86, 0, 36), Part.WHEEL)
        f.canvas.part([ellipse(center, wide * 0.16, r * 0.16, 0, 14)], Part.CHAIR, 0.8)

    def _caster(self, side: float) -> None:
        f, r = self.fig, self.radius
        center = self._at(side * self.reach * 0.8, 0.53 * f.who.legs - 0.22 * r, 0.42 * f.who.legs)
        f.canvas.part([ellipse(center, 0.24 * r * abs(f.sideways) + 0.016, 0.24 * r, 0, 18)], Part.WHEEL)

    def _back(self) -> None:
        f = self.fig
        low, high = 0.05 * f.who.torso, -0.62 * f.who.torso
        corners = [
            self._at(x, y, -0.1)
            for x, y in (
                (-self.reach * 0.8, low),
                (-self.reach * 0.8, high),
                (self.reach * 0.8, high),
                (self.reach * 0.8, low),
            )
        ]
        if abs(f.facing) > 0.25:
            f.canvas.part([np.array(corners)], Part.CHAIR)
        else:
            f.canvas.part([capsule(corners[0], corners[1], 0.022, 0.02)], Part.CHAIR)
        for c in corners[1:3]:
            f.canvas.part([capsule(c, c + self._at(0, 0, -0.07), 0.016, 0.016)], Part.CHAIR_TRIM, 0.8)

    def before(self) -> None:
        """What the figure hides."""
        if not self.there:
            return
        self._caster(-self.near)
        self._wheel(-self.near)
        if self.fig.facing > -0.1:
            self._back()
        f = self.fig
        seat = [
            self._at(x, 0.055, z)
            for x, z in (
                (-self.reach * 0.9, -0.1),
                (self.reach * 0.9, -0.1),
                (self.reach * 0.9, 0.4 * f.who.legs),
                (-self.reach * 0.9, 0.4 * f.who.legs),
            )
        ]
        f.canvas.part([hull([(float(x), float(y) + f.leg[0] * 0.75, 0.02) for x, y in seat])], Part.CHAIR)
        for side in (-1.0, 1.0):
            a, b = (
                self._at(side * self.reach * 0.5, 0.1, 0.38 * f.who.legs),
                self._at(side * self.reach * 0.5, 0.53 * f.who.legs, 0.6 * f.who.legs),
            )
            f.canvas.part(
                [capsule(a, b, 0.012, 0.012), capsule(b, b + self._at(0, 0, 0.14 * f.who.legs), 0.014, 0.014)],
                Part.CHAIR_TRIM,
                0.8,
            )

    def after(self) -> None:
        """What hides the figure."""
        if not self.there:
            return
        if self.fig.facing <= -0.1:
            self._back()
        self._caster(self.near)
        self._wheel(self.near)
        rest = [
            self._at(self.near * self.reach * 0.95, -0.16 * self.fig.who.torso, z)
            for z in (-0.08, 0.22 * self.fig.who.legs)
        ]
        self.fig.canvas.part([capsule(rest[0], rest[1], 0.018, 0.018)], Part.CHAIR_TRIM, 0.9)


def draw_scene(canvas: Canvas, kind: str) -> None:
    """A simple place behind the figure, in canvas units of its own (0 to 1 in both directions)."""
    matrix, offset = canvas.matrix, canvas.offset
    canvas.matrix, canvas.offset = np.eye(2) * canvas.ink.shape[0], np.zeros(2)
    far = 1.2
    if kind == "hills":
        hill = smooth([(-0.2, 0.66), (0.15, 0.58), (0.4, 0.68), (0.75, 0.56), (1.2, 0.66)], False, 6)
        canvas.part([np.concatenate([hill, [(far, far), (-0.2, far)]])], Part.SCENE)
        canvas.part([np.array([(-0.2, 0.82), (far, 0.82), (far, far), (-0.2, far)])], Part.SCENE_FLOOR)
        canvas.part([ellipse((0.82, 0.16), 0.09, None, 0, 40)], Part.SCENE_LIGHT)
    elif kind == "room":
        canvas.part([np.array([(-0.2, 0.8), (far, 0.8), (far, far), (-0.2, far)])], Part.SCENE_FLOOR)
        canvas.part([np.array([(0.1, 0.12), (0.4, 0.12), (0.4, 0.5), (0.1, 0.5)])], Part.SCENE)
        canvas.stroke([(0.25, 0.12), (0.25, 0.3), (0.25, 0.5)], 0.8, taper=False)
        canvas.stroke([(0.1, 0.31), (0.25, 0.31), (0.4, 0.31)], 0.8, taper=False)
    elif kind == "disc":
        canvas.part([ellipse((0.5, 0.5), 0.42, None, 0, 96)], Part.SCENE)
    elif kind == "floor":
        canvas.stroke([(0.02, 0.93), (0.5, 0.935), (0.98, 0.93)], 0.9, taper=False)
    canvas.matrix, canvas.offset = matrix, offset


def held_reach(prop: str) -> float:
    """How far a held thing reaches from the hand, in shares of the body's height."""
    return {"staff": 0.38, "sword": 0.42, "balloon": 0.8, "flower": 0.25}.get(prop, 0.16)
