"""What a build holds and what it leaves out: rules for names, for packaging/nurie.spec and packaging/sizes.py.

Names are those of files in the folder, with `/` on every system.
"""

import re

# Figures, the extras for measuring and for clusters, what of test and build tools torch names, and all that reaches for
# a network. `readline` and `_gdbm` bring libraries under the GPL. Torch's compiler stays: when it trains, torch imports
# parts of it, other ones in every version.
MODULES_OUT = (
    "triton", "matplotlib", "torchvision", "torchmetrics", "distributed", "dask", "tkinter", "IPython", "pytest",
    "hypothesis", "tensorboard", "pandas", "PIL.ImageTk", "PyQt5", "PyQt6", "av", "setuptools", "pip", "tests",
    "diffusers", "transformers", "onnx", "onnxruntime", "jax", "numba", "huggingface_hub", "requests", "urllib3",
    "yaml", "charset_normalizer", "certifi", "regex", "pydoc_data", "readline", "_gdbm", "_curses", "sqlite3",
    "lib2to3", "PySide6.QtNetwork", "PySide6.QtDBus", "PySide6.QtOpenGL", "scipy.io", "scipy.stats", "scipy.signal",
    "scipy.datasets", "torch.utils.tensorboard", "torch.utils.benchmark", "torch.utils.model_dump", "torch.contrib",
    "torch.testing._internal.common_methods_invocations", "torch.testing._internal.opinfo",
    "torch.testing._internal.generated",
)  # fmt: skip

# Of the libraries of the Linux that builds, what comes along: those of Python, and small ones of X11 that many systems
# lack. Every Linux with a desktop has the others, in versions that fit its drivers and settings; the package for Debian
# names them (packaging/linux/control).
BROUGHT_ALONG = (
    "libbz2", "liblzma", "libffi", "libssl", "libcrypto", "libuuid", "libmpdec", "libxcb-cursor", "libxcb-icccm",
    "libxcb-image", "libxcb-keysyms", "libxcb-render-util", "libxcb-util", "libxkbcommon", "libxkbcommon-x11",
)  # fmt: skip

# Libraries under the GPL, by the beginnings of their names, which other packages may bring along.
GPL = ("libx264", "libx265", "libvidstab", "librubberband", "libpostproc", "libreadline", "readline.", "libgdbm")

_QT_OUT = (
    "Qml", "Quick", "Pdf", "VirtualKeyboard", "QtNetwork", "Qt6Network", "EglFS", "EglFs", "QtOpenGL", "Qt6OpenGL",
    "/qmltooling/", "/tls/", "/generic/", "/networkinformation/", "/egldeviceintegrations/",
    "/wayland-graphics-integration-client/", "/sqldrivers/", "libqgtk3", "libqeglfs", "libqlinuxfb",
    "libqvkkhrdisplay", "libqvnc", "libqminimalegl", "opengl32sw", "D3Dcompiler",
)  # fmt: skip
# Models that no list offers, and numbers behind tables; sources of the translations.
_OURS_OUT = {
    "resources/experiments": (".safetensors", ".json", ".csv"),
    "resources/translations": (".ts", ".md"),
}
# Its shared memory between processes is asked for when it is imported.
_TORCH_OUT = re.compile(
    r"^torch/(include|test|share|bin(?!/torch_shm_manager))/|^torch/lib/.*(_test|bind_test|with_compiler|aoti_custom_ops)\b.*|\.(lib|a|h|pyi)$"
)


def is_wanted(name: str) -> bool:
    """Whether a file goes into a build on any system. name: where in the folder it lies."""
    parts = name.split("/")
    if parts[0] == "PySide6" or "Qt6" in parts[-1]:
        if "translations" in parts:  # Qt's own words, in the languages that Nurie speaks
            return parts[-1] in ("qtbase_ja.qm", "qtbase_en.qm")
        return not any(part in f"/{name}" for part in _QT_OUT)
    if parts[0] == "torch":
        return not _TORCH_OUT.search(name)
    if ".dist-info" in parts[0]:  # the license texts are in `licenses`
        return parts[-1] == "METADATA"
    endings = _OURS_OUT.get("/".join(parts[:2]), ())
    return "tests" not in parts and not name.endswith(endings)


def is_gpl(name: str) -> bool:
    """Whether a file is a library under the GPL, which must not come in, nor what needs it."""
    return any(part.startswith(GPL) for part in name.split("/"))


def is_brought_along(name: str) -> bool:
    """Whether a library of the Linux that builds comes into the build. name: that of its file."""
    return name.partition(".so")[0] in BROUGHT_ALONG
