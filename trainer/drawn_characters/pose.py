"""How a character stands: joint angles, view and expression from a seed, and the skeleton they give.

The body's own axes: x to its side that is on the right when it faces us, y down, z the way it faces. A limb's direction
is (outward, forward) in degrees: (0, 0) hangs down, (90, 0) points sideways, (0, 90) forward.
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin

import numpy as np
from numpy.typing import NDArray

from trainer.drawn_characters.character import Character

Vector = NDArray[np.float64]
Angles = tuple[float, float]


@dataclass(frozen=True)
class Action:
    """Angles of upper arms, forearms, thighs, shins (right one first, left one if it differs), and the lean."""

    arms: tuple[Angles, ...] = ((10, 0),)
    forearms: tuple[Angles, ...] = ((7, 8),)
    thighs: tuple[Angles, ...] = ((5, 1),)
    shins: tuple[Angles, ...] = ((2, -2),)
    lean: float = 0.0
    hands: str = "any"


ACTIONS: dict[str, Action] = {
    "stand": Action(),
    "a_pose": Action(arms=((28, 0),), forearms=((26, 5),)),
    "arms_out": Action(arms=((85, 0),), forearms=((86, 4),), thighs=((8, 0),)),
    "wave": Action(arms=((70, 10), (10, 0)), forearms=((160, 15), (8, 8))),
    "arm_up": Action(arms=((150, 5), (12, 0)), forearms=((168, 5), (10, 10))),
    "both_up": Action(arms=((148, 5),), forearms=((170, 5),), thighs=((9, 0),), hands="open"),
    "walk": Action(((6, 28), (6, -28)), ((4, 45), (4, -8)), ((3, -22), (3, 26)), ((2, -42), (2, 10)), 3),
    "stride": Action(((8, -22), (8, 24)), ((4, -5), (4, 40)), ((3, 34), (3, -18)), ((2, 4), (2, -30)), 4),
    "run": Action(((10, -50), (10, 40)), ((6, 20), (-20, 95)), ((3, 70), (3, -22)), ((2, -20), (2, -95)), 14, "fist"),
    "sit": Action(((10, 22),), ((-8, 62),), ((9, 86),), ((4, -2),), 2),
    "sit_relaxed": Action(((28, -30),), ((16, -12),), ((16, 80),), ((10, 12),), -10),
    "crouch": Action(((10, 45),), ((-14, 60),), ((20, 112),), ((6, -42),), 24),
    "kneel": Action(((10, 10),), ((0, 40),), ((8, 8),), ((4, -96),), 0),
    "one_knee": Action(((10, 15), (12, 30)), ((0, 40), (-20, 60)), ((6, 85), (4, -6)), ((2, 0), (2, -92)), 4),
    "jump": Action(
        ((120, 15), (140, 5)), ((150, 20), (165, 5)), ((16, 55), (12, -12)), ((4, -50), (4, -85)), 0, "open"
    ),
    "star": Action(arms=((128, 0),), forearms=((140, 0),), thighs=((34, 0),), shins=((36, -6),), hands="open"),
    "crossed": Action(arms=((14, 22),), forearms=((-72, 30), (-72, 42)), hands="fist"),
    "hips": Action(arms=((46, -12),), forearms=((-42, 14),), thighs=((10, 0),), hands="fist"),
    "one_hip": Action(((48, -12), (9, 0)), ((-44, 14), (6, 8)), thighs=((10, 0), (2, 4))),
    "point": Action(((84, 16), (10, 0)), ((86, 14), (7, 8)), hands="any"),
    "reach": Action(((20, 80), (10, -8)), ((12, 92), (8, 12)), lean=6),
    "think": Action(((14, 18), (16, 24)), ((-25, 145), (-70, 40)), hands="fist"),
    "kick": Action(((50, -20), (40, 30)), ((40, 10), (10, 70)), ((6, 72), (4, -8)), ((4, 66), (3, -14)), -12),
    "bow": Action(((4, 45),), ((0, 60),), lean=42),
    "lunge": Action(((20, 60), (30, -40)), ((14, 80), (26, -30)), ((6, 62), (6, -42)), ((4, -8), (4, -52)), 12),
    "cross_legged": Action(((16, 20),), ((-30, 50),), ((58, 70),), ((-78, 16),), 0),
    "salute": Action(((62, 22), (9, 0)), ((-142, 20), (6, 4)), hands="open"),
    "pockets": Action(arms=((26, -16),), forearms=((-22, 20),), thighs=((9, 2), (3, 0)), hands="fist"),
    "dance": Action(
        ((95, 0), (60, 10)), ((165, 10), (-30, 20)), ((24, 10), (6, -6)), ((-12, -30), (8, -4)), -4, "open"
    ),
    "throw": Action(((105, -35), (60, 55)), ((150, -30), (50, 70)), ((10, 35), (12, -28)), ((4, -6), (4, -40)), 6),
    "shrug": Action(arms=((22, 8),), forearms=((62, 45),), hands="open"),
    "climb": Action(
        ((135, 35), (40, 60)), ((160, 30), (10, 100)), ((26, 85), (8, -6)), ((6, -30), (4, -12)), 8, "fist"
    ),
    "behind_head": Action(arms=((112, -10),), forearms=((-140, 0),), hands="fist"),
}

VIEWS = (0.0, 35.0, 60.0, 90.0, 125.0, 180.0)
_VIEW_SHARES = (0.3, 0.26, 0.12, 0.16, 0.06, 0.10)


@dataclass(frozen=True)
class Pose:
    """One way to stand. Angles in degrees; sides are (right, left) as seen when the body faces us."""

    action: str
    view: float
    arms: tuple[Angles, Angles]
    forearms: tuple[Angles, Angles]
    thighs: tuple[Angles, Angles]
    shins: tuple[Angles, Angles]
    lean: float
    side_lean: float
    roll: float
    head_turn: float
    head_tilt: float
    head_nod: float
    hands: tuple[str, str]
    gaze: Angles
    eyes: str
    mouth: str
    brows: float
    crop: str
    sway: float
    hold: str
    stool: bool
    pitch: float = 10.0


def pose_of(seed: int, seated: bool = False) -> Pose:
    """The pose of a seed (any integer ≥ 0); seated: the legs of one who sits in a wheelchair."""
    rng = np.random.default_rng((seed, 23))
    name = str(rng.choice(list(ACTIONS)))
    if rng.random() < 0.25:
        name = "stand"
    if seated:
        name = str(rng.choice(["sit", "wave", "point", "crossed", "think", "reach"]))
    action = ACTIONS[name]
    if seated:
        sit = ACTIONS["sit"]
        action = Action(action.arms, action.forearms, sit.thighs, sit.shins, sit.lean, action.hands)
    spread = rng.uniform(2, 9)

    def pair(angles: tuple[Angles, ...], amount: float) -> tuple[Angles, Angles]:
        sides = [angles[0], angles[-1]]
        drawn = [(float(a + rng.normal(0, amount)), float(f + rng.normal(0, amount))) for a, f in sides]
        return drawn[0], drawn[1]

    arms, forearms = pair(action.arms, spread), pair(action.forearms, spread)
    thighs, shins = pair(action.thighs, spread * 0.5), pair(action.shins, spread * 0.5)
    if rng.random() < 0.5:
        arms, forearms, thighs, shins = ((b, a) for a, b in (arms, forearms, thighs, shins))
    view = float(rng.choice(VIEWS, p=_VIEW_SHARES)) + float(rng.normal(0, 7))
    if rng.random() < 0.5:
        view = -view
    kinds = ("open", "relaxed", "fist")
    hands = action.hands if action.hands != "any" else str(rng.choice(kinds, p=(0.3, 0.5, 0.2)))
    other = hands if rng.random() < 0.6 or action.hands != "any" else str(rng.choice(kinds))
    return Pose(
        action=name,
        view=view,
        arms=arms,
        forearms=forearms,
        thighs=thighs,
        shins=shins,
        lean=float(action.lean + rng.normal(0, 3)),
        side_lean=float(rng.normal(0, 5)),
        roll=float(rng.normal(0, 4)) if rng.random() < 0.94 else float(rng.normal(0, 22)),
        head_turn=float(np.clip(rng.normal(0, 22), -55, 55)),
        head_tilt=float(np.clip(rng.normal(0, 8), -22, 22)),
        head_nod=float(np.clip(rng.normal(0, 8), -18, 18)),
        hands=(hands, other),
        gaze=(float(rng.uniform(-1, 1)), float(rng.uniform(-0.6, 0.6))),
        eyes=str(rng.choice(["open", "open", "open", "open", "half", "closed", "happy", "wide"])),
        mouth=str(rng.choice(["smile", "smile", "flat", "open", "grin", "frown", "small", "o"])),
        brows=float(rng.uniform(-1, 1)),
        crop=str(rng.choice(["full", "half", "bust"], p=[0.76, 0.14, 0.10])),
        sway=float(rng.uniform(-1, 1)),
        hold=str(rng.choice(["r", "l", "none"], p=[0.4, 0.35, 0.25])),
        stool=bool(rng.random() < 0.6),
    )


def _limb(angles: Angles, side: float) -> Vector:
    a, f = radians(angles[0]), radians(angles[1])
    return np.array([side * sin(a) * cos(f), cos(a) * cos(f), sin(f)])


@dataclass(frozen=True)
class Skeleton:
    """Joints after the turn of the view. at: name → (x, y) in body units; depth: name → z (towards us)."""

    at: dict[str, Vector]
    depth: dict[str, float]
    turn: float
    head_turn: float
    ground: float


def skeleton_of(who: Character, pose: Pose) -> Skeleton:
    """Where the joints of this character are in this pose. Sides: `r` is on the right when facing us, `l` the other."""
    body = 1.0 - who.head
    upper, fore = 0.185 * body, 0.165 * body
    thigh, shin = 0.5 * who.legs, 0.47 * who.legs
    lean, side_lean = radians(pose.lean), radians(pose.side_lean)
    spine = np.array([sin(side_lean) * cos(lean), -cos(side_lean) * cos(lean), sin(lean)])
    across = np.array([cos(side_lean), sin(side_lean), 0.0])
    points: dict[str, Vector] = {"pelvis": np.zeros(3)}
    points["chest"] = spine * who.torso
    points["neck"] = points["chest"] + spine * 0.02
    nod = radians(pose.lean * 0.4 + pose.head_nod * 0.6)
    up = np.array([sin(side_lean) * 0.6, -cos(nod), sin(nod)])
    neck_length = 0.012 + 0.004 * who.heads
    points["head"] = points["chest"] + spine * neck_length + up * who.head * 0.47
    shoulder = 0.135 * body * (0.72 + 0.28 * who.build)
    hip = 0.062 * body * (0.7 + 0.3 * who.build) * (1 + 0.4 * who.curve)
    joint = 0.037 * body * who.limb * (0.55 + 0.45 * who.build)
    for i, (name, side) in enumerate((("r", 1.0), ("l", -1.0))):
        points["shoulder_" + name] = points["chest"] + across * side * (shoulder - 0.45 * joint) - spine * joint * 1.15
        points["elbow_" + name] = points["shoulder_" + name] + upper * _limb(pose.arms[i], side)
        points["wrist_" + name] = points["elbow_" + name] + fore * _limb(pose.forearms[i], side)
        points["hand_" + name] = points["wrist_" + name] + 0.06 * body * _limb(pose.forearms[i], side)
        points["hip_" + name] = across * side * hip + np.array([0, 0.01, 0])
        points["knee_" + name] = points["hip_" + name] + thigh * _limb(pose.thighs[i], side)
        points["ankle_" + name] = points["knee_" + name] + shin * _limb(pose.shins[i], side)
        # The foot stays square to the shin up to what an ankle can do, and turns out a little.
        pitch = radians(pose.shins[i][1])
        low = sin(pitch) * -1.0
        foot = np.array([side * 0.28, max(-0.3, min(low, 1.0)), cos(pitch) if low < 0.9 else 0.3])
        points["toe_" + name] = points["ankle_" + name] + foot / np.linalg.norm(foot) * 0.105 * body * (
            0.8 + 0.2 * who.hand
        )
    turn = radians(pose.view)
    c, s = cos(turn), sin(turn)
    tilt = radians(pose.pitch)
    at: dict[str, Vector] = {}
    depth: dict[str, float] = {}
    for name, (x, y, z) in points.items():
        across_x, towards = x * c + z * s, z * c - x * s
        at[name] = np.array([across_x, y * cos(tilt) + towards * sin(tilt)])
        depth[name] = float(towards)
    head_turn = (pose.view + pose.head_turn + 180.0) % 360.0 - 180.0
    ground = max(float(at["ankle_r"][1]), float(at["ankle_l"][1])) + 0.03
    return Skeleton(at, depth, turn % (2 * pi), radians(head_turn), ground)
