"""Hair: the shell on the skull, what falls behind, bangs of curved locks, and hats over it."""

from math import cos, sin

import numpy as np

from trainer.drawn_characters.character import Part
from trainer.drawn_characters.drawing import Shape, capsule, ellipse, smooth
from trainer.drawn_characters.faces import Head

_FALLS = {"bob": 1.15, "long": 2.6, "long_wavy": 2.7, "hime": 2.8, "pixie": 0.75, "messy": 0.8, "curly": 1.2, "drills": 0.8}


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
    elif style in {"bun", "twin_buns", "afro_puffs"}:
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
        strand = smooth([(x, bottom - 0.12), (x * 0.98 + cx * 0.02, bottom - length * 0.3), (x * 0.93 + cx * 0.07, bottom - length * (0.45 + 0.1 * (i % 2)))], False)
        head.pen.stroke(head.to_body(strand), 0.6)


def _tail(head: Head, root: tuple[float, float, float], length: float, width: float) -> None:
    x, y = head.project(*root)
    out = np.sign(x) if abs(x) > 0.25 else (np.sign(head.fig.pose.sway) or 1.0)
    swing = 0.35 + 0.25 * abs(head.fig.pose.sway)
    tip = (x + out * swing * length * 0.6, y + length)
    side = [(x - out * 0.08, y - 0.12), (x + out * (swing + width), y + length * 0.12), (x + out * (swing * 0.8 + width * 1.2), y + length * 0.55), tip,
            (x + out * swing * 0.55 * length * 0.5 + out * 0.02, y + length * 0.82), (x + out * swing * 0.3, y + length * 0.5), (x + out * 0.12, y + 0.18)]  # fmt: skip
    head.pen.part([head.to_body(smooth(side, True, 4))], Part.HAIR)
    for k in (0.25, 0.6):
        strand = smooth([(x + out * (0.1 + 0.1 * k), y + 0.1), (x + out * (swing * 0.6 + width * k), y + length * 0.4), (tip[0] - out * 0.06 * (1 - k), tip[1] - 0.2)], False)
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
    head.pen.part([head.to_body(smooth([(px - 0.1, py - 0.1), (px + 0.1, py - 0.1), (px + 0.13, py + 0.15), (px, py + 0.3), (px - 0.13, py + 0.15)]))], Part.HAIR, 0.85)
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
            head.pen.stroke(head.to_body(smooth([(x - r * 0.5, y + r * 0.3), (x, y - r * 0.5), (x + r * 0.55, y + r * 0.1), (x + r * 0.1, y + r * 0.4)], False)), 0.6)


def _cloud(head: Head, x: float, y: float, r: float, squash: float = 1.0) -> None:
    count = max(9, round(22 * r))
    shapes = [ellipse((x, y), r * 0.92, r * 0.92 * squash)]
    for i in range(count):
        a = i * 6.283 / count
        shapes.append(ellipse((x + cos(a) * r * 0.9, y + sin(a) * r * 0.9 * squash), r * 2.3 / count + 0.03, None, 0, 10))
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
        head.pen.part([head.skull(1.16)], Part.HAT)
        return
    if who.hair == "bald":
        head.pen.part([head.skull(1.0)], Part.SKIN)
        return
    if who.hair == "afro":
        _afro(head)
        return
    volume = {"buzz": 1.02, "crop": 1.04, "mohawk": 1.02, "afro": 1.1, "curly": 1.2}.get(who.hair, who.hair_volume)
    shapes = [head.skull(volume)]
    if who.hair in {"spiky", "messy", "mohawk", "quiff", "short", "pixie"}:
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
            shapes.append(np.array([(x - dy / n * 0.16, y + dx / n * 0.16), (x + dx / n * 0.45, y + dy / n * 0.45 - 0.1), (x + dy / n * 0.16, y - dx / n * 0.16)]))
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
                [(cx + cos(left) * base, cy - sin(left) * base), (cx + cos(tip) * (r + k), cy - sin(tip) * (r + k)), (cx + cos(right) * base, cy - sin(right) * base)]
            )
        )
    if who.hair == "quiff":
        x, y, _ = head.surface(0, 62, volume)
        way = head.s
        shapes.append(smooth([(x - 0.55, y + 0.1), (x - 0.4 + 0.2 * way, y - 0.38), (x + 0.1 + 0.4 * way, y - 0.5), (x + 0.5 + 0.2 * way, y - 0.25), (x + 0.55, y + 0.15)], True, 4))
    return [head.to_body(s) for s in shapes]


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


def _edge(head: Head, azimuth: float, elevation: float, r: float) -> tuple[float, float]:
    """A point of the hairline; what is round the corner is drawn at the corner."""
    turn = float(np.degrees(head.turn))
    a = float(np.clip(azimuth + turn, -86, 86)) - turn
    x, y, _ = head.surface(a, elevation, r)
    return x, y


def _fringe(head: Head, kind: str) -> None:
    who = head.who
    r = {"hairline": 1.0}.get(kind, 0.5 + 0.5 * who.hair_volume)
    n = 3 if kind == "hairline" else who.locks
    low = {"zigzag": 14.0, "straight": 12.0, "swept": 12.0, "parted": 6.0, "spiky": 4.0, "none": 48.0, "curtain": -8.0, "hairline": 44.0}[kind]
    span = 84.0
    edge: list[tuple[float, float]] = [_edge(head, -span, 2 if kind != "hairline" else 20, r)]
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
        edge.append(_edge(head, tip_az, tip_el, r))
        if i < n - 1:
            edge.append(_edge(head, a1, valley, r))
    edge.append(_edge(head, span, 2 if kind != "hairline" else 20, r))
    if kind in {"none", "hairline", "straight"}:
        path = smooth(edge, False, 3)
    else:
        path = _lock_edge(edge)
    rim = [(86, 20), (86, 42), (86, 62), (50, 74), (0, 80), (-50, 74), (-86, 62), (-86, 42), (-86, 20)]
    top = [_edge(head, a, e, r * 0.97) for a, e in rim]
    outline = np.concatenate([path, np.array(top)])
    head.pen.fill(head.to_body(outline), Part.HAIR)
    head.pen.stroke(head.to_body(path), 1.35, taper=False)
    if kind in {"hairline"}:
        return
    crown = head.project(0.05 * who.sweep, -0.92, 0.1)
    for i in range(2, len(edge) - 2, 2):
        x, y = edge[i]
        head.pen.stroke(head.to_body(smooth([(x, y), (x * 0.85 + crown[0] * 0.15, y * 0.75 + crown[1] * 0.25 - 0.02), (x * 0.6 + crown[0] * 0.4, y * 0.5 + crown[1] * 0.5)], False)), 0.65)


def _lock_edge(edge: list[tuple[float, float]]) -> Shape:
    """Valley → tip → valley with bowed sides and sharp tips."""
    points = [np.asarray(edge[0])]
    for a, b in zip(edge[:-1], edge[1:], strict=True):
        p, q = np.asarray(a), np.asarray(b)
        out = np.array([q[0] - p[0], 0.0]) * 0.18
        down = q[1] > p[1]
        bow = (p + q) / 2 + (out * -1 if down else out) * 0.6 + (0, 0.03)
        points += [(p + 2 * bow + q) / 4 * 0.5 + bow * 0.5, q]
    return np.array(points)


def _sidelocks(head: Head, length: float) -> None:
    for side in (-1.0, 1.0):
        x, y = head.project(side * 0.72 * head.who.hair_volume * 0.93, -0.25, 0.22)
        if -side * head.s < -0.75:
            continue
        out = np.sign(x) if abs(x) > 0.1 else side
        w = 0.15
        shape = [(x - w, y - 0.2), (x + w, y - 0.2), (x + w + out * 0.03, y + length * 0.5), (x + out * 0.02, y + length), (x - w + out * 0.04, y + length * 0.55)]
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
            head.pen.part([head.to_body(ellipse((x + 0.03 * side * i, y + 0.21 * i), r, 0.17, 0.35 * side, 14))], Part.HAIR, 0.85)


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
            pen.part([capsule(*head.to_body(np.array([left, right])), head.radius * 0.17, head.radius * 0.17)], Part.HAT_TRIM)
            tip = (dome[:, 0].mean(), local[:, 1].min() - 0.1)
            pen.part([head.to_body(ellipse(tip, 0.2))], Part.HAT_TRIM)
        elif kind == "straw":
            ring = np.concatenate([band, band[::-1] + (0, -0.2)])
            pen.part([head.to_body(ring)], Part.HAT_TRIM)
        elif head.facing > -0.25:
            x, y = head.project(0, brow + 0.06, 0.75)
            tip = head.project(0, brow + 0.12, 1.4)
            brim = [(x - 0.6 * abs(head.c) - 0.12, y), (x + 0.6 * abs(head.c) + 0.12, y), (tip[0] + 0.35 * abs(head.c), tip[1] + 0.08), (tip[0] - 0.35 * abs(head.c), tip[1] + 0.08)]
            pen.part([head.to_body(smooth(brim, True, 3))], Part.HAT_TRIM)
    elif kind == "headband":
        ring = [_edge(head, a, 42, 1.1) for a in (-86, -50, -20, 0, 20, 50, 86)] if head.facing > -0.2 else [_edge_back(head, a) for a in (-86, -40, 0, 40, 86)]
        lower, upper = smooth(ring, False, 3), smooth([(x, y - 0.2) for x, y in ring], False, 3)
        pen.part([head.to_body(np.concatenate([lower, upper[::-1]]))], Part.HAT_TRIM)
    elif kind == "ribbon":
        x, y = head.project(0.55, -0.85, 0)
        for way in (-1, 1):
            pen.part([head.to_body(smooth([(x, y), (x + way * 0.42, y - 0.24), (x + way * 0.46, y + 0.2)], True, 4))], Part.HAT_TRIM)
        pen.part([head.to_body(ellipse((x, y), 0.11, 0.12, 0, 12))], Part.HAT_TRIM)


def _edge_back(head: Head, azimuth: float) -> tuple[float, float]:
    x, y, _ = head.surface(180 + azimuth - float(np.degrees(head.turn)) + 180, 42, 1.1)
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
        head.pen.stroke(smooth(np.array([a + (x0 - a) * k, (low - a * 0.5 - b * 0.5) * k + a * 0.5 + b * 0.5, b + (x1 - b) * k]), False), 0.7)
