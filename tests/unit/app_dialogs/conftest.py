"""A controller with children that learn nothing, for the dialogs of fine-tuning."""

from tests.finetuning import make_controller, sheets

__all__ = ["make_controller", "sheets"]
