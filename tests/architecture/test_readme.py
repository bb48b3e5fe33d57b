"""The README says what is so: its settings are the model's, its commands exist."""

from pathlib import Path

import typer.main

from adapters.cli.commands import app
from adapters.settings import listed

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def test_the_table_of_settings_is_the_settings() -> None:
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |" for name, default, meaning in listed()]
    assert [row for row in README.splitlines() if row.startswith("| `STOAT_")] == rows


def test_every_command_is_named() -> None:
    root = typer.main.get_command(app)
    section = README.split("## The command line")[1].split("## Settings")[0]
    missing = [name for name in getattr(root, "commands", {}) if name not in section]
    assert missing == []
