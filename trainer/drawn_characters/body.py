"""The figure: a character in a pose, with the shapes of torso, limbs, hands and feet that clothes follow."""

from math import cos, hypot, pi, sin

import numpy as np

from trainer.drawn_characters.character import Character, Part
from trainer.drawn_characters.drawing import Canvas, Shape, capsule, direction, ellipse, hull, lerp, smooth, xy
from trainer.drawn_characters.pose import Pose, Skeleton

SIDES = ("r", "l")


class Figure:
    """What the drawing functions share: who, how, where the joints are, and widths that follow from them."""

    def __init__(self, who: Character, pose: Pose, bones: Skeleton, canvas: Canvas) -> None:
        self.who, self.pose, self.bones, self.canvas = who, pose, bones, canvas
        self.at = bones.at
        body = 1.0 - who.head
        b = body * who.limb * (0.55 + 0.45 * who.build)
        self.arm = (0.037 * b, 0.029 * b, 0.021 * b)
        self.leg = (0.066 * b, 0.046 * b, 0.029 * b)
        self.body = body
        self.facing = cos(bones.turn)
        self.sideways = sin(bones.turn)
        shoulder = 0.135 * body * (0.72 + 0.28 * who.build)
        hips = max(0.062 * body * (0.7 + 0.3 * who.build) * (1 + 0.4 * who.curve) + self.leg[0] * 0.95, 0.5 * shoulder)
        waist = 0.5 * (shoulder + hips) * (0.86 - 0.35 * max(who.curve, 0) + 0.22 * who.belly)
        # Height as a share of the torso, half width, half depth, how far forward.
        self.levels = np.array(
            [
                (-0.16, hips * 0.8, hips * 0.62, -0.004),
                (0.02, hips, hips * 0.72, -0.01),
                (0.38, waist, waist * (0.66 + 0.3 * who.belly), 0.008 + 0.02 * who.belly),
                (0.68, shoulder * 0.86, shoulder * 0.6, 0.01 + 0.02 * max(who.curve, 0)),
                (0.88, shoulder * 0.97, shoulder * 0.46, 0.0),
                (0.96, shoulder * 0.8, shoulder * 0.4, -0.002),
                (1.0, shoulder * 0.5, shoulder * 0.3, -0.004),
            ]
        )
        self.spine = self.at["chest"] - self.at["pelvis"]
        length = max(hypot(*self.spine), 1e-6)
        self.side = np.array([-self.spine[1], self.spine[0]]) / length

    def level(self, t: float) -> tuple[Shape, float]:
        """Centre and half width of the torso at height t (0 hips, 1 shoulders), as seen in this view."""
        ts = self.levels[:, 0]
        width, depth, forward = (float(np.interp(t, ts, self.levels[:, k])) for k in (1, 2, 3))
        half = hypot(width * self.facing, depth * self.sideways)
        center = self.at["pelvis"] + self.spine * t + self.side * (forward * self.sideways)
        return center, half

    def torso(self, low: float, high: float, ease: float = 1.0, flare: float = 0.0) -> Shape:
        """The torso's outline between two heights; ease widens it, flare widens its lower edge."""
        heights = np.linspace(high, low, 7)
        left, right = [], []
        for i, t in enumerate(heights):
            center, half = self.level(float(t))
            half *= (ease if t < 0.95 else 1.0) * (1.0 + flare * (i / 6) ** 2)
            left.append(center - self.side * half)
            right.append(center + self.side * half)
        a = smooth(left, closed=False, steps=3)
        b = smooth(right[::-1], closed=False, steps=3)
        return np.concatenate([a, b])

    def chest_point(self, across: float, t: float) -> Shape:
        """A point on the front of the torso: across in [-1, 1] of the half width, t the height."""
        ts = self.levels[:, 0]
        width, depth, forward = (float(np.interp(t, ts, self.levels[:, k])) for k in (1, 2, 3))
        front = depth * float(np.sqrt(max(0.0, 1 - across * across))) + forward
        x = across * width * self.facing + front * self.sideways
        return self.at["pelvis"] + self.spine * t + self.side * x

    def limb_shapes(self, kind: str, side: str, upto: float, ease: float, flare: float = 0.0) -> list[Shape]:
        """A sleeve or trouser leg from the joint to the share `upto` of the limb, `ease` times as wide as the limb."""
        names, radii = (
            (("shoulder", "elbow", "wrist"), self.arm) if kind == "arm" else (("hip", "knee", "ankle"), self.leg)
        )
        a, b, c = (self.at[f"{n}_{side}"] for n in names)
        r0, r1, r2 = radii
        r1, r2 = r1 + (r0 - r1) * min(flare, 1.0) * 0.8, r2 + (r0 - r2) * flare
        if upto <= 0.5:
            t = upto / 0.5
            return [capsule(a, lerp(a, b, t), r0 * ease, (r0 + (r1 - r0) * t) * ease, 0.03)]
        t = (upto - 0.5) / 0.5
        return [
            capsule(a, b, r0 * ease, r1 * ease, 0.04),
            capsule(b, lerp(b, c, t), r1 * ease, (r1 + (r2 - r1) * t) * ease, 0.06),
        ]

    def limb_end(self, kind: str, side: str, upto: float) -> tuple[Shape, float, float]:
        """Where a sleeve or leg of length `upto` ends: point, direction (radians) and the limb's radius."""
        names, radii = (
            (("shoulder", "elbow", "wrist"), self.arm) if kind == "arm" else (("hip", "knee", "ankle"), self.leg)
        )
        a, b, c = (self.at[f"{n}_{side}"] for n in names)
        if upto <= 0.5:
            return lerp(a, b, upto / 0.5), direction(a, b), radii[0] + (radii[1] - radii[0]) * upto * 2
        t = (upto - 0.5) * 2
        return lerp(b, c, t), direction(b, c), radii[1] + (radii[2] - radii[1]) * t


def draw_hand(fig: Figure, side: str, label: Part) -> None:
    """The bare or gloved arm's hand, in the way the pose says."""
    with fig.canvas.finer(0.011 * fig.body * fig.who.hand):
        _draw_hand(fig, side, label)


def _draw_hand(fig: Figure, side: str, label: Part) -> None:
    wrist, tip = fig.at["wrist_" + side], fig.at["hand_" + side]
    kind = fig.pose.hands[0 if side == "r" else 1]
    angle = direction(wrist, tip)
    size = 0.03 * fig.body * fig.who.hand * (0.8 + 0.2 * fig.who.limb)
    u = np.array([cos(angle), sin(angle)])
    v = np.array([-u[1], u[0]])
    # The thumb is on the side the body faces, or inwards when seen from the front.
    inward = 1.0 if (u[1] >= 0) == (side == "r") else -1.0
    if abs(fig.sideways) > 0.7:
        inward = -1.0 if (fig.sideways > 0) == (u[1] >= 0) else 1.0
    if fig.facing < 0 and abs(fig.sideways) <= 0.7:
        inward = -inward
    thumb_side = v * inward
    palm = wrist + u * size * 0.75
    pen = fig.canvas
    if kind == "open":
        shapes = [ellipse(palm, size * 0.85, size * 0.8, angle, 14)]
        for k, spread in enumerate((-0.42, -0.14, 0.14, 0.42)):
            a = angle + spread * -inward
            d = np.array([cos(a), sin(a)])
            length = (1.75, 2.0, 1.95, 1.6)[k] * size
            shapes.append(capsule(palm + d * size * 0.3, palm + d * length, size * 0.27, size * 0.23))
        a = angle + 1.0 * inward
        d = np.array([cos(a), sin(a)])
        shapes.append(capsule(palm, palm + d * size * 1.45, size * 0.32, size * 0.25))
        pen.part(shapes, label, 0.9)
        return
    if kind == "fist":
        fist = wrist + u * size
        pen.part([ellipse(fist, size * 1.05, size * 0.95, angle, 16)], label, 0.9)
        for k in (-0.4, 0.05, 0.5):
            start = fist + u * size * 0.95 + thumb_side * size * -k * 0.9
            pen.stroke([start, start - u * size * 0.35, start - u * size * 0.6], 0.6)
        thumb = capsule(
            fist + thumb_side * size * 0.7, fist + u * size * 0.5 + thumb_side * size * 0.35, size * 0.3, size * 0.25
        )
        pen.part([thumb], label, 0.7)
        return
    fingers = capsule(palm, palm + u * size * 1.25 - thumb_side * size * 0.1, size * 0.85, size * 0.5, 0.05)
    thumb = capsule(
        palm + thumb_side * size * 0.45, palm + u * size * 0.75 + thumb_side * size * 0.95, size * 0.33, size * 0.25
    )
    pen.part([fingers, thumb], label, 0.9)
    for k in (-0.35, 0.05, 0.42):
        start = palm + u * size * 1.65 - thumb_side * size * k * 0.95
        pen.stroke([start, start - u * size * 0.35, start - u * size * 0.7 + thumb_side * size * 0.05], 0.55)


def draw_arm(fig: Figure, side: str) -> None:
    """The bare arm with its hand; a sleeve goes over it."""
    hand_label = Part.GLOVE if "gloves" in fig.who.extras else Part.SKIN
    fig.canvas.part(fig.limb_shapes("arm", side, 1.0, 1.0), Part.SKIN)
    _markings(fig, "arm", side)
    draw_hand(fig, side, hand_label)
    if hand_label is Part.SKIN:
        # Cover the line between wrist and hand: they are one skin.
        wrist, tip = fig.at["wrist_" + side], fig.at["hand_" + side]
        fig.canvas.fill(
            capsule(
                lerp(wrist, fig.at["elbow_" + side], 0.12), lerp(wrist, tip, 0.25), fig.arm[2] * 0.9, fig.arm[2] * 0.8
            ),
            hand_label,
        )


def _markings(fig: Figure, kind: str, side: str) -> None:
    """Stripes across a bare forearm or shin."""
    if "striped" not in fig.who.extras:
        return
    shapes = fig.limb_shapes(kind, side, 1.0, 1.0)
    with fig.canvas.inside(shapes):
        for share in (0.3, 0.58, 0.7, 0.82):
            at, angle, r = fig.limb_end(kind, side, share)
            along, across = xy(cos(angle), sin(angle)) * r * 0.22, xy(-sin(angle), cos(angle)) * r * 1.5
            band = [at - along - across, at - along * 0.4, at - along + across]
            band += [at + along + across, at + along * 1.6, at + along - across]
            fig.canvas.part([np.array(band)], Part.MARKING, 0.7)


def draw_foot(fig: Figure, side: str) -> None:
    """Bare foot, sandal, shoe or boot."""
    who, pen = fig.who, fig.canvas
    ankle, toe = fig.at["ankle_" + side], fig.at["toe_" + side]
    shin = fig.at["ankle_" + side] - fig.at["knee_" + side]
    down = shin / max(hypot(*shin), 1e-6)
    r = fig.leg[2] * 1.25 + 0.006
    heel = ankle + down * r * 0.75
    front = toe + down * r * 0.55
    if hypot(*(front - heel)) < r * 1.1:
        # Seen from the front: the toe comes towards us and sits lower.
        front = heel + down * r * 0.8
    r1 = r * 1.05
    if who.shoes == "barefoot":
        pen.part(
            [
                capsule(heel, front, r * 0.9, r * 0.8),
                capsule(lerp(ankle, fig.at["knee_" + side], 0.1), heel, fig.leg[2] * 0.95, r * 0.8),
            ],
            Part.SKIN,
        )
        for k in (-0.5, -0.1, 0.3, 0.6):
            across = np.array([-(front - heel)[1], (front - heel)[0]]) / max(hypot(*(front - heel)), 1e-6)
            p = front + across * r * 0.75 * k + (front - heel) * 0.25
            pen.stroke([p, p - (front - heel) * 0.12, p - (front - heel) * 0.2], 0.5)
        return
    thick = r * 0.38
    sole_shift = down * thick
    sole = hull([(*(heel + sole_shift), r * 1.02), (*(front + sole_shift), r1 * 1.02)])
    pen.part([sole], Part.SOLE)
    upper: list[Shape] = [hull([(*heel, r), (*front, r1), (*lerp(heel, ankle, 0.8), r * 0.8)])]
    if who.shoes in {"boot", "tall_boot"}:
        knee = fig.at["knee_" + side]
        height = 0.3 if who.shoes == "boot" else 0.66
        upper.append(
            capsule(
                ankle,
                lerp(ankle, knee, height),
                fig.leg[2] * 1.3,
                (fig.leg[2] + (fig.leg[1] - fig.leg[2]) * height) * 1.35,
            )
        )
    pen.part(upper, Part.SHOE)
    axis = front - heel
    length = max(hypot(*axis), 1e-6)
    n = np.array([axis[1], -axis[0]]) / length
    if n @ down > 0:
        n = -n
    if who.shoes == "sneaker":
        cap = lerp(heel, front, 0.75)
        pen.stroke(smooth([cap + n * r, cap + axis / length * r * 0.3, cap - n * r * 0.8], False), 0.6)
        for k in (0.25, 0.45):
            p = lerp(heel, front, k) + n * r * 0.55
            pen.stroke([p - axis / length * r * 0.2, p, p + axis / length * r * 0.3 + n * r * 0.25], 0.6)
    elif who.shoes == "boot":
        p = ankle
        q = np.array([-down[1], down[0]]) * fig.leg[2]
        pen.stroke([p - q, p + down * r * 0.25, p + q], 0.6)


def draw_leg(fig: Figure, side: str) -> None:
    """The bare leg, a sock, and what is on the foot."""
    pen = fig.canvas
    label = Part.SOCK if "tights" in fig.who.extras else Part.SKIN
    pen.part(fig.limb_shapes("leg", side, 1.0, 1.0), label)
    if label is Part.SKIN:
        _markings(fig, "leg", side)
    a, b = fig.at["knee_" + side], fig.at["ankle_" + side]
    if "socks" in fig.who.extras and fig.who.shoes not in {"barefoot", "sandal"}:
        pen.part(
            [capsule(lerp(b, a, 0.35), b, (fig.leg[2] * 0.65 + fig.leg[1] * 0.35) * 1.06, fig.leg[2] * 1.1)], Part.SOCK
        )
    elif label is Part.SKIN:
        pen.stroke(
            smooth(
                [
                    a + xy(-fig.leg[1] * 0.5, -fig.leg[1] * 0.1),
                    a + xy(0, fig.leg[1] * 0.35),
                    a + xy(fig.leg[1] * 0.5, 0),
                ],
                False,
            ),
            0.55,
        )
    draw_foot(fig, side)


def draw_torso(fig: Figure) -> None:
    """Bare torso and neck; clothes cover most of it."""
    draw_neck(fig)
    fig.canvas.part([fig.torso(-0.1, 1.0)], Part.SKIN)


def draw_neck(fig: Figure) -> None:
    """The neck, from the chest into the head."""
    base = fig.at["pelvis"] + fig.spine * 0.95
    r = 0.034 * fig.body * (0.7 + 0.3 * fig.who.build) * (0.8 + 0.06 * fig.who.heads)
    r = min(max(r, 0.13 * fig.who.head), 0.23 * fig.who.head)
    fig.canvas.part([capsule(base, fig.at["head"], r * 1.15, r)], Part.SKIN)


def draw_tail(fig: Figure) -> None:
    """A cat's, fox's or lizard's tail from the lower back, if there is one."""
    if fig.who.tail == "none":
        return
    start, _ = fig.level(0.0)
    away = -1.0 if fig.sideways > 0.2 else 1.0 if fig.sideways < -0.2 else (1.0 if fig.pose.sway > 0 else -1.0)
    s = 0.3 * fig.body
    lift = fig.pose.sway
    shares = [
        (0.0, 0.0),
        (0.35, 0.3),
        (0.8, 0.25 - 0.3 * lift),
        (1.0, -0.2 - 0.4 * lift),
        (0.8 - 0.2 * lift, -0.6 - 0.3 * lift),
    ]
    path = smooth([start + xy(away * s * x, s * y) for x, y in shares], False, 3)
    n = len(path)
    if fig.who.tail == "fox":
        radii = [0.02 + 0.055 * sin(pi * min(1.0, i / n * 0.95 + 0.03)) for i in range(n)]
    elif fig.who.tail == "cat":
        radii = [0.022] * n
    else:
        radii = [0.05 * (1 - i / n) + 0.006 for i in range(n)]
    radii = [r * fig.body for r in radii]
    shapes = [capsule(path[i], path[i + 1], radii[i], radii[i + 1]) for i in range(n - 1)]
    fig.canvas.part(shapes, Part.TAIL)
    tip = max(2, int(n * 0.3))
    if "striped" in fig.who.extras:
        with fig.canvas.inside(shapes):
            for i in range(2, n - 1, 3):
                across = xy(path[i][1] - path[i + 1][1], path[i + 1][0] - path[i][0])
                across *= 2.0 * radii[i] / max(hypot(*across), 1e-6)
                band = [path[i] - across, path[i] + across, path[i + 1] + across, path[i + 1] - across]
                fig.canvas.part([np.array(band)], Part.TAIL_TIP, 0.7)
    elif fig.who.tail != "lizard":
        with fig.canvas.inside(shapes):
            fig.canvas.part(shapes[-tip:], Part.TAIL_TIP)
            fig.canvas.fill(shapes[-1], Part.TAIL_TIP)
