"""Settings: every name is known or refused with the nearest, every value is checked, none is ignored."""

from pathlib import Path

import pytest

from adapters.settings import Settings, listed, load
from domain.errors import Refused


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("STOAT_"):
            monkeypatch.delenv(name)


def test_a_name_that_is_none_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOAT_MEDIA_ROOT", "/media")
    with pytest.raises(Refused, match="STOAT_MEDIA_ROOTS") as refusal:
        load()
    assert refusal.value.code == "invalid_setting"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STOAT_PORT", "eighty"),
        ("STOAT_PORT", "70000"),
        ("STOAT_EXECUTORS", "-1"),
        ("STOAT_DURABILITY", "off"),
        ("STOAT_LOG_LEVEL", "loud"),
        ("STOAT_SHUTDOWN_GRACE", "nan"),
        ("STOAT_SHUTDOWN_GRACE", "0"),
        ("STOAT_MEDIA_ROOTS", ""),
        ("STOAT_MEDIA_ROOTS", "/a:"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=name):
        load()


def test_an_address_of_the_log_is_checked_and_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOAT_LOG", "postgresql://ann:secret-word@db/films")
    assert load().log_url == "postgresql://ann:secret-word@db/films"
    assert "secret-word" not in repr(load()) + str(load().model_dump())
    for wrong in ("mysql://ann:secret-word@db", "/var/secret-word.db", ""):
        monkeypatch.setenv("STOAT_LOG", wrong)
        with pytest.raises(Refused, match="STOAT_LOG") as refusal:
            load()
        assert "secret-word" not in str(refusal.value)


def test_folders_are_separated_as_the_platform_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOAT_MEDIA_ROOTS", "/a:/b c")
    assert load().media_roots == (Path("/a"), Path("/b c"))


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOAT_EXECUTORS", "3")
    monkeypatch.setenv("STOAT_URL", "http://elsewhere")  # the client's own, known and not a server setting
    assert (load().executors, load(executors=0).executors) == (3, 0)


def test_films_go_under_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert load(data_dir=tmp_path).film_roots == (tmp_path / "renders",)
    assert load(data_dir=tmp_path, output_roots=(Path("/films"),)).film_roots == (Path("/films"),)


def test_every_setting_has_a_meaning() -> None:
    assert {name for name, _, _ in listed()} == {"STOAT_" + name.upper() for name in Settings.model_fields}
    assert all(meaning.endswith(".") for _, _, meaning in listed())
