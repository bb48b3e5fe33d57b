"""``ops/campaign``: run fault campaigns, print seeds and figures, and end with 1 where a promise was broken."""

import json
import secrets
import sys
import time
from typing import Annotated

import typer

from adapters.cli.output import note, table
from adapters.telemetry.logs import configure
from ops.campaigns.bugs import BUGS
from ops.campaigns.campaign import Run, Size
from ops.campaigns.catalogue import CAMPAIGNS
from ops.campaigns.runner import run_campaign

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
_SHOWN = 5  # findings of one run


@app.command()
def campaign(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(CAMPAIGNS)}; all without one.")] = None,
    seed: Annotated[int | None, typer.Option(help="Everything random comes from it; a new one if left out.")] = None,
    size: Annotated[Size, typer.Option(help="small: seconds each. full: minutes each.")] = "small",
    plant: Annotated[str | None, typer.Option(help=f"Plant a bug that must be found: {', '.join(BUGS)}.")] = None,
    matrix: Annotated[bool, typer.Option(help="Plant every bug in turn, each with its campaign.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Try what the log and the server promise against every kind of failure.

    Without a planted bug, ends with 1 where a promise was broken. With one, ends with 1 where nobody noticed.
    """
    for unknown in {*(names or ()), *filter(None, [plant])} - {*CAMPAIGNS, *BUGS}:
        raise typer.BadParameter(f"there is no {unknown}")
    configure("critical", "console")  # that the log complains is what is wanted here
    seed = secrets.randbelow(2**32) if seed is None else seed
    wanted: list[tuple[str, str | None]]
    if matrix:
        wanted = [(BUGS[bug].campaign, bug) for bug in BUGS]
    elif plant:
        wanted = [(name, plant) for name in names or [BUGS[plant].campaign]]
    else:
        wanted = [(name, None) for name in names or CAMPAIGNS]
    results = [(name, bug, _one(name, seed, size, bug)) for name, bug in wanted]
    if as_json:
        print(json.dumps([_document(name, bug, run) for name, bug, run in results]))
    else:
        for name, bug, run in results:
            _show(name, bug, run)
    raise typer.Exit(int(any(bool(run.findings) == (bug is None) for _, bug, run in results)))


def _one(name: str, seed: int, size: Size, bug: str | None) -> Run:
    label, began = f"{name} (seed {seed}, {size}{f', with {bug}' if bug else ''})", time.monotonic()

    def progress(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{label}: {text}\x1b[K", end="", file=sys.stderr, flush=True)

    run = run_campaign(name, seed, size, bug, progress)
    progress("ended")
    note(f"\r{label}: {len(run.findings)} findings in {time.monotonic() - began:.0f} s")
    return run


def _document(name: str, bug: str | None, run: Run) -> dict[str, object]:
    return {
        "campaign": name,
        "seed": run.seed,
        "size": run.size,
        "planted": bug,
        "figures": run.figures,
        "notes": run.notes,
        "findings": run.findings,
    }


def _show(name: str, bug: str | None, run: Run) -> None:
    rows = [*run.figures.items(), *run.notes.items(), ("findings", len(run.findings))]
    print(f"{name}, seed {run.seed}, {run.size}" + (f", planted: {bug}" if bug else ""))
    table(["figure", "count"], rows)
    for finding in run.findings[:_SHOWN]:
        print(f"  {finding[:300]}")
    print()


if __name__ == "__main__":
    app(prog_name="ops/campaign")
