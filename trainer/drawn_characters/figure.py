"""The order of painting: far limbs first, then torso and head, near limbs last; and where the figure stands."""

import numpy as np

from trainer.drawn_characters import bangs, garments, hair, headwear, legwear, outerwear, props
from trainer.drawn_characters.body import SIDES, Figure, draw_arm, draw_leg, draw_tail, draw_torso
from trainer.drawn_characters.character import Character
from trainer.drawn_characters.drawing import Canvas, xy
from trainer.drawn_characters.faces import Head, draw_animal_ears, draw_ears, draw_face, draw_features, draw_glasses
from trainer.drawn_characters.pose import Pose, Skeleton

_AROUND = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])


def frame(canvas: Canvas, who: Character, pose: Pose, bones: Skeleton, rng: np.random.Generator) -> None:
    """Place the figure on the canvas: all of it, its upper half, or head and shoulders."""
    head = bones.at["head"]
    thick = (1 - who.head) * who.limb * (0.55 + 0.45 * who.build)
    foot = 2.0 * (0.036 * thick + 0.006)
    reach_of = {"hand": 0.06 * who.hand, "toe": foot, "ankle": foot, "elbow": 0.05, "knee": 0.07 * thick}
    points = np.concatenate([p + reach_of.get(name.split("_")[0], 0.0) * _AROUND for name, p in bones.at.items()])
    tall = 0.98 if who.ears == "rabbit" else 0.55 if who.ears in {"cat", "fox"} else 0.3
    if who.head_wear == "straw" or who.hair in {"afro", "afro_puffs", "bun", "mohawk", "spiky"}:
        tall = max(tall, 0.48)
    reach = who.head * 0.5
    if pose.crop == "full":
        around = np.concatenate(
            [points, head + np.array([[0, -reach * (1 + tall)], [reach * 1.1, reach], [-reach * 1.1, reach]])]
        )
        if who.prop != "none" and pose.hold != "none":
            hand = bones.at["hand_" + pose.hold]
            around = np.concatenate(
                [around, hand + props.held_reach(who.prop) * (1 - who.head) * _AROUND[[0, 1, 3]] * 0.8]
            )
        if who.tail != "none":
            around = np.concatenate([around, 0.3 * (1 - who.head) * np.array([[-1.05, -0.5], [1.05, -0.5]])])
        if "wheelchair" in who.extras:
            around = np.concatenate([around, (0.5 * who.legs + 0.05) * (_AROUND + xy(0.0, 0.25))])
        low, high = around.min(0), around.max(0)
    else:
        depth = bones.at["pelvis"] if pose.crop == "half" else bones.at["pelvis"] * 0.45 + bones.at["chest"] * 0.55
        wide = max(reach * 1.5, 0.21 * (1 - who.head) if pose.crop == "bust" else 0.3)
        top = head[1] - reach * (1 + tall)
        bottom = max(depth[1], head[1] + reach * 1.2)
        low, high = np.array([head[0] - wide, top - 0.03]), np.array([head[0] + wide, bottom])
    span = high - low
    scale = canvas.size * float(rng.uniform(0.84, 0.97)) / float(max(span))
    room = np.maximum(canvas.size - span * scale, 0) / 2
    turned = abs(float(np.sin(np.radians(pose.roll))))
    scale *= 1.0 - 0.4 * turned if pose.crop == "full" else 1.0
    middle = canvas.size / 2 + rng.uniform(-1, 1, 2) * room * 0.8
    if pose.crop != "full":
        middle[1] = canvas.size - span[1] * scale / 2
    canvas.place(scale, (low + high) / 2, middle, np.radians(pose.roll))


def draw_figure(canvas: Canvas, who: Character, pose: Pose, bones: Skeleton) -> None:
    """Everything of one character, back to front."""
    fig = Figure(who, pose, bones, canvas)
    head = Head(fig)
    behind = fig.facing < -0.25
    arm_depth = {
        s: 0.3 * bones.depth["shoulder_" + s] + 0.35 * (bones.depth["elbow_" + s] + bones.depth["wrist_" + s])
        for s in SIDES
    }
    leg_depth = {s: bones.depth["knee_" + s] * 0.6 + bones.depth["hip_" + s] for s in SIDES}
    chair = props.Wheelchair(fig)
    if who.scene != "none" and pose.crop == "full":
        props.draw_scene(canvas, who.scene)
    props.draw_stool(fig)
    chair.before()
    if not behind:
        _back(fig)
    if not behind:
        hair.draw_back_hair(head)
    arms = sorted(SIDES, key=lambda s: arm_depth[s])
    first = [s for s in arms if arm_depth[s] < -0.02]
    for side in first:
        _arm(fig, side, joined=False)
    legs = sorted(SIDES, key=lambda s: leg_depth[s])
    raised = [s for s in legs if bones.depth["knee_" + s] > 0.5 * who.legs * 0.55 and not legwear.has_skirt(fig)]
    for side in legs:
        if side not in raised:
            _leg(fig, side)
    draw_torso(fig)
    legwear.hip_patch(fig)
    legwear.bottoms_over(fig)
    garments.top(fig)
    for side in legs:
        if side in raised:
            _leg(fig, side)
    outerwear.apron(fig)
    outerwear.tie(fig)
    outerwear.scarf(fig)
    outerwear.bag(fig)
    rest = [s for s in arms if s not in first]
    low = [s for s in rest if bones.at["wrist_" + s][1] > bones.at["head"][1] or arm_depth[s] < 0.06]
    for side in low:
        _arm(fig, side)
    if behind:
        _back(fig)
    _head(head, behind)
    for side in rest:
        if side not in low:
            _arm(fig, side)
    chair.after()


def _back(fig: Figure) -> None:
    """What hangs from the back. A wheelchair leaves no room for it."""
    if "wheelchair" in fig.who.extras:
        return
    if fig.facing >= -0.25:
        draw_tail(fig)
    outerwear.cape(fig)
    if fig.facing < -0.25:
        draw_tail(fig)


def _arm(fig: Figure, side: str, joined: bool = True) -> None:
    props.draw_held(fig, side)
    draw_arm(fig, side)
    garments.sleeve(fig, side, joined)


def _leg(fig: Figure, side: str) -> None:
    draw_leg(fig, side)
    legwear.trouser_leg(fig, side)


def _head(head: Head, behind: bool) -> None:
    pen, size = head.pen, head.radius
    headwear.draw_drape(head)
    hair.draw_shell(head)
    draw_face(head)
    with pen.finer(size * 0.09):
        if not hair.covered(head):
            draw_ears(head)
    with pen.finer(size * 0.055):
        draw_features(head)
    with pen.finer(size * 0.09):
        bangs.draw_bangs(head)
    with pen.finer(size * 0.06):
        draw_glasses(head)
    if behind:
        hair.draw_back_hair(head)
    draw_animal_ears(head)
    headwear.draw_head_wear(head)
