"""Hair: the shell on the skull, what falls behind, and bangs of curved locks."""

from math import cos, sin

import numpy as np

from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, ellipse, smooth
from trainer.drawn_characters.faces import Head

_FALLS = {
    "bob": 1.15,
    "long": 2.6,
    "long_wavy": 2.7,
    "hime": 2.8,
    "pixie": 0.75,
    "messy": 0.8,
    "curly": 1.2,
    "drills": 0.8,
}


def covered(head: Head) -> bool:
    """Whether a cloth hides all the hair."""
    return head.who.head_wear == "hijab"


def draw_back_hair(head: Head) -> None:
    """What hangs from the back of the head: drawn before the body seen from the front, after it from behind."""
    style = head.who.hair
    if covered(head):
        return
    if style in _FALLS:
        behind = head.facing < 0 and head.fig.facing < -0.25
        length = _FALLS[style] * (0.75 + 0.25 * head.who.hair_length if style != "bob" else 1.0)
        # Seen from behind, hair runs down from the crown: shell and fall are one part.
        shell = [head.skull(1.2 if style == "curly" else head.who.hair_volume)] if behind else []
        _fall(head, length, style in {"long_wavy", "curly"}, shell)
    elif style in {"ponytail", "high_ponytail"}:
        y = -0.75 if style == "high_ponytail" else -0.2
        _tail(head, (0.0, y, -0.85), head.who.hair_length * 1.7, 0.3)
    elif style == "side_tail":
        _tail(head, (0.75, -0.1, -0.3), head.who.hair_length * 1.6, 0.26)
    elif style in {"twin_tails", "low_twin_tails"}:
        y = -0.6 if style == "twin_tails" else 0.35
        for side in (-1.0, 1.0):
            _tail(head, (side * 0.82, y, -0.3), head.who.hair_length * 1.9, 0.27)
    elif style == "braid":
        _braid(head, (0.0, 0.5, -0.75))
    elif style == "twin_braids":
        for side in (-1.0, 1.0):
            _braid(head, (side * 0.66, 0.5, -0.35))
    elif style in {"bun", "twin_buns", "afro_puffs"} and head.who.head_wear not in {"cap", "beanie", "straw"}:
        _buns(head)


def _fall(head: Head, length: float, wavy: bool, shell: list[Shape]) -> None:
    w = 0.9 * head.who.hair_volume * (0.9 + 0.1 * abs(head.c))
    cx, top = head.project(0, -0.2, -0.22)
    n = head.who.locks + 2
    bottom = top + length
    sway = head.fig.pose.sway * 0.15
    left: list[tuple[float, float]] = []
    for k in range(5):
        t = k / 4
        wave = 0.07 * sin(t * 9 + (0.5 if wavy else 0)) if wavy else 0.0
        left.append((-w * (1 + 0.06 * sin(t * 2.4)) * (1 - 0.12 * t) - wave, top + (length - 0.1) * t))
    right = [(-x + (0.05 if wavy else 0), y) for x, y in left]
    tips: list[tuple[float, float]] = []
    for i in range(n):
        x0 = left[-1][0] + (right[-1][0] - left[-1][0]) * (i + 0.5) / n
        tips.append((x0, bottom + 0.1 + 0.06 * sin(i * 2.1)))
        if i < n - 1:
            tips.append((left[-1][0] + (right[-1][0] - left[-1][0]) * (i + 1) / n, bottom - 0.12))
    a = smooth(left, False, 3)
    b = smooth(right[::-1], False, 3)
    outline = np.concatenate([a, np.array(tips), b])
    outline[:, 0] += cx + sway * np.clip((outline[:, 1] - top) / max(length, 0.1), 0, 1)
    head.pen.part([head.to_body(outline), *shell], Part.HAIR)
    for i in range(1, n):
        x = cx + left[-1][0] + (right[-1][0] - left[-1][0]) * i / n + sway
        strand = smooth(
            [
                (x, bottom - 0.12),
                (x * 0.98 + cx * 0.02, bottom - length * 0.3),
                (x * 0.93 + cx * 0.07, bottom - length * (0.45 + 0.1 * (i % 2))),
            ],
            False,
        )
        head.pen.stroke(head.to_body(strand), 0.6)


def _tail(head: Head, root: tuple[float, float, float], length: float, width: float) -> None:
    x, y = head.project(*root)
    out = np.sign(x) if abs(x) > 0.25 else (np.sign(head.fig.pose.sway) or 1.0)
    swing = 0.35 + 0.25 * abs(head.fig.pose.sway)
    tip = (x + out * swing * length * 0.6, y + length)
    side = [
        (x - out * 0.08, y - 0.12),
        (x + out * (swing + width), y + length * 0.12),
        (x + out * (swing * 0.8 + width * 1.2), y + length * 0.55),
        tip,
        (x + out * (swing * 0.275 * length + 0.02), y + length * 0.82),
        (x + out * swing * 0.3, y + length * 0.5),
        (x + out * 0.12, y + 0.18),
    ]
    head.pen.part([head.to_body(smooth(side, True, 4))], Part.HAIR)
    for k in (0.25, 0.6):
        strand = smooth(
            [
                (x + out * (0.1 + 0.1 * k), y + 0.1),
                (x + out * (swing * 0.6 + width * k), y + length * 0.4),
                (tip[0] - out * 0.06 * (1 - k), tip[1] - 0.2),
            ],
            False,
        )
        head.pen.stroke(head.to_body(strand), 0.6)
    head.pen.part([head.to_body(ellipse((x + out * 0.06, y), 0.13, 0.16, 0, 12))], Part.HAIR_TIE, 0.8)


def _braid(head: Head, root: tuple[float, float, float]) -> None:
    x, y = head.project(*root)
    out = np.sign(x) if abs(x) > 0.2 else 0.3 * head.fig.pose.sway
    count = 4 + round(3 * head.who.hair_length)
    for i in range(count):
        px, py = x + out * 0.05 * i, y + 0.24 * i
        r = 0.2 * (1 - 0.05 * i)
        head.pen.part([head.to_body(ellipse((px, py), r, 0.17, 0.5 if i % 2 else -0.5, 14))], Part.HAIR, 0.85)
    px, py = x + out * 0.05 * count, y + 0.24 * count
    head.pen.part(
        [
            head.to_body(
                smooth(
                    [
                        (px - 0.1, py - 0.1),
                        (px + 0.1, py - 0.1),
                        (px + 0.13, py + 0.15),
                        (px, py + 0.3),
                        (px - 0.13, py + 0.15),
                    ]
                )
            )
        ],
        Part.HAIR,
        0.85,
    )
    head.pen.part([head.to_body(ellipse((px, py - 0.1), 0.12, 0.07, 0, 12))], Part.HAIR_TIE, 0.7)


def _buns(head: Head) -> None:
    style = head.who.hair
    roots = [(0.0, -0.95, -0.45)] if style == "bun" else [(-0.72, -0.75, -0.2), (0.72, -0.75, -0.2)]
    r = {"bun": 0.36, "twin_buns": 0.32, "afro_puffs": 0.52}[style]
    for root in roots:
        x, y = head.project(*root)
        if style == "afro_puffs":
            _cloud(head, x, y, r)
        else:
            head.pen.part([head.to_body(ellipse((x, y), r, r * 0.92))], Part.HAIR)
            head.pen.stroke(
                head.to_body(
                    smooth(
                        [
                            (x - r * 0.5, y + r * 0.3),
                            (x, y - r * 0.5),
                            (x + r * 0.55, y + r * 0.1),
                            (x + r * 0.1, y + r * 0.4),
                        ],
                        False,
                    )
                ),
                0.6,
            )


def _cloud(head: Head, x: float, y: float, r: float, squash: float = 1.0) -> None:
    count = max(9, round(22 * r))
    shapes = [ellipse((x, y), r * 0.92, r * 0.92 * squash)]
    for i in range(count):
        a = i * 6.283 / count
        shapes.append(
            ellipse((x + cos(a) * r * 0.9, y + sin(a) * r * 0.9 * squash), r * 2.3 / count + 0.03, None, 0, 10)
        )
    head.pen.part([head.to_body(s) for s in shapes], Part.HAIR)
    for i in range(0, count, 2):
        a = i * 2.4
        px, py = x + cos(a) * r * 0.6, y + sin(a) * r * 0.6 * squash
        head.pen.stroke(head.to_body(smooth([(px - 0.08, py), (px, py - 0.07), (px + 0.08, py)], False)), 0.5)


def _afro(head: Head) -> None:
    x, y = head.project(0, -0.3, -0.15)
    _cloud(head, x, y, 1.05 * head.who.hair_volume, 0.95)


def draw_shell(head: Head) -> None:
    """The hair that covers the skull, under the face. Without hair, the bare skull."""
    who = head.who
    if covered(head):
        around = [(k * 0.42, 0.15, 0.2, 0.42) for k in (-1, 1)] + [(0.0, 0.62, 0.3, 0.42)]
        head.pen.part([head.skull(1.16), head.spheres([(0.0, -0.2, -0.1, 0.9), *around])], Part.HAT)
        return
    if who.hair == "bald":
        head.pen.part([head.skull(1.0)], Part.SKIN)
        return
    hat = who.head_wear in {"cap", "beanie", "straw"}
    if who.hair == "afro" and not hat:
        _afro(head)
        return
    volume = {"buzz": 1.02, "crop": 1.04, "mohawk": 1.02, "afro": 1.1, "curly": 1.2}.get(who.hair, who.hair_volume)
    shapes = [head.skull(volume)]
    if hat:
        shapes = [head.skull(min(volume, 1.08))]
    elif who.hair in {"spiky", "messy", "mohawk", "quiff", "short", "pixie"}:
        shapes += _spikes(head, volume)
    head.pen.part(shapes, Part.HAIR)
    _shell_strands(head)


def _shell_strands(head: Head) -> None:
    """Lines from the crown down the back and sides of the hair."""
    who = head.who
    if who.hair in {"buzz", "crop", "mohawk", "afro", "curly", "afro_puffs"}:
        return
    crown = np.array(head.project(0.04 * who.sweep, -0.85, -0.3))
    for k in range(who.locks + 3):
        azimuth = 95 + 170 * k / (who.locks + 2)
        x, y, z = head.surface(azimuth, -22 + 12 * (k % 2), who.hair_volume * 0.96)
        mx, my, mz = head.surface(azimuth, 30, who.hair_volume * 0.96)
        if z > -0.05 and mz > -0.05:
            end, bend = np.array([x, y]), np.array([mx, my])
            start = crown + (end - crown) * (0.12 if k % 3 else 0.45)
            head.pen.stroke(head.to_body(smooth(np.array([start, bend * 0.9 + start * 0.1, end]), False)), 0.6)


def _spikes(head: Head, volume: float) -> list[Shape]:
    who = head.who
    shapes: list[Shape] = []
    if who.hair == "mohawk":
        for i in range(7):
            e = 20 + i * 24.0
            x, y, _ = head.surface(0 if e < 90 else 180, e if e < 90 else 180 - e, volume)
            dx, dy = x - head.project(0, 0, -0.1)[0], y + 0.18
            n = max(np.hypot(dx, dy), 1e-6)
            shapes.append(
                np.array(
                    [
                        (x - dy / n * 0.16, y + dx / n * 0.16),
                        (x + dx / n * 0.45, y + dy / n * 0.45 - 0.1),
                        (x + dy / n * 0.16, y - dx / n * 0.16),
                    ]
                )
            )
        return [head.to_body(s) for s in shapes]
    size = {"spiky": 0.42, "messy": 0.24, "quiff": 0.12, "short": 0.1, "pixie": 0.1}[who.hair]
    cx, cy = head.project(0, -0.18, -0.14)
    r = 0.8 * volume
    count = 8 + who.locks
    low, high = -0.55, 3.7
    for i in range(count):
        a = low + (high - low) * i / (count - 1)
        bend = 0.35 * who.sweep * size
        k = size * (0.75 + 0.4 * abs(sin(i * 1.7 + who.locks)))
        base = r * 0.82
        left, right, tip = a - 0.3, a + 0.3, a + bend
        shapes.append(
            np.array(
                [
                    (cx + cos(left) * base, cy - sin(left) * base),
                    (cx + cos(tip) * (r + k), cy - sin(tip) * (r + k)),
                    (cx + cos(right) * base, cy - sin(right) * base),
                ]
            )
        )
    if who.hair == "quiff":
        x, y, _ = head.surface(0, 62, volume)
        way = head.s
        shapes.append(
            smooth(
                [
                    (x - 0.55, y + 0.1),
                    (x - 0.4 + 0.2 * way, y - 0.38),
                    (x + 0.1 + 0.4 * way, y - 0.5),
                    (x + 0.5 + 0.2 * way, y - 0.25),
                    (x + 0.55, y + 0.15),
                ],
                True,
                4,
            )
        )
    return [head.to_body(s) for s in shapes]
