"""Settings that hold for every test: no screen, no personal settings touched."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Threads that wait for each other while spinning slow every test down many times as soon as the cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
