"""The engine: pictures in, layers out. Knows no Qt."""

__version__ = "0.1.0"
