"""``stoat frame``: a picture of a film without a render."""

import json
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, note
from adapters.cli.projects import Project


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(frame)


def frame(
    project: Project,
    out: Annotated[Path, typer.Argument(help="The file to write: .jpg or .png.")],
    time: Annotated[str | None, typer.Option(help="When: seconds or a timecode; the first frame if left out.")] = None,
    number: Annotated[int | None, typer.Option("--frame", help="Which frame instead, counted from 0.")] = None,
    width: Annotated[int | None, typer.Option(help="Pixels; as wide as the film if left out.")] = None,
    version: int | None = None,
    at: str | None = None,
    edit: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Write the frame that a render would show at a time, of any version."""
    kind = out.suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    asked = {"t": time, "frame": number, "width": width, "version": version, "at": at, "edit": edit}
    with connect() as api:
        reply = api.get("/preview/frame", project_id=project, format=kind, **asked)
    try:
        with out.open("xb") as file:
            file.write(reply.content)
    except OSError as error:
        raise Failed(f"{out}: {error.strerror}", "choose another file") from error
    told = {name: int(reply.headers[f"stoat-{name}"]) for name in ("frame", "version")}
    if as_json:
        print(json.dumps({"path": str(out), **told}))
    else:
        note(f"wrote {out}: frame {told['frame']} of version {told['version']}")
