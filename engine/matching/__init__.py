"""Which color of the references belongs to which region of a drawing.

`attention` asks the colorizer's own attention; `parts`, `tokens` and `matcher` compare the drawing's regions with the
parts of references, by a network of its own (`engine.architectures.parts`).
"""

from engine.matching.attention import MASK_SHARE, region_features, swatch_masses

__all__ = ["MASK_SHARE", "region_features", "swatch_masses"]
