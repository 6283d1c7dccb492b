"""The controllers in a program, as in the tests of the window."""

from tests.unit.app.window.conftest import fake, nurie

__all__ = ["fake", "nurie"]
