"""``stoat scan`` and ``stoat search``."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.connection import connect
from adapters.cli.output import AsJson, table
from adapters.cli.progress import follow


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(scan)
    app.command()(search)


def scan(
    folder: Path,
    recursive: Annotated[bool, typer.Option(help="Look into folders below.")] = True,
    as_json: AsJson = False,
) -> None:
    """Find the media files of a folder and add them to the library."""
    with connect() as api:
        started = api.post("/videos/scan", {"path": str(folder.absolute()), "recursive": recursive})
        job = follow(api, f"/jobs/{started.body['job_id']}", "scan", quiet=as_json)
    if as_json:
        print(job.text)
        return
    result = job.body["result"]
    table(("outcome", "files"), ((k, v) for k, v in result.items() if isinstance(v, int)))
    for refused in result["refused_files"]:
        print(f"  {refused['path']}: {refused['reason']} [{refused['code']}]")
    if more := result["refused"] - len(result["refused_files"]):
        print(f"  and {more} more: " + ", ".join(f"{n} {code}" for code, n in result["refused_by_code"].items()))


def search(query: str, limit: int = 50, as_json: AsJson = False) -> None:
    """Search the library."""
    with connect() as api:
        reply = api.get("/videos/search", q=query, limit=limit)
    if as_json:
        print(reply.text)
        return
    rows = ((v["id"], v["kind"], v["duration"], v["codec"], v["path"]) for v in reply.body["items"])
    table(("id", "kind", "seconds", "codec", "path"), rows)
