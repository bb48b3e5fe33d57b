"""``stoat doctor`` and ``stoat bench``: this machine."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, table

LEAST_FREE = 1 << 30


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(doctor)
    app.command()(bench)


@dataclass(frozen=True)
class Finding:
    """One thing that a server needs: what was found, or what mends it."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Say what is missing or wrong on this machine, and the command that mends it."""
    findings = [_looked(what, look, remedy) for what, look, remedy in _looks()]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        rows = ((f.what, "ok" if f.ok else "WRONG", f.found, "" if f.ok else f.remedy) for f in findings)
        table(("what", "", "found", "remedy"), rows)
    if wrong := [finding.what for finding in findings if not finding.ok]:
        raise Failed(f"not right: {', '.join(wrong)}")


def bench(
    sections: Annotated[list[str] | None, typer.Argument(help="log, fold, views, plan, render; else all.")] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="A log of 1,000,000 facts, a project of 100,000 edits, a film of ten minutes."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure this machine, each figure beside a peer in the same run."""
    from adapters.cli.bench import run

    run(sections or [], full=full, as_json=as_json)


def _looked(what: str, look: Callable[[], str], remedy: str) -> Finding:
    """A look that fails for whatever reason is a finding, not a crash."""
    try:
        return Finding(what, True, look())
    except Exception as error:  # noqa: BLE001  # the doctor reports every failure
        return Finding(what, False, str(error) or type(error).__name__, remedy)


def _looks() -> Iterator[tuple[str, Callable[[], str], str]]:
    yield "settings", _settings, "unset or correct the variable named"
    yield "rust core", _core, "ops/setup"
    yield "sqlite", _sqlite, "ops/setup"
    yield "log", _log, "start the PostgreSQL server, correct STOAT_LOG, or unset it"
    yield "ffmpeg", _ffmpeg, "ops/setup, or apt-get install ffmpeg"
    yield "nats-server", _nats, "ops/setup"
    yield "fonts", _fonts, "apt-get install fonts-dejavu-core fonts-symbola"
    yield "data folder", _data_folder, "set STOAT_DATA_DIR to a folder that you may write to"


def _settings() -> str:
    from adapters.settings import load

    roots = load().media_roots
    return "media roots: " + (", ".join(map(str, roots)) or "none yet (STOAT_MEDIA_ROOTS)")


def _core() -> str:
    import rust_core

    return f"fold {rust_core.FOLD_FINGERPRINT[:12]}"


def _sqlite() -> str:
    import apsw

    return str(apsw.sqlite_lib_version())


def _log() -> str:
    """The store that the log is or will be in; a server is asked, and nothing is made there."""
    from adapters.eventstore.opening import reachable
    from adapters.settings import load

    return reachable(load().log_url)


def _ffmpeg() -> str:
    from adapters.ffmpeg.locate import locate
    from adapters.settings import load

    tools = locate(load().ffmpeg)
    if tools.capabilities.lacking:
        raise RuntimeError(f"{tools.ffmpeg} lacks {', '.join(tools.capabilities.lacking)}")
    return f"{tools.capabilities.version} ({tools.ffmpeg})"


def _nats() -> str:
    from adapters.broker.server import binary

    return str(binary())


def _fonts() -> str:
    from adapters.media.fonts import Fonts

    return f"{len(Fonts.of_the_system())} usable"


def _data_folder() -> str:
    from adapters.settings import load

    folder = load().data_dir
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    _must_be_writable(there)
    if free < LEAST_FREE:
        raise RuntimeError(f"only {free >> 20} MiB free in {there}")
    return f"{folder}, {free >> 30} GiB free"


def _must_be_writable(folder: Path) -> None:
    import tempfile

    with tempfile.TemporaryFile(dir=folder):
        pass
