"""Pictures to learn from, and a controller with children that learn nothing."""

from tests.finetuning import make_controller, sheets

__all__ = ["make_controller", "sheets"]
