"""The plug-in for Krita, in a Krita of our own; tests/e2e/test_krita.py tries the real one."""

import importlib
import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6 import QtCore
from pytestqt.qtbot import QtBot

from app.cli import plugin
from tests.unit.packaging import fake_krita
from tests.unit.packaging.fake_krita import SIZE, Application, Document, Node

INK, PAPER = bytes((0, 0, 0, 255)), bytes((255, 255, 255, 255))

NURIE = """
import json, sys
from pathlib import Path
from PIL import Image
from PIL.PngImagePlugin import PngInfo
words = sys.argv[1:]
where = Path(words[words.index("--layers") + 1])
if "bad.png" in " ".join(words):
    print("nurie: error: bad.png is not a picture.", file=sys.stderr)
    sys.exit(2)
print(json.dumps({"event": "progress", "step": "Guessing", "share": 0.5}), flush=True)
print("not JSON", flush=True)
if "wait.png" in " ".join(words):
    sys.stdin.read()
    sys.exit(130)
where.mkdir()
(where / "words.json").write_text(json.dumps(words))
for number, (name, blend, group) in enumerate([
    ("Paper", "normal", ""), ("red", "normal", "Flats"), ("Shading", "multiply", ""), ("Line", "multiply", "")
]):
    text = PngInfo()
    about = {"Layer": name, "Blend mode": blend, "Opacity": "255", "Visible": "yes"}
    for key, value in (about | ({"Group": group} if group else {})).items():
        text.add_itxt(key, value)
    Image.new("RGBA", (24, 16), (200, 10, 20, 255)).save(where / f"{number:02} {name}.png", pnginfo=text)
print(json.dumps({"event": "ended", "notes": ["Said."]}), flush=True)
"""


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Application]:
    """Krita with the plug-in on its path, and a Nurie that answers at once."""
    made = Application()
    for name, module in fake_krita.modules(made).items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "PyQt6", None)
    plugin.install(tmp_path / "pykrita")
    monkeypatch.syspath_prepend(str(tmp_path / "pykrita"))
    (tmp_path / "nurie.py").write_text(NURIE)
    monkeypatch.setenv("NURIE", shlex.join([sys.executable, str(tmp_path / "nurie.py")]))
    yield made
    for name in [name for name in sys.modules if name == "nurie" or name.startswith("nurie.")]:
        del sys.modules[name]


@pytest.fixture
def docker(application: Application, qtbot: QtBot) -> Any:
    application.document = image()
    made = importlib.import_module("nurie.docker").NurieDocker()
    qtbot.addWidget(made)
    return made


def image(opaque: bool = False) -> Document:
    """Paper, and a folder whose only layer is the lines."""
    document = Document()
    document.root.addChildNode(Node("Paper", pixels=PAPER * (SIZE[0] * SIZE[1])), None)
    folder = Node("Drawing", "grouplayer")
    document.root.addChildNode(folder, None)
    rest = (PAPER if opaque else bytes(4)) * (SIZE[0] * SIZE[1] - SIZE[0])
    folder.addChildNode(Node("Line art", pixels=INK * SIZE[0] + rest), None)
    return document


def tree(node: Node) -> list[Any]:
    return [[child.name(), *([tree(child)] if child.type() == "grouplayer" else [])] for child in node.childNodes()]


def wait(docker: Any, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: docker._running is None, timeout=20000)


def test_it_registers_with_krita(application: Application) -> None:
    importlib.import_module("nurie")
    assert len(application.added) == 2


def test_colors_lie_under_the_lines_and_are_replaced(
    docker: Any, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    document = application.document
    assert document is not None
    docker.references.add_file(str(tmp_path / "sheet.png"))
    docker.color()
    wait(docker, qtbot)
    expected = [["Paper"], ["Drawing", [["Nurie", [["Flats", [["red"]]], ["Shading"]]], ["Line art"]]]]
    assert tree(document.root) == expected, docker.message.text()
    assert docker.message.text() == "Colored. Said." and document.refreshed == 1
    group = document.root.childNodes()[1].childNodes()[0]
    assert group.childNodes()[1].blend == "multiply"
    assert group.childNodes()[1].pixels[:4] == bytes((20, 10, 200, 255)), "as Krita has them, blue first"
    group.addChildNode(Node("Mine"), None)
    group.addChildNode(Node("Between"), group.childNodes()[0])
    group.addChildNode(Node("Shading"), None)
    group.childNodes()[0].addChildNode(Node("Deep"), None)
    docker.color()
    wait(docker, qtbot)
    # What the artist called like a layer of Nurie's is the artist's, and what lay in the folder lies over it.
    expected[1][1][0][1][1:] = [["Deep"], ["Between"], ["Shading"], ["Mine"], ["Shading"]]  # type: ignore[index]
    assert tree(document.root) == expected
    for changed in (b"", b"[", b"{}", b"[1]"):
        document.annotations["nurie_layers"] = QtCore.QByteArray(changed)
        docker.color()
        wait(docker, qtbot)
        assert "Mine" in str(tree(document.root)) and "Between" in str(tree(document.root)), "by names, as in a PSD"
    assert not docker.progress.isVisible() and docker.button.text() == "Color"


def test_an_opaque_drawing_gets_the_colors_over_it(docker: Any, application: Application, qtbot: QtBot) -> None:
    application.document = document = image(opaque=True)
    docker.references.add_layer("Paper")
    docker.color()
    wait(docker, qtbot)
    folder = document.root.childNodes()[1]
    assert [child.name() for child in folder.childNodes()] == ["Line art", "Nurie"]
    assert folder.childNodes()[1].blend == "multiply"


def test_what_cannot_be_done_is_one_sentence(
    docker: Any, application: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(application.document.root) if application.document else []
    docker.color()
    assert "no reference" in docker.message.text()
    docker.references.add_file("bad.png")
    docker.color()
    wait(docker, qtbot)
    assert docker.message.text() == "bad.png is not a picture."
    monkeypatch.setenv("NURIE", "/nowhere/nurie")
    docker.color()
    wait(docker, qtbot)
    assert "cannot be started" in docker.message.text()
    assert application.document is not None and tree(application.document.root) == before
    application.document = None
    docker.color()
    assert "no image" in docker.message.text()


def test_it_is_cancelled(docker: Any, application: Application, qtbot: QtBot) -> None:
    assert application.document is not None
    before = tree(application.document.root)
    docker.references.add_file("wait.png")
    docker.color()
    qtbot.waitUntil(lambda: docker.progress.value() == 500, timeout=20000)
    docker.color_or_cancel()
    wait(docker, qtbot)
    assert docker.message.text().startswith("Cancelled") and tree(application.document.root) == before


def test_which_layer_is_the_lines(application: Application) -> None:
    layers = importlib.import_module("nurie.layers")
    document = image()
    assert layers.find_lines(document).name() == "Line art"
    ink = Node("主線")
    document.root.addChildNode(ink, None)
    assert layers.find_lines(document) is ink
    document.active = document.root.childNodes()[1].childNodes()[0]
    assert layers.find_lines(document).name() == "Line art", "the active one, where its name says so, too"
    document.active = document.root.childNodes()[0]
    assert layers.find_lines(document) is ink
    assert layers.find_lines(document, "Paper").name() == "Paper"
    with pytest.raises(layers.CannotColor):
        layers.find_lines(document, "Gone")
    with pytest.raises(layers.CannotColor):
        layers.find_lines(Document())


def test_layers_of_16_bits_are_converted(application: Application) -> None:
    layers = importlib.import_module("nurie.layers")
    document = image()
    line = document.root.childNodes()[1].childNodes()[0]
    line.depth = "U16"
    assert layers.picture_of(document, line).width() == SIZE[0]
    assert line.depth == "U16", "the layer itself stays"


def test_it_is_installed_with_how_nurie_is_called(
    application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin.install(tmp_path / "pykrita")
    told = json.loads((tmp_path / "pykrita" / "nurie" / "nurie.json").read_text())
    assert told["command"][0] == sys.executable and Path(told["command"][1]).name == "main.py"
    assert (tmp_path / "pykrita" / "nurie.desktop").is_file()
    coloring = importlib.import_module("nurie.coloring")
    monkeypatch.delenv("NURIE")
    assert Path(str(coloring.__file__)).parent == tmp_path / "pykrita" / "nurie"
    assert coloring.command() == told["command"]


def test_the_words_are_those_of_the_command_line(application: Application, tmp_path: Path) -> None:
    from app.cli.main import build_parser

    coloring = importlib.import_module("nurie.coloring")
    words = coloring.arguments(tmp_path / "a.png", [tmp_path / "b.png"], tmp_path, by_color=True, shading="soft")
    parsed = build_parser(["colorize"]).parse_args(words)
    assert parsed.swatch_layers and parsed.control and parsed.shading == "soft"
    docker = importlib.import_module("nurie.docker")
    for shading in docker.SHADINGS.values():
        build_parser(["colorize"]).parse_args([*words, "--shading", shading])
    Image.new("RGB", (1, 1)).save(tmp_path / "a.png")
