"""Brings the languages on screen up to date: collects the texts of the sources, compiles what was translated.

    python packaging/translations.py            after texts were changed, and again after they were translated
    python packaging/translations.py --check    changes nothing; exit code 1 says that something is to be done

The texts stand in resources/translations/nurie_LANGUAGE.ts, to be translated with Qt Linguist or any editor. The
compiled .qm beside it is what the program reads; both are committed, so that nothing need be built before a start.
The two tools, lupdate and lrelease, come with Qt for Python.

What engine and trainer say is no text of Qt: the templates of their errors, notes and steps are collected here, from
where they are made.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import PySide6

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("ja",)
TOOLS = Path(PySide6.__file__).parent
CONTEXT = "Engine"
SPEAKING = ("engine", "trainer", "app")
ENGLISH_ONLY = (  # what no window runs: the command line, and all of training but adapting to a character
    "app/cli/",
    "app/display.py",
    "trainer/__main__.py",
    "trainer/characters3d.py",
    "trainer/drawn_characters/",
    "trainer/experiments/",
    "trainer/parts/",
    *(f"trainer/{name}.py" for name in ("command", "config_file", "datasets", "distributed", "evaluation")),
    *(f"trainer/{name}.py" for name in ("extras", "inception", "perceptual", "run_log", "sources", "targets")),
)


def main(arguments: Sequence[str]) -> int:
    """Update or check every language, and say on stdout what is to be done. Returns the exit code."""
    only_check = list(arguments) == ["--check"]
    if arguments and not only_check:
        sys.stderr.write("usage: translations.py [--check]\n")
        return 2
    problems = [sentence for language in LANGUAGES for sentence in (check if only_check else update)(language)]
    sys.stdout.writelines(f"{sentence}\n" for sentence in problems)
    return 1 if problems else 0


def update(language: str, folder: Path = FOLDER) -> list[str]:
    """Write both files of a language into `folder`. Returns the texts that wait for a translation, a sentence each."""
    folder.mkdir(parents=True, exist_ok=True)
    texts, compiled = folder / f"nurie_{language}.ts", folder / f"nurie_{language}.qm"
    _collect(texts, language)
    _compile(texts, compiled)
    return [f"{texts.name}: to be translated: {context}: {text}" for context, text in unfinished(texts)]


def check(language: str, folder: Path = FOLDER) -> list[str]:
    """What is to be done for a language, a sentence each; nothing is written into `folder`."""
    texts, compiled = folder / f"nurie_{language}.ts", folder / f"nurie_{language}.qm"
    if not texts.exists() or not compiled.exists():
        return [f"{texts.name} or {compiled.name} is missing: run packaging/translations.py."]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(shutil.copy(texts, scratch))
        problems = update(language, copy.parent)
        if copy.read_bytes() != texts.read_bytes():
            problems.append(f"{texts.name} is not of these sources: run packaging/translations.py.")
        if copy.with_suffix(".qm").read_bytes() != compiled.read_bytes():
            problems.append(f"{compiled.name} is not of this {texts.name}: run packaging/translations.py.")
    return problems


def unfinished(texts: Path) -> list[tuple[str, str]]:
    """Context and text of what a .ts file has no translation for, or one nobody has confirmed."""
    return [
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ElementTree.parse(texts).getroot().iter("context")
        for message in context.iter("message")
        if (translation := message.find("translation")) is None or translation.get("type") or not translation.text
    ]


def sentences(root: Path = ROOT) -> list[str]:
    """The templates of all sentences that engine, trainer and app may say in a window, each once."""
    trees = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8"))
        for folder in SPEAKING
        for path in sorted((root / folder).rglob("*.py"))
    }
    makers = {"Sentence", "Progress", *_errors(list(trees.values()))}
    found = {
        node.args[0].value: None
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) in ({"Sentence"} if name.startswith(ENGLISH_ONLY) else makers)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    return [text for text in found if any(map(str.isalpha, text))]


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _errors(trees: Sequence[ast.Module]) -> set[str]:
    """The names of NurieError and all that are one."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names, before = {"NurieError"}, 0
    while len(names) != before:
        before = len(names)
        names |= {node.name for node in classes if any(name in names for name in _bases(node))}
    return names


def _bases(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        yield base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")


def _collect(texts: Path, language: str) -> None:
    """Bring a .ts file to the texts of the sources: new ones come, those that are used no longer go."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*.py"))
    # Line numbers would change the file with every edit of a source.
    options = ("-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", language)
    with tempfile.TemporaryDirectory() as scratch:
        engine = Path(scratch, "sentences.py")
        lines = (f'QT_TRANSLATE_NOOP("{CONTEXT}", {json.dumps(text, ensure_ascii=False)})\n' for text in sentences())
        engine.write_text("".join(lines), "utf-8")
        _run("lupdate", *sources, str(engine), "-ts", str(texts), *options)


def _compile(texts: Path, compiled: Path) -> None:
    """Write the .qm of a .ts, of what is finished in it."""
    _run("lrelease", str(texts), "-qm", str(compiled))


def _run(tool: str, *arguments: str) -> None:
    done = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{tool} failed: {done.stderr or done.stdout}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
