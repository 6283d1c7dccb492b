"""Pictures to learn from, and a walk with children that learn nothing."""

from tests.finetuning import make_walk, sheets

__all__ = ["make_walk", "sheets"]
