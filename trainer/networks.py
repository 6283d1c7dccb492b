"""The networks of a run, with their optimizers, and the moving average of the generator."""

import copy
from pathlib import Path

import torch
from torch import nn

from engine import model_loading
from engine.errors import TrainingError
from trainer import recipes
from trainer.config import TrainConfig
from trainer.recipes.base import Recipe
from trainer.run_state import RunState


def build(config: TrainConfig, device: torch.device) -> RunState:
    """New networks and optimizers; the weights depend on the seed, or on the model to start from, not on the device.

    Raises TrainingError where that model is of another network, CheckpointError where it cannot be read.
    """
    torch.manual_seed(config.seed)
    recipe = recipes.find(config.architecture)
    model = recipe.build(config.network)
    if config.start:
        _load_start(model, recipe, Path(config.start))
    model = _placed(model, config, device).train()
    discriminator = discriminator_optimizer = None
    if (judge := recipe.discriminator(config)) is not None:
        discriminator = _placed(judge, config, device).train()
        discriminator_optimizer = _adam(discriminator, config)
    if config.freeze_batch_statistics:
        _freeze_batch_statistics(model)
    return RunState(
        model=model,
        average=copy.deepcopy(model).requires_grad_(False).eval(),
        optimizer=_adam(model, config),
        scaler=torch.amp.GradScaler(device.type, enabled=config.precision == "fp16"),
        discriminator=discriminator,
        discriminator_optimizer=discriminator_optimizer,
    )


def teach(state: RunState, config: TrainConfig, parts: tuple[str, ...]) -> None:
    """Let the parts of the generator learn that have these names, or all for none; the others stay as they are."""
    learnable = {id(parameter) for group in state.optimizer.param_groups for parameter in group["params"]}
    for name, parameter in state.model.named_parameters():
        if id(parameter) in learnable:
            parameter.requires_grad_(not parts or name.partition(".")[0] in parts)
    for name, module in state.model.named_children():
        module.train(not parts or name in parts)
    if config.freeze_batch_statistics:
        _freeze_batch_statistics(state.model)


def _freeze_batch_statistics(model: nn.Module) -> None:
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()


def _load_start(model: nn.Module, recipe: Recipe, path: Path) -> None:
    weights = model_loading.build(path)[1].state_dict()
    shapes = {name: value.shape for name, value in recipe.published(model).items()}
    if {name: value.shape for name, value in weights.items()} != shapes:
        raise TrainingError("The model {0} is of another network than this run: choose another start.", path.name)
    model.load_state_dict(weights, strict=False)  # what only the training needs begins anew


def _placed(module: nn.Module, config: TrainConfig, device: torch.device) -> nn.Module:
    module = module.to(device)
    return module.to(memory_format=torch.channels_last) if config.channels_last else module  # type: ignore[call-overload]


def _adam(module: nn.Module, config: TrainConfig) -> torch.optim.Adam:
    learnable = [parameter for parameter in module.parameters() if parameter.requires_grad]
    # MPS has no fused form in every version of torch that is allowed; elsewhere it saves passes over the weights.
    fused = learnable[0].device.type in ("cpu", "cuda")
    return torch.optim.Adam(learnable, betas=config.optimizer.betas, fused=fused)


@torch.no_grad()
def move_average(state: RunState, decay: float) -> None:
    """Exponential moving average of weights and batch statistics; young runs average over fewer steps."""
    decay = min(decay, (1.0 + state.step) / (10.0 + state.step))
    for kept, new in zip(state.average.state_dict().values(), state.model.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1.0 - decay)
        else:
            kept.copy_(new)
