"""Every command of ``stoat``, by name. The work of each is in the module it imports."""

from typing import Annotated

import typer

from adapters.cli import (
    branches,
    effects,
    exchange,
    history,
    library,
    log,
    machine,
    preview,
    projects,
    render,
    service,
    webhooks,
)

app = typer.Typer(
    name="stoat",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("stoat-ferret"))
        raise typer.Exit


@app.callback()
def stoat(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and end.")
    ] = False,
) -> None:
    """A headless video editor whose project file is an append-only log of edits."""


for module in (service, machine, library, effects, render, preview):
    module.register(app)
history.register(projects.app)
branches.register(projects.app)
app.add_typer(projects.app, name="project")
app.command("edit")(projects.edit)
exchange.register(app)
app.add_typer(log.app, name="log")
app.add_typer(webhooks.app, name="webhook")
app.command("replay")(log.replay)
app.command("projections")(log.projections)
