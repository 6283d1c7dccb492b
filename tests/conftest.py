"""Settings that hold for every test: no screen, no personal settings touched."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
