"""Settings from files: round trips, presets and merges, places, and one clear sentence for every mistake."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.architectures.sga_generator import SGAConfig
from engine.errors import TrainingError
from trainer import config_file
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig

PAPER, COMPACT = TrainConfig.paper(), TrainConfig.compact()

shares = st.floats(0.01, 100.0)
folders = st.lists(st.tuples(st.text(max_size=8), shares), max_size=3)
data = st.builds(
    lambda pairs, shared, **more: DataConfig(
        folders=tuple(name for name, _ in pairs), shares=tuple(share for _, share in pairs) if shared else (), **more
    ),
    folders,
    st.booleans(),
    held_out=st.floats(0.0, 0.99),
    protocol=st.sampled_from(["paper", "varied"]),
    sigmas=st.lists(st.floats(0.1, 9.0), min_size=1, max_size=4).map(tuple),
    workers=st.integers(0, 256),
    memory=st.floats(0.0, 1e3),
)
rates = st.floats(1e-6, 0.99)
batches = st.integers(1, 4096)
stages = st.builds(Stage, st.integers(8, 4096), st.integers(1, 10**9), rates, batches) | st.builds(
    lambda epochs, **more: Stage(pictures=0, epochs=epochs, **more), st.floats(0.1, 1e3), learning_rate=rates
)
networks = st.builds(
    lambda widths, **more: SGAConfig(
        widths=widths,
        convolutions=(2,) * len(widths),
        reference_convolutions=(1,) * len(widths),
        token_level=len(widths) - 1,
        **more,
    ),
    widths=st.lists(st.integers(1, 512), min_size=1, max_size=5).map(tuple),
    decoder=st.sampled_from(["concatenating", "adding"]),
    temperature=st.floats(0.1, 100.0),
    stop_gradient=st.booleans(),
)
configs = st.builds(
    TrainConfig,
    output=st.text(max_size=8),
    data=data,
    network=networks,
    stages=st.lists(stages, min_size=1, max_size=3).map(tuple),
    losses=st.builds(LossConfig, l1=st.floats(1.0, 1e3), style=st.floats(0.0, 1e3), perceptual_network=st.text()),
    optimizer=st.builds(OptimizerConfig, betas=st.tuples(st.floats(0.0, 0.99), st.floats(0.0, 0.99))),
    compile=st.booleans(),
    seed=st.integers(0, 2**63 - 1),
    log=st.sampled_from(["csv", "tensorboard"]),
    shard_size=st.just(0) | st.integers(2**16, 2**50),
)


@settings(deadline=None)
@given(configs)
def test_a_config_survives_its_values_and_its_json(config: TrainConfig) -> None:
    assert config_file.from_values(config_file.to_values(config)) == config
    assert config_file.from_values(json.loads(config_file.to_json(config)), COMPACT) == config


def test_a_folder_with_a_broken_name_survives_a_file(tmp_path: Path) -> None:
    config = replace(PAPER, output=str(tmp_path / "\udcff"))
    (tmp_path / "run.json").write_text(config_file.to_json(config), "utf-8")
    assert config_file.read(tmp_path / "run.json") == config


def test_nothing_said_is_the_base() -> None:
    assert config_file.from_values({}) == PAPER
    assert config_file.from_values({}, COMPACT) == COMPACT
    assert config_file.from_values({"preset": "compact"}) == COMPACT
    assert config_file.from_values({"preset": "paper"}, COMPACT) == PAPER


def test_tables_are_merged_and_stages_replaced() -> None:
    values = {"preset": "compact", "losses": {"l1": 2}, "stages": [{"pictures": 80}, {"size": 64, "epochs": 2}]}
    merged = config_file.from_values(values)
    assert merged.losses == replace(COMPACT.losses, l1=2.0)
    assert merged.stages == (Stage(pictures=80), Stage(64, epochs=2.0))
    assert merged.network == COMPACT.network


def test_the_network_has_its_own_preset() -> None:
    chosen = config_file.from_values({"network": {"preset": "compact", "temperature": 20}})
    assert chosen == replace(PAPER, network=replace(SGAConfig.compact(), temperature=20.0))
    kept = config_file.from_values({"preset": "compact", "network": {"temperature": 20}})
    assert kept.network == chosen.network
    assert config_file.from_values({"preset": "compact", "network": {"preset": "paper"}}).network == SGAConfig.paper()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("15MiB", 15 * 2**20),
        ("10MB", 10**7),
        ("10 mb", 10**7),
        ("65536", 65536),
        ("1.5GiB", 3 * 2**29),
        ("70kB", 70000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert config_file.parse_size(text) == size
    assert config_file.from_values({"shard_size": text}).shard_size == size


@pytest.mark.parametrize("text", ["", "MiB", "15XB", "-1MB", "1e9", "١MB", "nan", "15 M i B", "9" * 40])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(TrainingError, match="15MiB"):
        config_file.parse_size(text)


def test_places_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    file = recipes / "run.toml"
    file.write_text(
        f'output = "run"\n[data]\nfolders = ["a", "{(tmp_path / "b").as_posix()}"]\n'
        '[losses]\nperceptual_network = "vgg.safetensors"\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    config = config_file.read(Path("recipes/run.toml"))
    assert Path(config.output) == recipes / "run"
    assert [Path(folder) for folder in config.data.folders] == [recipes / "a", tmp_path / "b"]
    assert Path(config.losses.perceptual_network) == recipes / "vgg.safetensors"
    (tmp_path / "copy.json").write_text(config_file.to_json(config), "utf-8")
    assert config_file.read(tmp_path / "copy.json") == config
    for word in config_file.NETWORK_WORDS:
        file.write_text(f'[losses]\nperceptual_network = "{word}"\n', "utf-8")
        assert config_file.read(file).losses.perceptual_network == word
        assert config_file.read(file).output == ""


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml, plain = tmp_path / "run.toml", tmp_path / "run.JSON"
    toml.write_text('\ufeffpreset = "compact"\nseed = 3\n[[stages]]\npictures = 8\nsize = 32\n', "utf-8")
    plain.write_text('{"preset": "compact", "seed": 3, "stages": [{"pictures": 8, "size": 32}]}', "utf-8")
    expected = replace(COMPACT, seed=3, stages=(Stage(32, 8),))
    assert config_file.read(toml) == config_file.read(plain) == expected
    assert config_file.read(toml, "paper") == replace(PAPER, seed=3, stages=(Stage(32, 8),))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"losses": {"perceptul": 1}}, "'losses.perceptul'; did you mean 'perceptual'?"),
        ({"l1": 1}, "'l1'; 'l1' belongs into [losses]."),
        ({"losses": {"seed": 1}}, "'losses.seed'; 'seed' belongs into the top of the file."),
        ({"stages": [{"pictures": 1, "worker": 1}]}, "'stages[0].worker'"),
        ({"data": {"learning_rate": 1}}, "belongs into [[stages]]"),
        ({"data": {"preset": "paper"}}, "'data.preset'"),
        ({"frobnicate": 1}, "there are output, start, data"),
        ({"preset": "huge"}, "no preset 'huge' for 'preset': choose paper or compact"),
        ({"preset": 3}, "no preset 3"),
        ({"network": {"preset": "huge"}}, "'network.preset'"),
        ({"network": 3}, "'network' must be a table of settings, not 3"),
        ({"seed": "1"}, "'seed' must be a whole number, not '1'"),
        ({"log": "wandb"}, "'log' must be 'csv' or 'tensorboard', not 'wandb'"),
        ({"optimizer": {"betas": [0.5]}}, "'optimizer.betas' must be a list of 2 numbers"),
        ({"stages": {"size": 3}}, "'stages' must be a list of tables"),
        ({"stages": []}, "'stages' must be one stage or more"),
        ({"stages": [{"size": 64}]}, "In stages[0]: The training setting 'pictures'"),
        ({"losses": {"l1": float("nan")}}, "'losses.l1' must be a number, not nan"),
        ({"losses": {"l1": float("inf")}}, "'losses.l1'"),
        ({"losses": {"l1": -1}}, "In losses: The training setting 'l1' must be at least 0."),
        ({"shard_size": "15MiBs"}, "'15MiBs' is no size"),
        ({"shard_size": 5}, "64KiB"),
        ({"data": {"folders": "here"}}, "'data.folders' must be a list of texts, not 'here'"),
        ([1], "must be a table"),
    ],
)
def test_a_mistake_is_one_sentence(values: Any, said: str) -> None:
    with pytest.raises(TrainingError) as caught:
        config_file.from_values(values)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.toml", b"seed = \n", "not valid TOML: Invalid value (at line 1"),
        ("run.toml", b"a = 1\na = 2\n", "line 2"),
        ("run.json", b'{"seed": 1,\n "log" "csv"}', "not valid JSON: Expecting ':' delimiter: line 2"),
        ("run.json", b"[" * 100_000, "nested"),
        ("run.json", b'{"seed": ' + b"1" * 5000 + b"}", "not valid JSON"),
        ("run.json", b"[]", "must be a table"),
        ("run.toml", "name = 'é'".encode("latin-1"), "UTF-8"),
        ("run.yaml", b"seed: 1", ".toml or .json"),
        ("run.toml", b"sed = 1", "did you mean 'seed'?"),
        ("run.json", b'{"output": "a\\u0000b"}', "NUL"),
        ("run.toml", b"seed = 1979-05-27", "'seed' must be a whole number"),
    ],
)
def test_a_bad_file_is_one_sentence(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(TrainingError) as caught:
        config_file.read(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert said in str(caught.value)


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        config_file.read(tmp_path / "none.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(TrainingError, match="cannot be read"):
        config_file.read(tmp_path / "folder.toml")
