"""Ways to bring a reference's colors to a sketch: the ones that Li et al. (ECCV 2022) compare, behind one signature."""

from collections.abc import Mapping

from engine.architectures.fusion.base import Fusion
from engine.architectures.fusion.cmft import CMFTBlock
from engine.architectures.fusion.cocosnet import CoCosNetBlock
from engine.architectures.fusion.scft import SCFTBlock
from engine.architectures.fusion.sga import SGABlock
from engine.architectures.fusion.spade import SPADEBlock
from engine.architectures.fusion.unite import UNITEBlock

FUSIONS: Mapping[str, type[Fusion]] = {
    "sga": SGABlock,
    "scft": SCFTBlock,
    "spade": SPADEBlock,
    "cocosnet": CoCosNetBlock,
    "unite": UNITEBlock,
    "cmft": CMFTBlock,
}
