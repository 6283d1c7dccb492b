"""The recipe of the model that ships, one thing changed at a time: what is worth having, found by measurement."""

from dataclasses import asdict

from engine.architectures.sga_generator import SGAConfig
from trainer.config import LossConfig
from trainer.experiments.tables import Row, Table

# The paper's weights (Eq. 1) over its weight of the L1, which is 1 here.
_PAPER = LossConfig()
_ADVERSARIAL = {"adversarial": _PAPER.adversarial / _PAPER.l1}
_PERCEPTUAL = {"perceptual": _PAPER.perceptual / _PAPER.l1, "style": _PAPER.style / _PAPER.l1}

RECIPE = Table(
    "recipe",
    "The recipe of the compact network, one thing changed at a time",
    (
        Row("base", "base: line keys, gradient flows"),
        Row("line-stopped", "line keys, stop-gradient", {"stop_gradient": True}),
        Row("plain-flowing", "plain keys, gradient flows", {"keys": "plain"}),
        Row("plain-stopped", "plain keys, stop-gradient", {"keys": "plain", "stop_gradient": True}),
        Row("temperature-25", "temperature 25", {"temperature": 25.0}),
        Row("temperature-80", "temperature 80", {"temperature": 80.0}),
        Row("temperature-learned", "temperature learned, from 50", {"learn_temperature": True}),
        Row(
            "tokens-16",
            "tokens at 1/16",
            {"token_level": 3, "context_ratio": 1, "reference_convolutions": (1, 1, 1, 1)},
        ),
        Row("coarse-to-fine", "coarse to fine, 1/16 to 1/4", {"token_level": 1, "context_ratio": 4, "coarse_ratio": 4}),
        Row("line-distance", "distance to the lines", {"line_distance": True}),
        Row("multi-reference", "one to three references", data={"references": 3}),
        Row("adversarial", "+ adversarial loss", losses=_ADVERSARIAL),
        Row("perceptual", "+ perceptual and style loss", losses=_PERCEPTUAL),
        Row("paper", "the paper's network", asdict(SGAConfig.paper())),
    ),
)
