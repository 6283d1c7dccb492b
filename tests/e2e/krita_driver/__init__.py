"""Runs inside Krita: presses what an artist presses in the docker of Nurie, and writes down what came of it."""

# pyright: reportMissingImports=false
import json
import os
import traceback
from pathlib import Path

from krita import Extension, InfoObject, Krita
from PyQt5.QtCore import QTimer

PLACE = Path(os.environ["NURIE_KRITA_TEST"])


def tree(node, depth=0):
    found = []
    for child in node.childNodes():
        if child.type().endswith("layer"):
            found.append([depth, child.name(), child.blendingMode(), child.opacity()])
            found += tree(child, depth + 1)
    return found


class Driver(Extension):
    def setup(self):
        QTimer.singleShot(1500, self.begin)

    def createActions(self, window):
        pass

    def begin(self):
        self.told = {"steps": []}
        self.steps = self.play()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.step)
        self.timer.start(200)

    def step(self):
        try:
            next(self.steps)
        except StopIteration:
            self.end()
        except Exception:
            self.told["error"] = traceback.format_exc()
            self.end()

    def end(self):
        self.timer.stop()
        (PLACE / "told.json").write_text(json.dumps(self.told))
        os._exit(0)

    def docker(self):
        return next(one for one in Krita.instance().dockers() if one.objectName() == "nurie_docker")

    def colored(self, docker):
        for _ in range(600):
            if docker._running is None:
                return
            self.told["seen"] = [*self.told.get("seen", []), docker.progress.value()]
            yield

    def play(self):
        application = Krita.instance()
        while application.activeWindow() is None:
            yield
        document = application.openDocument(str(PLACE / "work.psd"))
        document.setBatchmode(True)
        application.activeWindow().addView(document)
        while application.activeDocument() is None:
            yield
        if os.environ.get("NURIE_KRITA_DEPTH"):
            document.setColorSpace("RGBA", os.environ["NURIE_KRITA_DEPTH"], "")
            document.waitForDone()
        document = application.activeDocument()
        docker = self.docker()
        docker.show()
        docker.raise_()
        docker.canvasChanged(None)
        docker.color()
        self.told["without"] = docker.message.text()
        docker.references.add_file(str(PLACE / "reference.png"))
        self.told["before"] = tree(document.rootNode())
        docker.shading.setCurrentText("Soft shading")
        docker.color()
        yield from self.colored(docker)
        self.told["first"] = tree(document.rootNode())
        self.told["message"] = docker.message.text()
        group = document.nodeByName("Nurie")
        own = document.createNode("My own", "paintlayer")
        group.addChildNode(own, None)
        above = document.createNode("Sparkle", "paintlayer")
        document.rootNode().addChildNode(above, None)
        docker.by_color.setChecked(True)
        docker.color()
        yield from self.colored(docker)
        self.told["second"] = tree(document.rootNode())
        docker.color()
        for _ in range(4):
            yield
        docker.color_or_cancel()
        yield from self.colored(docker)
        self.told["cancelled"] = docker.message.text()
        self.told["third"] = tree(document.rootNode())
        document.nodeByName("Flats").addChildNode(document.createNode("Deep", "paintlayer"), None)
        docker.by_color.setChecked(False)
        docker.color()
        yield from self.colored(docker)
        self.told["fourth"] = tree(document.rootNode())
        document.refreshProjection()
        document.waitForDone()
        document.exportImage(str(PLACE / "out.png"), InfoObject())
        for _ in range(10):
            yield
        application.activeWindow().qwindow().grab().save(str(PLACE / "window.png"))


Krita.instance().addExtension(Driver(Krita.instance()))
