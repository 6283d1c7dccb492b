from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from app.settings import VERSION, VERSION_KEY, Settings, migrate
from engine.options import GAP_MAX, SIGMA_MAX, SIGMA_MIN, FinishOptions, LineOptions


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def reopened(store: QSettings) -> Settings:
    store.sync()
    return Settings(QSettings(store.fileName(), QSettings.Format.IniFormat))


def test_defaults(store: QSettings) -> None:
    fresh = Settings(store)
    assert fresh.theme == "system"
    assert fresh.lines == LineOptions()
    assert fresh.auto_color is True
    assert fresh.model is None
    assert fresh.finish == FinishOptions(flats=True, locked=True, shading="off", gap=None)
    assert fresh.geometry.isEmpty()
    assert fresh.open_folder == Path.home()
    assert fresh.save_folder is None
    assert int(str(store.value(VERSION_KEY))) == VERSION


def test_values_come_back(store: QSettings, tmp_path: Path) -> None:
    first = Settings(store)
    first.theme, first.auto_color, first.model = "light", False, "compact"
    first.lines = LineOptions(sigma=0.33, soft=True)
    first.finish = FinishOptions(flats=False, locked=False, shading="cel", gap=0)
    first.geometry = QByteArray(b"\x01\x02")
    first.open_folder = first.save_folder = tmp_path
    second = reopened(store)
    assert (second.theme, second.auto_color, second.lines) == ("light", False, first.lines)
    assert second.lines == LineOptions(sigma=0.33, soft=True)
    assert second.model == "compact"
    assert second.finish == first.finish == FinishOptions(flats=False, locked=False, shading="cel", gap=0)
    second.finish = FinishOptions()
    assert reopened(second._store).finish == FinishOptions()
    assert second.geometry == QByteArray(b"\x01\x02")
    assert second.open_folder == second.save_folder == tmp_path
    second.model = None
    assert reopened(second._store).model is None


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_nonsense_reads_as_the_default(store: QSettings, text: str) -> None:
    for key in (
        "window/theme",
        "lines/sigma",
        "lines/soft",
        "lines/levels",
        "color/automatic",
        "finish/flats",
        "finish/shading",
        "finish/gap",
        "folders/open",
        "window/geometry",
    ):
        store.setValue(key, text)
    found = Settings(store)
    assert found.theme in ("system", "dark", "light")
    assert SIGMA_MIN <= found.lines.sigma <= SIGMA_MAX
    assert isinstance(found.lines.soft, bool)
    assert found.finish.shading in ("off", "soft", "cel")
    assert found.finish.gap is None or 0 <= found.finish.gap <= GAP_MAX
    assert isinstance(found.auto_color, bool)
    assert found.open_folder.is_dir()
    assert isinstance(found.geometry, QByteArray)


def test_recent_projects(store: QSettings) -> None:
    fresh = Settings(store)
    assert fresh.recent == []
    for count in (1, 12):
        fresh.recent = [Path(f"/art/{number}.nurie") for number in range(count)]
        assert reopened(store).recent == [Path(f"/art/{number}.nurie") for number in range(min(count, 10))]
    store.setValue("files/recent", 7)
    assert reopened(store).recent in ([], [Path("7")])


def test_a_folder_that_went_away_is_forgotten(store: QSettings, tmp_path: Path) -> None:
    Settings(store).open_folder = tmp_path / "gone"
    assert Settings(store).open_folder == Path.home()


def test_migrations_run_in_order(store: QSettings) -> None:
    store.setValue("old", 5)
    seen: list[int] = []

    def one(found: QSettings) -> None:
        seen.append(1)
        found.setValue("new", found.value("old"))
        found.remove("old")

    migrate(store, {1: one, 2: lambda _: seen.append(2)}, version=3)
    assert seen == [1, 2]
    assert int(str(store.value("new"))) == 5
    assert not store.contains("old")
    migrate(store, {1: one, 2: lambda _: seen.append(2)}, version=3)
    assert seen == [1, 2]


def test_a_fresh_store_needs_no_migration(store: QSettings) -> None:
    migrate(store, {1: lambda _: pytest.fail("nothing to bring up to date")}, version=2)
    assert int(str(store.value(VERSION_KEY))) == 2


def test_settings_of_a_newer_program_are_kept(store: QSettings) -> None:
    store.setValue(VERSION_KEY, VERSION + 5)
    store.setValue("future/key", "x")
    store.setValue("lines/sigma", 0.45)
    assert Settings(store).lines.sigma == 0.45
    assert int(str(store.value(VERSION_KEY))) == VERSION + 5
    assert store.value("future/key") == "x"
