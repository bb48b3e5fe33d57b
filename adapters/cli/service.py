"""``stoat serve``, ``stoat executor`` and ``stoat demo``: the commands that run for a while."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.output import AsJson

Nats = Annotated[str | None, typer.Option("--nats", help="NATS server to use; STOAT_NATS_URL otherwise.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)
    app.command()(executor)
    app.command()(demo)


def serve(
    executors: Annotated[int | None, typer.Option(help="Executors to run here; 0 for none.")] = None,
    nats: Nats = None,
) -> None:
    """Run the API, projections, render coordinator, a private NATS and executors; print the URL when ready."""
    import asyncio

    from adapters.cli.serving import run
    from adapters.settings import load

    chosen: dict[str, Any] = {"executors": executors, "nats_url": nats}
    asyncio.run(run(load(None, **{name: value for name, value in chosen.items() if value is not None})))


def executor(nats: Nats = None) -> None:
    """Run one more executor, on this machine or on another that sees the media and the segment store."""
    from adapters.render.executor import main

    raise typer.Exit(main(["--nats", nats] if nats else []))


def demo(
    folder: Annotated[Path | None, typer.Argument(help="Footage to use instead of the samples.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where everything is left; a new folder otherwise.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the main job on real media: scan, edit, undo, redo, travel back, render, change, render again, verify."""
    from adapters.cli.demo import run

    run(folder, out, as_json=as_json)
