"""``stoat render``: start, follow, say where the film is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.output import AsJson
from adapters.cli.progress import follow


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(render)


def render(
    project: str,
    version: int | None = None,
    preset: str = "standard",
    out: Annotated[Path | None, typer.Option(help="Where the film goes; under the server's output roots.")] = None,
    as_json: AsJson = False,
) -> None:
    """Render a project and wait for the film."""
    body: dict[str, Any] = {"project_id": project, "preset": preset}
    body |= {"version": version} if version is not None else {}
    body |= {"output_path": str(out.absolute())} if out else {}
    with connect() as api:
        started = api.post("/render/start", body)
        job = follow(api, f"/render/jobs/{started.body['job_id']}", "render", quiet=as_json)
    if as_json:
        print(job.text)
        return
    units = job.body["units"]
    print(job.body["output_path"])
    print(f"  {units['total']} units, {units['reused']} of them reused")
