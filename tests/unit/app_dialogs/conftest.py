"""A walk with children that learn nothing, for the dialogs of fine-tuning."""

from tests.finetuning import make_walk, sheets

__all__ = ["make_walk", "sheets"]
