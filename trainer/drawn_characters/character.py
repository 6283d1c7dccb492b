"""Who is drawn: proportions, colours and clothes of a character, all from one seed."""

import colorsys
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

Color = tuple[int, int, int]
Generator = np.random.Generator


class Part(IntEnum):
    """Labels of regions. A label means the same part in every pose of every character."""

    BACKGROUND = 0
    SKIN = 1
    HAIR = 2
    EYE_WHITE = 3
    IRIS = 4
    EYE_LIGHT = 5
    MOUTH = 6
    TEETH = 7
    TOP = 8
    TOP_TRIM = 9
    TOP_PATTERN = 10
    SLEEVE = 11
    BOTTOM = 12
    BOTTOM_TRIM = 13
    SHOE = 14
    SOLE = 15
    SOCK = 16
    BELT = 17
    BUCKLE = 18
    JACKET = 19
    JACKET_TRIM = 20
    HAT = 21
    HAT_TRIM = 22
    GLASSES = 23
    SCARF = 24
    BAG = 25
    TAIL = 26
    TAIL_TIP = 27
    EARS = 28
    INNER_EAR = 29
    HAIR_TIE = 30
    GLOVE = 31
    EMBLEM = 32
    LIPS = 33
    PROP = 34
    PROP_TRIM = 35
    WHEEL = 36
    SCENE = 37
    SCENE_FLOOR = 38
    BUTTON = 39
    MUZZLE = 40
    STOOL = 41
    CHAIR = 42
    CHAIR_TRIM = 43
    SCENE_LIGHT = 44
    MARKING = 45
    CAPE = 46
    APRON = 47
    TIE = 48


SKINS: tuple[Color, ...] = (
    (255, 240, 230), (255, 228, 209), (250, 214, 189), (241, 194, 160), (230, 180, 140), (214, 158, 116),
    (190, 130, 92), (160, 104, 70), (128, 80, 54), (101, 64, 45), (80, 50, 38), (62, 40, 33),
)  # fmt: skip
HAIRS: tuple[Color, ...] = (
    (28, 24, 27), (45, 33, 30), (70, 47, 36), (98, 62, 40), (132, 86, 52), (168, 112, 60), (214, 170, 96),
    (240, 214, 150), (186, 84, 40), (150, 50, 32), (238, 238, 240), (180, 182, 190), (120, 122, 130),
)  # fmt: skip

FURS: tuple[Color, ...] = (
    (196, 120, 62), (150, 98, 62), (104, 72, 52), (216, 178, 128), (236, 224, 206), (140, 140, 146), (74, 74, 82),
    (36, 34, 40), (226, 142, 60), (186, 92, 48), (126, 158, 96), (96, 140, 150),
)  # fmt: skip

HAIR_STYLES = (
    "short", "spiky", "messy", "crop", "buzz", "bald", "bob", "long", "long_wavy", "hime", "ponytail", "high_ponytail",
    "side_tail", "twin_tails", "low_twin_tails", "bun", "twin_buns", "braid", "twin_braids", "afro", "afro_puffs",
    "curly", "mohawk", "quiff", "pixie", "drills",
)  # fmt: skip
BANGS = ("zigzag", "straight", "swept", "parted", "spiky", "none", "curtain")
TOPS = (
    "tee", "tank", "long", "sweater", "hoodie", "shirt", "jacket", "coat", "dress", "long_dress", "sailor", "vest",
    "crop", "overalls", "kimono", "suit", "raglan", "polo",
)  # fmt: skip
BOTTOMS = ("trousers", "jeans", "shorts", "skirt", "long_skirt", "leggings", "wide", "capri", "cargo")
PROPS = ("ball", "cup", "book", "staff", "sword", "flower", "balloon", "phone")
SCENES = ("none", "hills", "room", "disc", "floor")
PATTERNS = ("none", "stripes", "dots", "checks", "emblem", "band", "number")


@dataclass(frozen=True)
class Character:
    """Everything that stays the same from pose to pose. Lengths are shares of the standing height."""

    heads: float
    build: float
    curve: float
    belly: float
    head: float
    legs: float
    torso: float
    limb: float
    hand: float
    face: dict[str, float]
    eye_style: str
    nose_style: str
    mouth_style: str
    brow: float
    hair: str
    bangs: str
    hair_length: float
    hair_volume: float
    locks: int
    sweep: float
    top: str
    sleeve: float
    top_fit: float
    pattern: str
    pattern_size: float
    bottom: str
    bottom_fit: float
    shoes: str
    extras: frozenset[str]
    ears: str
    tail: str
    head_wear: str
    muzzle: bool
    prop: str
    scene: str
    colors: dict[Part, Color]


def hls(h: float, l: float, s: float) -> Color:  # noqa: E741
    """A colour from hue, lightness and saturation in [0, 1]."""
    r, g, b = colorsys.hls_to_rgb(h % 1.0, min(max(l, 0.0), 1.0), min(max(s, 0.0), 1.0))
    return round(r * 255), round(g * 255), round(b * 255)


def cloth_color(rng: Generator) -> Color:
    """A colour of cloth: often white, grey or black, else pastel, full or deep."""
    kind, hue = rng.random(), rng.random()
    if kind < 0.33:
        # White, black with a cold breath, grey.
        low, high = (244, 256) if kind < 0.13 else (18, 58) if kind < 0.25 else (90, 215)
        v = int(rng.integers(low, high))
        cold = int(rng.integers(0, 8)) if v < 60 else 0
        return v, v + cold // 2, v + cold
    if kind < 0.5:
        return hls(hue, rng.uniform(0.75, 0.88), rng.uniform(0.4, 0.9))
    if kind < 0.8:
        return hls(hue, rng.uniform(0.4, 0.65), rng.uniform(0.4, 0.95))
    if kind < 0.92:
        return hls(hue, rng.uniform(0.15, 0.32), rng.uniform(0.3, 0.8))
    return hls(rng.uniform(0.05, 0.12), rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.5))


def near_color(color: Color, rng: Generator) -> Color:
    """A colour close to another: neighbours that only the reference can tell apart."""
    h, l, s = colorsys.rgb_to_hls(*(c / 255 for c in color))  # noqa: E741
    step = rng.uniform(0.08, 0.16) * (1 if l < 0.5 else -1)
    return hls(h + rng.normal(0, 0.02), l + step, s * rng.uniform(0.8, 1.1))


def _pick(rng: Generator, options: tuple[str, ...], weights: tuple[float, ...] | None = None) -> str:
    p = None if weights is None else np.asarray(weights) / np.sum(weights)
    return options[int(rng.choice(len(options), p=p))]


def _colors(rng: Generator) -> dict[Part, Color]:
    fantasy = rng.random() < 0.12
    skin = SKINS[int(len(SKINS) * rng.random() ** 1.3)]
    if fantasy:
        skin = hls(rng.random(), rng.uniform(0.3, 0.85), rng.uniform(0.2, 0.6))
    else:
        r, g, b = (int(np.clip(c + rng.normal(0, 4), 0, 255)) for c in skin)
        skin = (r, g, b)
    hair = HAIRS[int(rng.integers(len(HAIRS)))]
    if rng.random() < 0.3:
        hair = hls(rng.random(), rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.9))
    colors: dict[Part, Color] = {part: cloth_color(rng) for part in Part}
    if rng.random() < 0.25:
        colors[Part.BOTTOM] = near_color(colors[Part.TOP], rng)
    if rng.random() < 0.3:
        colors[Part.TOP_TRIM] = near_color(colors[Part.TOP], rng)
    if rng.random() < 0.15:
        colors[Part.SHOE] = near_color(colors[Part.BOTTOM], rng)
    if rng.random() < 0.7:
        colors[Part.SLEEVE] = colors[Part.TOP]
    warm = hls(rng.uniform(-0.03, 0.05), rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.8))
    fixed: dict[Part, Color] = {
        Part.BACKGROUND: (255, 255, 255),
        Part.SKIN: skin,
        Part.HAIR: hair,
        Part.EYE_WHITE: (255, 255, 255) if rng.random() < 0.85 else (250, 246, 236),
        Part.EYE_LIGHT: (255, 255, 255),
        Part.IRIS: hls(rng.random(), rng.uniform(0.25, 0.6), rng.uniform(0.3, 0.9)),
        Part.TEETH: (255, 255, 255),
        Part.MOUTH: hls(rng.uniform(-0.03, 0.03), rng.uniform(0.25, 0.5), rng.uniform(0.4, 0.7)),
        Part.LIPS: warm,
        Part.EARS: hair if rng.random() < 0.7 else cloth_color(rng),
        Part.TAIL: hair if rng.random() < 0.6 else cloth_color(rng),
        Part.SCENE: hls(rng.random(), rng.uniform(0.72, 0.92), rng.uniform(0.3, 0.8)),
        Part.SCENE_FLOOR: hls(rng.random(), rng.uniform(0.55, 0.85), rng.uniform(0.15, 0.6)),
        Part.SCENE_LIGHT: hls(rng.uniform(0.1, 0.17), rng.uniform(0.7, 0.95), 0.9),
        Part.MUZZLE: near_color(skin, rng),
        Part.WHEEL: hls(rng.random(), rng.uniform(0.1, 0.3), rng.uniform(0.0, 0.2)),
        Part.INNER_EAR: hls(rng.uniform(-0.05, 0.06), rng.uniform(0.65, 0.85), 0.6),
    }
    return colors | fixed


def character_of(seed: int) -> Character:
    """The character of a seed (any integer ≥ 0)."""
    rng = np.random.default_rng((seed, 11))
    heads = float(
        rng.choice([rng.uniform(2.5, 3.6), rng.uniform(3.6, 5.5), rng.uniform(5.5, 8.0)], p=[0.25, 0.35, 0.4])
    )
    head = 1.0 / heads
    body = 1.0 - head * 0.95
    leg_share = float(np.clip(0.44 + 0.018 * heads + rng.normal(0, 0.015), 0.42, 0.6))
    hair = _pick(rng, HAIR_STYLES)
    top = _pick(rng, TOPS)
    sleeve = float(rng.choice([0.3, 0.42, 0.75, 0.97], p=[0.3, 0.2, 0.1, 0.4]))
    if top in {"sweater", "hoodie", "jacket", "coat", "suit", "kimono"}:
        sleeve = 0.97
    elif top in {"tank", "vest"}:
        sleeve = 0.0
    extras = {
        name
        for name, share in {
            "glasses": 0.15, "scarf": 0.1, "belt": 0.3, "bag": 0.12, "gloves": 0.06, "socks": 0.5, "freckles": 0.08,
            "blush": 0.2, "beard": 0.05, "earrings": 0.1, "tights": 0.1, "wheelchair": 0.03,
            "cape": 0.05, "apron": 0.05, "tie": 0.12, "striped": 0.04,
        }.items()
        if rng.random() < share
    }  # fmt: skip
    who = Character(
        heads=heads,
        build=float(np.clip(rng.lognormal(0.0, 0.2), 0.78, 1.45)),
        curve=float(rng.uniform(-0.1, 0.25)),
        belly=float(max(0.0, rng.normal(0.0, 0.25))),
        head=head,
        legs=body * leg_share,
        torso=body * (0.93 - leg_share),
        limb=float(rng.uniform(0.85, 1.25)) * (1.0 + 0.5 * max(0.0, (5 - heads) / 5)),
        hand=float(rng.uniform(0.9, 1.35)),
        face={
            "width": rng.uniform(0.88, 1.12),
            "jaw": rng.uniform(0.75, 1.25),
            "chin": rng.uniform(0.82, 1.12),
            "nose": rng.random(),
        },
        eye_style=_pick(rng, ("anime", "tall", "comic", "dot", "narrow", "round"), (3, 2, 2, 1, 1.5, 1.5)),
        nose_style=_pick(rng, ("dash", "hook", "button", "dot", "wide")),
        mouth_style=_pick(rng, ("line", "lips")),
        brow=float(rng.uniform(0.4, 1.6)),
        hair=hair,
        bangs=_pick(rng, BANGS),
        hair_length=float(rng.uniform(0.7, 1.5)),
        hair_volume=float(rng.uniform(1.04, 1.22)),
        locks=int(rng.integers(3, 8)),
        sweep=float(rng.uniform(-1, 1)),
        top=top,
        sleeve=sleeve,
        top_fit=float(rng.uniform(1.05, 1.3)),
        pattern=_pick(rng, PATTERNS, (5, 1, 1, 0.7, 1, 1, 0.7)),
        pattern_size=float(rng.uniform(0.7, 1.4)),
        bottom=_pick(rng, BOTTOMS),
        bottom_fit=float(rng.uniform(1.08, 1.4)),
        shoes=_pick(rng, ("sneaker", "boot", "flat", "barefoot", "tall_boot", "sandal"), (4, 1.5, 1.5, 0.6, 1, 0.5)),
        extras=frozenset(extras),
        ears=_pick(rng, ("none", "cat", "rabbit", "fox", "elf"), (12, 1, 1, 1, 1)),
        tail=_pick(rng, ("none", "cat", "fox", "lizard"), (9, 1, 0.7, 0.7)),
        head_wear=_pick(
            rng, ("none", "cap", "beanie", "hijab", "headband", "ribbon", "straw"), (12, 1, 1, 1.2, 1, 1, 0.6)
        ),
        muzzle=False,
        prop=_pick(rng, PROPS) if rng.random() < 0.35 else "none",
        scene=_pick(rng, SCENES, (30, 1, 1, 1, 1.5)),
        colors=_colors(rng),
    )
    return _beast(who, rng) if rng.random() < 0.1 else who


def _beast(who: Character, rng: Generator) -> Character:
    """An animal that walks upright: fur for skin, snout, ears, tail, often barefoot and striped."""
    fur = FURS[int(rng.integers(len(FURS)))] if rng.random() < 0.65 else hls(rng.random(), rng.uniform(0.3, 0.8), 0.5)
    pale = near_color(fur, rng) if rng.random() < 0.4 else hls(0.1, rng.uniform(0.8, 0.97), 0.4)
    mark = near_color(fur, rng) if rng.random() < 0.5 else cloth_color(rng)
    changed = {Part.SKIN: fur, Part.EARS: fur, Part.TAIL: fur, Part.MUZZLE: pale, Part.TAIL_TIP: mark}
    if rng.random() < 0.6:
        changed |= {Part.HAIR: fur}
    extras = who.extras | {"striped"} if rng.random() < 0.5 else who.extras
    return replace(
        who,
        muzzle=bool(rng.random() < 0.8),
        ears=_pick(rng, ("cat", "rabbit", "fox", "elf")),
        tail=_pick(rng, ("cat", "fox", "lizard")),
        shoes="barefoot" if rng.random() < 0.5 else who.shoes,
        hair=_pick(rng, ("buzz", "crop", "short")) if Part.HAIR in changed else who.hair,
        extras=frozenset(extras - {"tights", "beard", "earrings"}),
        colors=who.colors | {Part.MARKING: mark} | changed,
    )
