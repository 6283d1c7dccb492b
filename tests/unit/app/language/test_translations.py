"""The languages on screen: every text of the sources is translated, and what is filled in stays what it is."""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app import paths
from app.language import engine_words
from app.language.engine_words import COLORS
from app.language.translations import LanguageManager
from engine import checkpoint
from engine.color import names
from engine.errors import NurieError, PictureError, expected
from engine.sentences import Sentence, joined

ROOT = Path(__file__).resolve().parents[4]
FOLDER = ROOT / "resources" / "translations"
SCRIPT = ROOT / "packaging" / "translations.py"
SOURCES = sorted((ROOT / "app").rglob("*.py"))
ENGLISH_ONLY = ("app/batch/", "app/cli/")  # the command line
# What shows a text, by the place of the text among the arguments.
SHOWING = {
    **dict.fromkeys(("setText", "setToolTip", "setStatusTip", "setWindowTitle", "setTitle", "setSubTitle"), 0),
    **dict.fromkeys(("setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setLabelText"), 0),
    **dict.fromkeys(("setPrefix", "setSuffix", "setSpecialValueText", "setInformativeText", "addMenu", "addRow"), 0),
    **dict.fromkeys(("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu"), 0),
    **dict.fromkeys(("addButton", "addItem", "addAction", "setButtonText", "showMessage"), 0),
    **dict.fromkeys(("QDockWidget", "QToolBar", "Progress", "Job"), 0),
    **dict.fromkeys(("addTab", "setItemText", "setTabText", "insertItem"), 1),
}

Text = tuple[str, str]  # context and text


def messages() -> dict[Text, str]:
    """The Japanese of every text; empty where it is missing or not finished."""
    root = ElementTree.parse(FOLDER / "nurie_ja.ts").getroot()
    return {
        (context.findtext("name", ""), message.findtext("source", "")): (
            "" if message.find("translation[@type]") is not None else message.findtext("translation", "")
        )
        for context in root.iter("context")
        for message in context.iter("message")
    }


def texts(node: ast.AST, context: str = "") -> Iterator[Text]:
    """Context and text of all that is to be translated under a node."""
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.ClassDef) else context
        if isinstance(child, ast.Call):
            name = child.func.attr if isinstance(child.func, ast.Attribute) else getattr(child.func, "id", "")
            words = [arg.value for arg in child.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if name == "tr" and words:
                yield inside, words[0]
            elif name in ("translate", "QT_TRANSLATE_NOOP") and len(words) >= 2:
                yield words[0], words[1]
        yield from texts(child, inside)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"{(\w*)[^}]*}", text))


def test_every_text_of_the_sources_is_translated_and_no_other() -> None:
    # Not left to lupdate alone: it sees no text inside the braces of an f-string.
    used = {text for path in SOURCES for text in texts(ast.parse(path.read_text("utf-8")))}
    used |= {("Engine", text) for text in script().sentences()}
    known = messages()
    assert used - known.keys() == set(), "run packaging/translations.py; lupdate sees no text in the braces of f'…'"
    assert known.keys() - used == set(), "run packaging/translations.py"
    assert [text for text, japanese in known.items() if not japanese] == []


def test_both_files_are_of_these_sources() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_the_check_notices_what_is_to_be_done(tmp_path: Path) -> None:
    for name in ("app", "packaging"):
        (tmp_path / name).mkdir()
    script = shutil.copy(SCRIPT, tmp_path / "packaging")
    source = tmp_path / "app" / "panel.py"
    texts_file = tmp_path / "resources" / "translations" / "nurie_ja.ts"

    def run(*arguments: str) -> str:
        return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False).stdout

    def say(text: str) -> None:
        source.write_text(f"class Panel:\n    def f(self): return self.tr('{text}')\n", "utf-8")

    say("Old")
    assert "is missing" in run("--check")
    assert run() == run("--check") == "nurie_ja.ts: to be translated: Panel: Old\n"
    done = texts_file.read_text("utf-8").replace(
        '<translation type="unfinished"></translation>', "<translation>旧</translation>"
    )
    texts_file.write_text(done, "utf-8")
    assert "nurie_ja.qm is not of this nurie_ja.ts" in run("--check")
    assert run() == run("--check") == ""
    say("Something new")
    assert "to be translated: Panel: Something new" in run("--check")
    assert texts_file.read_text("utf-8") == done
    run()
    assert "旧" not in texts_file.read_text("utf-8")


def test_translations_fill_in_the_same() -> None:
    for (_, text), japanese in messages().items():
        assert placeholders(text) == placeholders(japanese), text


def test_translations_keep_the_form_of_their_text() -> None:
    for (_, text), japanese in messages().items():
        assert text.endswith("…") == japanese.endswith("…"), text
        # A sentence stays one; what is filled in last may be a sentence itself.
        assert text.endswith(".") == japanese.endswith("。"), text
        # As Qt and all programs of the platforms do it: the letter of the shortcut in brackets after the text.
        letter = re.search(r"&(\w)", text)
        found = re.search(r"\(&(\w)\)…?$", japanese)
        assert (letter and letter[1].upper()) == (found and found[1]), text
        assert japanese.count("&") == text.count("&"), text


def test_the_compiled_file_loads(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load("nurie_ja", str(FOLDER))
    assert translator.language() == "ja"
    for (context, text), japanese in messages().items():
        assert translator.translate(context, text) == japanese


def test_no_text_on_screen_is_left_out_of_translation() -> None:
    found = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for node in [] if name.startswith(ENGLISH_ONLY) else calls:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = SHOWING.get(called, len(node.args))
            if at < len(node.args) and _has_words(node.args[at]):
                found.append(f"{name}:{node.lineno}: {ast.unparse(node.args[at])}")
    assert found == []


def _has_words(node: ast.expr) -> bool:
    """Whether an expression has words of its own: a literal, also as part of an f-string or a choice."""
    if isinstance(node, ast.JoinedStr):
        return any(_has_words(part) for part in node.values)
    if isinstance(node, ast.IfExp):
        return _has_words(node.body) or _has_words(node.orelse)
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and re.search(r"[A-Za-z]{2}", text.replace("Nurie", "")) is not None


def script() -> ModuleType:
    """The module packaging/translations.py, which is no package's."""
    spec = importlib.util.spec_from_file_location("nurie_translations", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def errors_made() -> Iterator[tuple[str, ast.Call]]:
    """Every place in engine, trainer and app, but its command line, that makes an error or a sentence."""
    made = {"Sentence", *(one.__name__ for one in subclasses(NurieError))}
    for folder in ("engine", "trainer", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith("app/cli/") or name in ("engine/sentences.py", "engine/errors.py"):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args and _called(node) in made | {"Progress"}:
                    yield f"{name}:{node.lineno}", node


def subclasses(cls: type) -> Iterator[type]:
    yield cls
    for one in cls.__subclasses__():
        yield from subclasses(one)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_no_sentence_of_the_engine_is_put_together() -> None:
    # It could not be collected, so it would never be translated.
    assert [where for where, call in errors_made() if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)] == []


def test_every_value_of_a_sentence_has_its_place() -> None:
    for where, call in errors_made():
        template, values = call.args[0], call.args[1:]
        if _called(call) == "Progress" or not isinstance(template, ast.Constant):
            continue
        if values and not any(isinstance(value, ast.Starred) for value in values):
            assert isinstance(template.value, str)
            places = {int(place) for place in placeholders(template.value)}
            assert places == set(range(len(values))), where


def test_every_sentence_of_the_engine_is_to_be_translated(tmp_path: Path) -> None:
    source = """
class NurieError(Exception): ...
class OneError(NurieError): ...
class OtherError(errors.OneError): ...
def do(self):
    yield Progress("Step", 0.1)
    self.notes.append(Sentence("Note {0} " "goes on", 1))
    raise OtherError("Other '{0}' \\"quoted\\"", 1) from OneError("One")
    raise ValueError("No sentence")
"""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "one.py").write_text(source, "utf-8")
    (tmp_path / "app" / "cli").mkdir(parents=True)
    (tmp_path / "app" / "cli" / "one.py").write_text(
        "raise NurieError('English only')\nSentence('All the same')", "utf-8"
    )
    found = ["Step", "Note {0} goes on", "Other '{0}' \"quoted\"", "One", "All the same"]
    assert sorted(script().sentences(tmp_path)) == sorted(found)
    # And lupdate takes them as they are.
    (tmp_path / "packaging").mkdir()
    copy = shutil.copy(SCRIPT, tmp_path / "packaging")
    subprocess.run([sys.executable, copy], check=False, capture_output=True)
    root = ElementTree.parse(tmp_path / "resources" / "translations" / "nurie_ja.ts").getroot()
    assert sorted(one.text or "" for one in root.iter("source")) == sorted(found)


@pytest.fixture
def japanese(qapp: QApplication) -> Iterator[LanguageManager]:
    manager = LanguageManager(qapp, "ja")
    yield manager
    manager.choose("en")
    manager.deleteLater()


LARGE = "{0} is {1}×{2} pixels and the limit is {3} million pixels, {4} on a side; make it smaller first."


def test_sentences_of_the_engine_are_said_in_the_language_on_screen(japanese: LanguageManager) -> None:
    large = str(PictureError(LARGE, Path("girl {1}.png"), 9000, 20, 100, 8192))
    assert (
        large
        == "girl {1}.png is 9000×20 pixels and the limit is 100 million pixels, 8192 on a side; make it smaller first."
    )
    assert engine_words.said(large).startswith("girl {1}.png は 9000×20 ピクセル")
    both = engine_words.said(joined((large, "Of another program."), "\n\n"))
    assert both.startswith("girl {1}.png は") and both.endswith("\n\nOf another program.")
    assert engine_words.said("Coloring") == engine_words.said(Sentence("Coloring")) != "Coloring"
    assert engine_words.said("of another program {0}") == "of another program {0}"
    japanese.choose("en")
    assert engine_words.said(large) == large


def test_a_sentence_in_a_sentence_is_translated_too(japanese: LanguageManager) -> None:
    inner = Sentence("it is tiny, {0} pixels on its longer side, and at least {1} are needed.", 5, 96)
    told = engine_words.said(Sentence("There is no picture to learn from: {0}: {1}", "a.png", inner))
    assert "a.png" in told and told.endswith(engine_words.said(inner)) and engine_words.said(inner) != inner
    error = PictureError("There is no picture to learn from: {0}: {1}", "a.png", PictureError(inner))
    assert engine_words.said(expected(error) or "") == told


def test_color_names(japanese: LanguageManager) -> None:
    assert engine_words.color_name("pale blue gray 2") == "淡いブルーグレー 2"
    assert engine_words.color_name("Hair 2") == "Hair 2"
    assert engine_words.color_name("light of the moon") == "light of the moon"
    japanese.choose("en")
    assert engine_words.color_name("pale blue gray 2") == "pale blue gray 2"


def test_every_name_of_a_color_is_known(japanese: LanguageManager) -> None:
    levels = range(0, 256, 15)
    found = {names.name_of((red, green, blue)) for red in levels for green in levels for blue in levels}
    assert [name for name in found if engine_words.color_name(name) == name] == []
    bare = {name.removeprefix("pale ").removeprefix("light ").removeprefix("dark ") for name in found}
    assert set(COLORS) - bare == set()


def test_the_system_s_language_is_spoken_where_it_is_known(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    for tags, spoken in (
        (["ja-JP"], "ja"),
        (["de-DE", "ja"], "ja"),
        (["de-DE"], "en"),
        (["en-GB", "ja"], "en"),
        ([], "en"),
    ):
        monkeypatch.setattr(QLocale, "uiLanguages", lambda _self, tags=tags: tags)
        manager = LanguageManager(qapp)
        assert manager.language == spoken
        manager.choose("en")
        manager.deleteLater()


def test_models_that_come_with_the_program_say_what_they_are_in_every_language() -> None:
    """The experiments, too, which can be installed for the window."""
    files = [file for room in ("models", "experiments") for file in (paths.resources() / room).glob("*.safetensors")]
    said = {checkpoint.read_info(file).description for file in files if "parts" not in file.stem}
    assert said and said == set(map(str, engine_words.DESCRIPTIONS))
