"""Runs first in the packaged program: what it starts (a browser, a file manager) finds its own libraries, not ours.

The program before it, PyInstaller's, has put our folder in front of LD_LIBRARY_PATH. This process has read it by now.
"""

import os

if "LD_LIBRARY_PATH" in os.environ:
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        del os.environ["LD_LIBRARY_PATH"]
    # Nurie itself, started again for a long run, puts the folder there anew instead of taking it for given.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
