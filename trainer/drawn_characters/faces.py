"""Heads: skull, face, ears, eyes, brows, nose and mouth, turned with the head."""

from math import cos, sin

import numpy as np

from trainer.drawn_characters.body import Figure
from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, ellipse, hull, smooth

ANIMAL_EARS = ("cat", "rabbit", "fox")


class Head:
    """The head's own space: units of half its height, x to the right, y down, turned by `turn`, then tilted."""

    def __init__(self, fig: Figure) -> None:
        self.fig, self.who, self.pen = fig, fig.who, fig.canvas
        self.turn = fig.bones.head_turn
        self.radius = fig.who.head * 0.5
        self.center = fig.at["head"]
        tilt = (
            np.radians(fig.pose.head_tilt) + (np.arctan2(fig.spine[0], -fig.spine[1]) if -fig.spine[1] > 0 else 0) * 0.6
        )
        c, s = float(cos(tilt)), float(sin(tilt))
        self.basis = self.radius * np.array([[c, s], [-s, c]])
        self.c, self.s = cos(self.turn), sin(self.turn)
        self.facing = self.c
        # Nodding moves what is in front up or down against the skull.
        self.nod = fig.pose.head_nod / 90.0

    def to_body(self, points: Shape) -> Shape:
        """Head units → body units."""
        return np.asarray(points, np.float64) @ self.basis + self.center

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        """A point of the head (z forward) as seen, in head units."""
        return x * self.c + z * self.s, y + self.nod * z

    def spheres(self, balls: list[tuple[float, float, float, float]]) -> Shape:
        """The outline around balls (x, y, z, radius)."""
        return self.to_body(hull([(*self.project(x, y, z), r) for x, y, z, r in balls], 28))

    def surface(self, azimuth: float, elevation: float, r: float = 1.0) -> tuple[float, float, float]:
        """A point of the skull in head units: x, y and how far towards us; angles in degrees."""
        a, e = np.radians(azimuth), np.radians(elevation)
        k = r * 0.82 * float(np.cos(e))
        x, z = k * float(np.sin(a)), k * float(np.cos(a)) - 0.1
        px, py = self.project(x, -0.18 - r * 0.82 * float(np.sin(e)), z)
        return px, py, float(z * self.c - x * self.s)

    def skull(self, r: float) -> Shape:
        """The shell of the hair or a cap: the skull grown by the factor r."""
        w = self.who.face["width"]
        return self.spheres(
            [(0.08 * w, -0.18, -0.12, 0.8 * r), (-0.08 * w, -0.18, -0.12, 0.8 * r), (0, -0.1, -0.2, 0.76 * r)]
        )

    def face_shape(self) -> Shape:
        """The outline of the bare face."""
        f = self.who.face
        w, j, chin = f["width"], f["jaw"], f["chin"]
        return self.spheres(
            [(s * 0.46 * w, 0.08, 0.28, 0.3) for s in (-1, 1)]
            + [(s * 0.34 * w, -0.4, 0.3, 0.34) for s in (-1, 1)]
            + [(s * 0.26 * w * j, 0.52, 0.34, 0.22) for s in (-1, 1)]
            + [(0, 0.83 * chin, 0.46, 0.14 * j)]
        )


def hidden_ears(head: Head) -> bool:
    """Whether a hat leaves no room for animal ears."""
    return head.who.head_wear in {"hijab", "straw", "beanie", "cap"}


def draw_face(head: Head) -> None:
    """The face's skin with nose in profile; nothing where the head shows its back."""
    if head.facing < -0.35:
        return
    shapes = [head.face_shape()]
    if head.who.hair == "bald" and head.who.head_wear != "hijab":
        shapes.append(head.skull(1.0))
    if abs(head.s) > 0.72 and not head.who.muzzle:
        way = 1.0 if head.s > 0 else -1.0
        tip = head.project(0, 0.3, 0.62 + 0.2 * head.who.face["nose"])
        root = head.project(0, 0.02, 0.55)
        base = head.project(0, 0.42, 0.56)
        shapes.append(
            head.to_body(np.array([root, tip, (tip[0] - way * 0.02, tip[1] + 0.09), base, (root[0] - way * 0.2, 0.25)]))
        )
    head.pen.part(shapes, Part.SKIN)


def draw_muzzle(head: Head) -> None:
    """The lighter snout of an animal person, with its nose."""
    if not head.who.muzzle or head.facing < -0.1:
        return
    x, y = head.project(0, 0.5, 0.62)
    way = head.s
    shape = ellipse((x + 0.1 * way, y), 0.3 + 0.1 * abs(way), 0.24, 0, 22)
    head.pen.part([head.to_body(shape)], Part.MUZZLE, 0.9)
    nx, ny = head.project(0, 0.36, 0.86)
    head.pen.solid(head.to_body(smooth([(nx - 0.11, ny - 0.05), (nx + 0.11, ny - 0.05), (nx, ny + 0.08)], True, 4)))
    head.pen.stroke(head.to_body(np.array([(nx, ny + 0.06), (nx, ny + 0.12), (nx - 0.02 * way, ny + 0.18)])), 0.8)


def draw_ears(head: Head) -> None:
    """Human or pointed ears; animal ears are drawn on top of the hair."""
    if head.who.ears in ANIMAL_EARS and not hidden_ears(head):
        return
    for side in (-1.0, 1.0):
        x, y = head.project(side * 0.8 * head.who.face["width"], 0.12, -0.02)
        towards = -side * head.s
        if towards < -0.35 or head.facing < -0.6:
            continue
        out = 1.0 if x > 0 else -1.0
        if towards > 0.5:
            out = -1.0 if head.s > 0 else 1.0
        if head.who.ears == "elf":
            shape = np.array(
                [(x, y - 0.16), (x + out * 0.55, y - 0.35), (x + out * 0.12, y + 0.2), (x - out * 0.1, y + 0.16)]
            )
            head.pen.part([head.to_body(shape)], Part.SKIN)
        else:
            head.pen.part([head.to_body(ellipse((x, y), 0.13 + 0.04 * abs(towards), 0.2, 0.15 * out, 16))], Part.SKIN)
        head.pen.stroke(
            head.to_body(
                smooth([(x + out * 0.02, y - 0.1), (x + out * 0.09, y - 0.02), (x + out * 0.02, y + 0.06)], False)
            ),
            0.5,
        )
        if "earrings" in head.who.extras:
            head.pen.part([head.to_body(ellipse((x, y + 0.24), 0.06, None, 0, 10))], Part.BUCKLE, 0.6)


def _eye_places(head: Head) -> list[tuple[float, float, float, float]]:
    """Visible eyes: side, x, y and how wide they look (cosine)."""
    places = []
    for side in (-1.0, 1.0):
        azimuth = np.radians(27.0) * side
        wide = float(np.cos(azimuth + head.turn))
        if wide < 0.2:
            continue
        x, y = head.project(0.33 * side * head.who.face["width"], 0.12, 0.52)
        places.append((side, x, y, min(1.0, wide * 1.1)))
    return places


def draw_features(head: Head) -> None:
    """Eyes, brows, nose, mouth, blush, freckles, glasses."""
    if head.facing < -0.15:
        return
    draw_muzzle(head)
    with head.pen.inside([head.face_shape()]) if head.facing < 0.35 else _nothing():
        for side, x, y, wide in _eye_places(head):
            _draw_eye(head, side, x, y, wide)
            _draw_brow(head, side, x, y, wide)
        _draw_mouth(head)
    if abs(head.s) <= 0.72 and not head.who.muzzle:
        _draw_nose(head)
    if "blush" in head.who.extras or "freckles" in head.who.extras:
        for _side, x, y, wide in _eye_places(head):
            for k in (-0.1, 0.0, 0.1):
                p = np.array(
                    [(x + k * wide + 0.03, y + 0.24), (x + k * wide, y + 0.3), (x + k * wide - 0.03, y + 0.34)]
                )
                head.pen.stroke(head.to_body(p), 0.45)
    if "beard" in head.who.extras and head.facing > 0:
        x, y = head.project(0, 0.86 * head.who.face["chin"], 0.5)
        shape = smooth(
            [
                (x - 0.2, y - 0.1),
                (x, y - 0.14),
                (x + 0.2, y - 0.1),
                (x + 0.12, y + 0.12),
                (x, y + 0.24),
                (x - 0.12, y + 0.12),
            ]
        )
        head.pen.part([head.to_body(shape)], Part.HAIR, 0.8)


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def _draw_eye(head: Head, side: float, x: float, y: float, wide: float) -> None:
    who, pen, pose = head.who, head.pen, head.fig.pose
    rx, ry = {
        "anime": (0.19, 0.2),
        "tall": (0.15, 0.23),
        "comic": (0.17, 0.19),
        "dot": (0.07, 0.1),
        "narrow": (0.2, 0.11),
        "round": (0.2, 0.2),
    }[who.eye_style]
    grow = 1.0 + 0.25 * max(0.0, (5 - who.heads) / 2.5)
    rx, ry = rx * wide * grow, ry * grow
    if pose.eyes == "wide":
        ry *= 1.12
    if pose.eyes in {"closed", "happy"}:
        bend = -0.08 if pose.eyes == "happy" else 0.07
        pen.stroke(head.to_body(smooth([(x - rx, y + 0.04), (x, y + 0.04 + bend), (x + rx, y + 0.04)], False)), 1.3)
        return
    if pose.eyes == "half":
        ry *= 0.6
    if who.eye_style == "dot":
        pen.solid(head.to_body(ellipse((x, y), rx, ry, 0, 14)))
        return
    outer = side * (1 if head.facing > 0 else -1)
    white = smooth(
        [
            (x - rx, y),
            (x - rx * 0.6, y - ry * 0.85),
            (x + rx * 0.05, y - ry),
            (x + rx * 0.65, y - ry * 0.8),
            (x + rx, y),
            (x + rx * 0.55, y + ry * 0.9),
            (x - rx * 0.5, y + ry * 0.9),
        ],
        True,
        3,
    )
    white = head.to_body(white)
    pen.part([white], Part.EYE_WHITE, 0.55)
    with pen.inside([white]):
        ix = x + pose.gaze[0] * rx * 0.3 + head.s * rx * 0.2
        iy = y + pose.gaze[1] * ry * 0.25
        small = {"comic": 0.42, "round": 0.5, "narrow": 0.75}.get(who.eye_style, 0.72)
        ir = min(rx / max(wide, 0.3), ry) * small
        ih = ry * small * 1.05 if who.eye_style in {"anime", "tall"} else ir
        if who.eye_style == "comic":
            pen.solid(head.to_body(ellipse((ix, iy), ir * wide, ih, 0, 14)))
        else:
            pen.part([head.to_body(ellipse((ix, iy), ir * (0.4 + 0.6 * wide), ih, 0, 18))], Part.IRIS, 0.5)
            pen.solid(head.to_body(ellipse((ix, iy), ir * 0.45 * wide, ih * 0.5, 0, 12)))
        if pen.size >= 200 or who.heads < 5:
            pen.fill(head.to_body(ellipse((ix - ir * 0.35, iy - ih * 0.4), ir * 0.28, ir * 0.3, 0, 10)), Part.EYE_LIGHT)
    lid = [
        (x - rx * 1.05, y - ry * 0.05),
        (x - rx * 0.6, y - ry * 0.9),
        (x + rx * 0.05, y - ry * 1.05),
        (x + rx * 0.65, y - ry * 0.85),
        (x + rx * 1.05, y),
    ]
    pen.stroke(head.to_body(smooth(lid, False, 3)), 1.5 if who.eye_style in {"anime", "tall", "narrow"} else 0.9)
    if who.eye_style in {"anime", "tall"} and who.curve > 0.05:
        tip = (x + outer * rx * 1.3, y - ry * 0.55)
        pen.stroke(
            head.to_body(np.array([(x + outer * rx * 0.8, y - ry * 0.6), (x + outer * rx * 1.1, y - ry * 0.55), tip])),
            0.9,
        )


def _draw_brow(head: Head, side: float, x: float, y: float, wide: float) -> None:
    mood = head.fig.pose.brows * 0.07 * side
    lift = 0.34 if head.who.eye_style != "narrow" else 0.26
    path = [(x - 0.18 * wide, y - lift + mood), (x, y - lift - 0.05), (x + 0.18 * wide, y - lift - mood)]
    head.pen.stroke(head.to_body(smooth(path, False)), 0.7 + 0.9 * head.who.brow)


def _draw_nose(head: Head) -> None:
    x, y = head.project(0, 0.36, 0.66)
    way = 1.0 if head.s >= 0 else -1.0
    style, pen = head.who.nose_style, head.pen
    if style == "dot":
        pen.stroke(head.to_body(np.array([(x - 0.03, y), (x, y + 0.01), (x + 0.03, y)])), 1.0)
    elif style == "dash":
        pen.stroke(
            head.to_body(
                np.array([(x + way * 0.02, y - 0.08), (x + way * 0.04, y - 0.02), (x + way * 0.01, y + 0.02)])
            ),
            0.8,
        )
    elif style == "hook":
        pen.stroke(head.to_body(smooth([(x, y - 0.2), (x + way * 0.08, y), (x - way * 0.03, y + 0.03)], False)), 0.8)
    elif style == "button":
        pen.stroke(head.to_body(smooth([(x - 0.08, y - 0.03), (x, y + 0.04), (x + 0.08, y - 0.03)], False)), 0.8)
    else:
        pen.stroke(
            head.to_body(
                smooth([(x - 0.13, y), (x - 0.1, y + 0.05), (x, y + 0.03), (x + 0.1, y + 0.05), (x + 0.13, y)], False)
            ),
            0.8,
        )


def _draw_mouth(head: Head) -> None:
    if head.facing < 0.12 and abs(head.s) < 0.5:
        return
    pen, kind = head.pen, head.fig.pose.mouth
    x, y = head.project(0, 0.6, 0.6)
    wide = max(0.35, min(1.0, head.facing * 1.1))
    if abs(head.s) > 0.72:
        x -= 0.1 * (1 if head.s > 0 else -1)
    w = {"small": 0.08, "o": 0.08, "grin": 0.26, "open": 0.2}.get(kind, 0.18) * wide
    if kind in {"open", "grin", "o"}:
        h = {"open": 0.18, "grin": 0.12, "o": 0.1}[kind]
        if kind == "o":
            shape = ellipse((x, y + 0.02), w, h, 0, 14)
        else:
            shape = smooth(
                [
                    (x - w, y - 0.03),
                    (x, y),
                    (x + w, y - 0.03),
                    (x + w * 0.6, y + h * 0.75),
                    (x, y + h),
                    (x - w * 0.6, y + h * 0.75),
                ],
                True,
                3,
            )
        body = head.to_body(shape)
        pen.part([body], Part.TEETH if kind == "grin" else Part.MOUTH, 0.6)
        if kind == "open":
            with pen.inside([body]):
                pen.part([head.to_body(ellipse((x, y + h), w * 0.7, h * 0.45, 0, 12))], Part.LIPS, 0.4)
        elif kind == "grin":
            pen.stroke(
                head.to_body(np.array([(x - w * 0.7, y + h * 0.4), (x, y + h * 0.5), (x + w * 0.7, y + h * 0.4)])), 0.4
            )
        return
    bend = {"smile": 0.07, "frown": -0.06}.get(kind, 0.0)
    if head.who.mouth_style == "lips" and wide > 0.5:
        lips = smooth(
            [(x - w, y), (x - w * 0.4, y - 0.05), (x, y - 0.03), (x + w * 0.4, y - 0.05), (x + w, y), (x, y + 0.08)],
            True,
            3,
        )
        pen.part([head.to_body(lips)], Part.LIPS, 0.5)
    pen.stroke(
        head.to_body(smooth([(x - w, y - bend * 0.5), (x, y + bend * 0.6), (x + w, y - bend * 0.5)], False)), 0.9
    )


def draw_glasses(head: Head) -> None:
    """Round or square glasses on the eyes."""
    if head.facing < 0.1 or "glasses" not in head.who.extras:
        return
    places = _eye_places(head)
    square = head.who.brow > 1.0
    for _side, x, y, wide in places:
        if square:
            ring = smooth(
                [
                    (x - 0.24 * wide, y - 0.18),
                    (x + 0.24 * wide, y - 0.18),
                    (x + 0.22 * wide, y + 0.2),
                    (x - 0.22 * wide, y + 0.2),
                ],
                True,
                1,
            )
        else:
            ring = ellipse((x, y + 0.01), 0.25 * wide, 0.24, 0, 20)
        ring = np.concatenate([ring, ring[:1]])
        head.pen.stroke(head.to_body(ring), 1.1, taper=False)
    if len(places) == 2:
        (_, x0, y0, w0), (_, x1, y1, w1) = places
        head.pen.stroke(
            head.to_body(np.array([(x0 + 0.25 * w0, y0), ((x0 + x1) / 2, y0 - 0.03), (x1 - 0.25 * w1, y1)])),
            1.1,
            taper=False,
        )


def draw_animal_ears(head: Head) -> None:
    """Cat, fox or rabbit ears on top of the head."""
    kind = head.who.ears
    if kind not in ANIMAL_EARS or hidden_ears(head):
        return
    for side in (-1.0, 1.0) if head.s >= 0 else (1.0, -1.0):
        x, y = head.project(side * 0.48, -0.72, -0.1)
        lean = 0.25 * side * head.c - 0.1 * head.s
        if kind == "rabbit":
            length, width = 1.15, 0.2
            shape = [
                (x - width, y + 0.1),
                (x - width * 1.1 + lean * 0.5, y - length * 0.6),
                (x + lean, y - length),
                (x + width * 1.1 + lean * 0.5, y - length * 0.6),
                (x + width, y + 0.1),
            ]
        else:
            length, width = (0.62, 0.32) if kind == "cat" else (0.8, 0.34)
            shape = [
                (x - width, y + 0.15),
                (x - width * 0.5 + lean, y - length * 0.55),
                (x + lean * 1.3, y - length),
                (x + width * 0.7 + lean, y - length * 0.45),
                (x + width, y + 0.15),
            ]
        points = np.array(shape)
        head.pen.part([head.to_body(smooth(points, True, 3))], Part.EARS)
        if head.facing > -0.1:
            center = points.mean(0)
            head.pen.part(
                [head.to_body(smooth(center + (points - center) * (0.5, 0.62) + (0, 0.05), True, 3))],
                Part.INNER_EAR,
                0.6,
            )
