"""What each case asks, checked: by number, a function of the case's folder and a folder for what is made."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from tests.cases import pages, windows
from tests.cases.running import COLORS, Finding, Run, color_at, colored, either, is_near, nurie, pixels, says, short

WHITE = (255, 255, 255)


def _colorize(line: Path, reference: Path, out: Path, *more: object) -> Run:
    return nurie("colorize", line, "--reference", reference, "--output", out, *more)


def planar(case: Path, out: Path) -> list[Finding]:
    """01"""
    run = _colorize(case / "line.png", case / "ref_u16_planar.tif", out / "out.png")
    palette = nurie("palette", case / "ref_u16_planar.tif")
    missing = [part for part, color in COLORS.items() if f"#{bytes(color).hex()}" not in palette.out]
    return [
        colored(run, out / "out.png", "read right"),
        Finding("palette has its colors", not missing, f"missing: {missing}"),
    ]


def line_layers(case: Path, out: Path) -> list[Finding]:
    """02"""
    drawn = pixels(case / "merged_as_other_programs_show_it.png").max(axis=2) < 100
    findings: list[Finding] = []
    for kind in ("psd", "ora"):
        run = _colorize(case / f"two_line_layers.{kind}", case / "ref.png", out / f"{kind}.png")
        findings.append(colored(run, out / f"{kind}.png", kind))
        if not run.code:
            kept = float((pixels(out / f"{kind}.png").max(axis=2) < 100)[drawn].mean())
            findings.append(Finding(f"{kind}: the ink of both layers", kept > 0.99, f"{kept:.1%} of the ink"))
    return [*findings, windows.ink_of_a_dropped_file(case / "two_line_layers.psd", drawn, out)]


def white_clothes(case: Path, out: Path) -> list[Finding]:
    """03"""
    run = _colorize(case / "line.png", case / "ref_white_shirt_transparent.png", out / "out.png")
    palette = nurie("palette", case / "ref_white_shirt_transparent.png")
    return [
        colored(run, out / "out.png", "shirt and boots white", {**COLORS, "shirt": WHITE, "boots": WHITE}),
        Finding("white is in the palette", "#ffffff" in palette.out, palette.out.replace("\n", "; ")),
    ]


def _ink_kept(drawing: Path, picture: Path, asked: str, member: str = "") -> Finding:
    """That the middle of each stroke came back as it was drawn."""
    before, after = pixels(drawing, member).astype(int), pixels(picture).astype(int)
    drawn = (before.min(axis=2) < 160).astype(np.uint8)
    core = cv2.erode(drawn, np.ones((3, 3), np.uint8)) > 0  # the edges are mixed with what lies beside them
    off = np.abs(before - after).max(axis=2)[core]
    return Finding(
        asked, bool(np.percentile(off, 95) <= NEAR_INK), f"off by {off.mean():.1f}, 95 %: {np.percentile(off, 95):.0f}"
    )


NEAR_INK = 12  # of 255


def colored_lines(case: Path, out: Path) -> list[Finding]:
    """04"""
    run = _colorize(case / "colored_lines.png", case / "ref.png", out / "out.png", "--layers", out / "layers")
    findings = [colored(run, out / "out.png", "colored")]
    if not run.code:
        findings.append(_ink_kept(case / "colored_lines.png", out / "out.png", "lines keep their color in the picture"))
        layer = next((out / "layers").glob("* Line.png"))
        findings.append(_ink_kept(case / "colored_lines.png", layer, "and in the Line layer"))
    run = _colorize(case / "colored_Line_layer.ora", case / "ref.png", out / "ora.png")
    findings.append(colored(run, out / "ora.png", "a colored Line layer: colored"))
    if not run.code:
        findings.append(
            _ink_kept(
                case / "colored_Line_layer.ora", out / "ora.png", "a colored Line layer keeps its color", "data/t.png"
            )
        )
    return findings


def refused_psd(case: Path, out: Path) -> list[Finding]:
    """09"""
    # What the merged pictures show: a shade clipped over half of the scarf and a shoulder, a glow over everything.
    shaded = (184, 150, 46)
    shown: dict[str, dict[str, tuple[int, int, int]]] = {
        "ref_overlay.psd": {
            "hat": (255, 98, 97),
            "face": (255, 249, 221),
            "scarf": (255, 248, 94),
            "shirt": (116, 207, 227),
            "trousers": (184, 132, 78),
            "boots": (80, 241, 141),
        },
        "ref_cmyk.psd": COLORS,
        "ref_overlay.ora": COLORS,
    }
    findings = [
        colored(_colorize(case / "line.png", case / name, out / f"{name}.png"), out / f"{name}.png", name, colors)
        for name, colors in shown.items()
    ]
    run = _colorize(case / "line.png", case / "ref_clipped.psd", out / "clipped.png")
    palette = nurie("palette", case / "ref_clipped.psd")
    findings += [
        # Half of the scarf is in the shade: its light color and its dark one are as right.
        either(run, out / "clipped.png", "ref_clipped.psd", COLORS, {**COLORS, "scarf": shaded}),
        Finding("the clipped shade is seen", f"#{bytes(shaded).hex()}" in palette.out, short(palette.out)),
    ]
    run = _colorize(case / "line_gray.psd", case / "ref.png", out / "gray.png")
    return [*findings, colored(run, out / "gray.png", "line_gray.psd")]


def unsupported(case: Path, out: Path) -> list[Finding]:
    """10"""
    names = ("ref_float32.tif", "ref_webp_compressed.tif", "ref_nomerged.ora", "ref_vector_layer.ora")
    tried = [(name, case / "line.png", case / name) for name in names]
    tried += [(name, case / name, case / "ref.png") for name in ("line_grayalpha16.tif", "line_f16.tif")]
    findings: list[Finding] = []
    for name, line, reference in tried:
        run = _colorize(line, reference, out / f"{name}.png")
        if run.code == 2:
            lines = run.err.strip().splitlines()
            fair = len(lines) == 1 and "damaged" not in run.err
            findings.append(Finding(f"{name}: one fair sentence", fair, run.said))
        else:
            findings.append(colored(run, out / f"{name}.png", name))
    return findings


def doors(case: Path, out: Path) -> list[Finding]:
    """11"""
    flat = case / "ref_flat.psd"
    palette, lineart = nurie("palette", flat), nurie("lineart", flat, "--output", out / "l.png")
    taught = nurie("finetune", case / "sheet", "--name", "x", "--measure")
    return [
        colored(_colorize(case / "line.png", flat, out / "out.png"), out / "out.png", "colorize takes a PSD"),
        Finding("palette takes it", palette.code == 0 and "#ba343e" in palette.out, palette.said),
        Finding("lineart takes it", lineart.code == 0 and (out / "l.png").is_file(), lineart.said),
        Finding("finetune sees b.jfif", taught.code == 0 and "b.jfif" in taught.out + taught.err, taught.said),
    ]


def palette_files(case: Path, _out: Path) -> list[Finding]:
    """12"""
    asked = {
        "a_stray_line.gpl": ("#ba343e", "#3a6ebe", "hat", "shirt"),
        "columns_without_colon.gpl": ("#ba343e", "hat"),
        "cr.gpl": ("#ba343e", "#f6d0b0", "hat"),
        "sjis.gpl": ("#ba343e", "#f6d0b0", "#3a6ebe", "帽子"),
        "utf16.gpl": ("#ba343e", "hat"),
        "jasc.pal": ("#",),
        "lospec.hex": ("#",),
    }
    findings: list[Finding] = []
    for name, words in asked.items():
        run = nurie("palette", case / name)
        missing = [word for word in words if word not in run.out.lower()]
        holds = run.code == 0 and not missing
        findings.append(Finding(name, holds, f"{run.said}; {run.out.strip()!r}; missing {missing}"))
    stray = nurie("palette", case / "a_stray_line.gpl")
    return [*findings, says(stray, "what was skipped is said", "skipped", "left out", "not a color", "no color")]


def first_page(case: Path, out: Path) -> list[Finding]:
    """13"""
    findings: list[Finding] = []
    for name in ("thumbnail_first.tif", "blank_first_frame.gif", "blank_first_frame_apng.png"):
        run = _colorize(case / name, case / "ref.png", out / f"{name}.png")
        findings.append(says(run, f"{name}: pages are said", "pages", "frames", "pictures", code=None))
        findings.append(colored(run, out / f"{name}.png", f"{name}: colored at full size"))
        if not run.code:
            size = pixels(out / f"{name}.png").shape[1::-1]
            findings.append(Finding(f"{name}: its largest page", size == (512, 640), f"{size}"))
    return findings


def colorless(case: Path, out: Path) -> list[Finding]:
    """14"""
    gray = _colorize(case / "line.png", case / "ref_gray.png", out / "gray.png")
    white = _colorize(case / "line.png", case / "line.png", out / "white.png")
    swapped = _colorize(case / "ref.png", case / "line.png", out / "swapped.png")
    return [
        says(gray, "a gray reference", "no color", "gray", code=None),
        says(white, "line art as reference", "line art", "no color", code=None),
        says(swapped, "swapped", "swap", "did you mean", code=None),
    ]


def disk_full(case: Path, out: Path) -> list[Finding]:
    """15"""
    disk = out / "disk"
    disk.mkdir(exist_ok=True)
    words = ["batch", case / "in", "--reference", case / "ref.png", "--output", disk, "--format", "psd"]
    command = [sys.executable, "main.py", *map(str, words), "--report", str(disk / "r.html")]
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        return [Finding("a full disk", False, "not tried: a small disk cannot be mounted here")]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
        left = sorted(path.name for path in disk.iterdir() if path.is_file())
    finally:
        subprocess.run(["umount", str(disk)], check=False)
    run = Run(done.returncode, done.stdout, done.stderr, 0.0)
    text = run.out + run.err
    whole = all(name.endswith((".psd", ".html")) for name in left)
    return [
        Finding("what failed is told", "failed" in text and "p3" in text, short(text.strip()[-400:], 400)),
        Finding("exit 1 or 2", run.code in (1, 2), f"exit {run.code}"),
        Finding("no half file", whole, str(left)),
    ]


def huge_palette(case: Path, out: Path) -> list[Finding]:
    """16"""
    _colorize(case / "line.png", case / "ref.png", out / "warm.png")
    few = _colorize(case / "line.png", case / "ref.png", out / "few.png")
    many = _colorize(case / "line.png", case / "ref.png", out / "many.png", "--palette", case / "big.gpl")
    measured = f"{many.seconds:.1f} s of processor, {few.seconds:.1f} s without"
    return [
        Finding("about as fast as without", not many.code and many.seconds < 1.5 * few.seconds + 0.5, measured),
        colored(many, out / "many.png", "colored"),
    ]


def sheet_band(case: Path, out: Path) -> list[Finding]:
    """17"""
    run = _colorize(case / "line.png", case / "sheet.png", out / "out.png")
    palette = nurie("palette", case / "sheet.png")
    foreign = [
        line for line in palette.out.lower().splitlines() if line[:7] in ("#ff5ac8", "#00ff00") or "pink" in line
    ]
    return [
        colored(run, out / "out.png", "colored as the figure"),
        Finding("no band and no chip in the palette", not foreign, palette.out.replace("\n", "; ")),
    ]


def bright_lines(case: Path, out: Path) -> list[Finding]:
    """18"""
    findings: list[Finding] = []
    for name in ("bright_lines.png", "red_hat_line.png"):
        run = _colorize(case / name, case / "ref.png", out / name)
        findings.append(colored(run, out / name, f"{name}: colored"))
        if not run.code:
            findings.append(_ink_kept(case / name, out / name, f"{name}: its strokes as drawn"))
    return findings


def metadata(case: Path, out: Path) -> list[Finding]:
    """21"""
    names = ("workflow_text", "workflow_itxt", "bad_checksum_in_text")
    outs = {name: out / f"{name}.png" for name in names}
    return [colored(_colorize(case / f"{name}.png", case / "ref.png", to), to, name) for name, to in outs.items()]


def alpha_zero(case: Path, out: Path) -> list[Finding]:
    """22"""
    run = _colorize(case / "alpha_all_zero.bmp", case / "ref.png", out / "out.png")
    return [colored(run, out / "out.png", "read as opaque")]


def blue_rough(case: Path, out: Path) -> list[Finding]:
    """23"""
    drawn = pixels(case / "blue_rough.png").astype(int)
    run = _colorize(case / "blue_rough.png", case / "ref.png", out / "out.png", "--layers", out / "layers")
    findings = [colored(run, out / "out.png", "colored"), says(run, "what was set aside is said", "rough", "blue")]
    if run.code:
        return findings
    made = pixels(out / "out.png")
    rough = (drawn[..., 2] - drawn[..., 0] > 40) & (drawn[..., 2] > 200)
    ink = drawn.max(axis=2) < 60
    black = float((made.max(axis=2) < 90)[rough].mean())
    # Beside the figure there is only paper, with or without the pale rough on it.
    paper = np.concatenate([made[:, :90].reshape(-1, 3), made[:, -90:].reshape(-1, 3)]).min(axis=0)
    hat = [color_at(made, 265 * 700 / 512 + across, 76 * 875 / 640) for across in (-70, 0, 70)]
    kept = float((made.max(axis=2) < 90)[ink].mean())
    return [
        *findings,
        Finding("the rough is not black", black < 0.02, f"{black:.1%} of it is"),
        Finding("the inks stay", kept > 0.98, f"{kept:.1%}"),
        Finding("the hat has one color", all(is_near(one, COLORS["hat"]) for one in hat), f"{hat}"),
        Finding("nothing dark beside the figure", int(paper.min()) > 120, f"darkest {paper.tolist()}"),
    ]


def decomposed_names(case: Path, out: Path) -> list[Finding]:
    """08"""
    pattern = nurie(
        "batch", case / "in", "--reference", case / "ref.png", "--output", out / "p", "--pattern", "ページ*"
    )
    shutil.copytree(case, out / "m", dirs_exist_ok=True, copy_function=shutil.copyfile)
    manifest = nurie("batch", "--manifest", out / "m" / "in" / "pairs.csv")
    made = sorted(path.name for path in out.rglob("*.png") if path.parent.name != "m")
    return [
        Finding("a pattern", pattern.code == 0 and len(list((out / "p").glob("*.png"))) == 1, pattern.said),
        Finding("a manifest", manifest.code == 0 and {"out1.png", "out2.png"} <= set(made), manifest.said),
    ]


def window_name(case: Path, out: Path) -> list[Finding]:
    """19"""
    named = out / "caf\udce9.png"
    shutil.copyfile(case / "line.png", named)
    return [windows.opens_dropped_bytes(out, b"caf%E9.png")]


def comma(_case: Path, out: Path) -> list[Finding]:
    """20"""
    return windows.thickness_with_comma(out)


CASES: dict[str, Callable[[Path, Path], list[Finding]]] = {
    "01": planar,
    "02": line_layers,
    "03": white_clothes,
    "04": colored_lines,
    "05": pages.screentone,
    "06": pages.comic_page,
    "07": pages.strip,
    "08": decomposed_names,
    "09": refused_psd,
    "10": unsupported,
    "11": doors,
    "12": palette_files,
    "13": first_page,
    "14": colorless,
    "15": disk_full,
    "16": huge_palette,
    "17": sheet_band,
    "18": bright_lines,
    "19": window_name,
    "20": comma,
    "21": metadata,
    "22": alpha_zero,
    "23": blue_rough,
}
