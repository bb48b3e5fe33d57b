"""``stoat project …`` and ``stoat edit``."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from adapters.cli.advice import outcome_lines
from adapters.cli.client import Reply
from adapters.cli.connection import connect
from adapters.cli.failure import USAGE, Failed
from adapters.cli.output import AsJson, note, table

app = typer.Typer(help="Projects and their history.", no_args_is_help=True)

Project = Annotated[str, typer.Argument(help="The project's id.")]
Version = Annotated[int | None, typer.Option(help="As of this version.")]
At = Annotated[str | None, typer.Option(help="As of this time (ISO 8601; without an offset, UTC).")]
Edit = Annotated[str | None, typer.Option(help="As of this edit.")]


@app.command("list")
def list_projects(as_json: AsJson = False) -> None:
    """Every project."""
    with connect() as api:
        reply = api.get("/projects", limit=200)
    if as_json:
        print(reply.text)
        return
    rows = ((p["id"], p["name"], p["version"], p["duration"], p["modified_at"]) for p in reply.body["items"])
    table(("id", "name", "version", "seconds", "modified"), rows)


@app.command()
def create(
    name: str,
    width: int = 1920,
    height: int = 1080,
    fps: str = "30",
    sample_rate: int = 48_000,
    as_json: AsJson = False,
) -> None:
    """Begin a project."""
    rate: int | str = int(fps) if fps.isdigit() else fps
    output = {"width": width, "height": height, "fps": rate, "sample_rate": sample_rate}
    with connect() as api:
        reply = api.post("/projects", {"name": name, "output": output})
    print(reply.text if as_json else reply.body["id"])


@app.command()
def show(
    project: Project,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    as_json: AsJson = False,
) -> None:
    """The timeline, now or as it was at a version, at a time or after an edit."""
    with connect() as api:
        reply = api.get(f"/projects/{project}", version=version, at=at, edit=edit)
    if as_json:
        print(reply.text)
        return
    document = reply.body
    output = document["output"]
    note(f"{document['name']}, version {document['version']}: {output['width']}x{output['height']} at {output['fps']}")
    table(("track", "clip", "source", "starts", "ends", "in", "out", "effects"), _clip_rows(document))
    if joints := document["transitions"]:
        said = ("type", "from", "to", "timeline_start", "timeline_end", "sound")
        rows = ([joint["id"], *(joint[name] for name in said)] for joint in joints)
        table(("transition", "type", "from", "to", "starts", "ends", "sound"), rows)


def _clip_rows(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            track["id"],
            clip["id"],
            clip["source"],
            clip["timeline_start"],
            clip["timeline_end"],
            clip["in_point"],
            clip["out_point"],
            ", ".join(effect["type"] for effect in clip["effects"]),
        )
        for track in reversed(document["tracks"])
        for clip in track["clips"]
    ]


def edit(
    project: Project,
    file: Annotated[Path, typer.Argument(help="A JSON list of ops, or {ops, …}; - reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing.")] = False,
    expected_version: Annotated[int | None, typer.Option(help="The version that the ops were made for.")] = None,
    rebase: Annotated[
        bool,
        typer.Option("--rebase", help="Where the project has moved on, and left alone what they are about: accept."),
    ] = False,
    rationale: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Apply a batch of ops: all or nothing."""
    body = ops_in(file)
    body |= {"dry_run": True} if dry_run else {}
    body |= {"expected_version": expected_version} if expected_version is not None else {}
    body |= {"on_conflict": "rebase"} if rebase else {}
    body |= {"rationale": rationale} if rationale is not None else {}
    with connect() as api:
        reply = api.post(f"/projects/{project}/edits", body)
    written(reply, as_json)


def written(reply: Reply, as_json: bool) -> None:
    """Print what an edit did, or would do."""
    if as_json:
        print(reply.text)
        return
    answer = reply.body
    print(_headline(answer))
    for verb in ("created", "changed"):
        for name in answer[verb]:
            print(f"  {verb} {name}")
    for line in outcome_lines(answer.get("replayed", [])):
        print(f"  {line}")
    for kept in answer.get("masked", ()):
        print(f"  kept {kept['field']} of {kept['id']}: a later edit set it")


def _headline(answer: dict[str, Any]) -> str:
    if answer["edit_id"] is None:
        return f"nothing {'would change' if answer.get('dry_run') else 'changed'}: it is at version {answer['version']}"
    return f"{'would be version' if answer.get('dry_run') else 'version'} {answer['version']}"


def ops_in(file: Path) -> dict[str, Any]:
    """What a file, or standard input, holds: a list of ops, or an object with them."""
    sent = decoded_file(file)
    return sent if isinstance(sent, dict) else {"ops": sent}


def decoded_file(file: Path) -> Any:
    """The JSON in a file, or on standard input for ``-``; decimals exact."""
    text = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
    try:
        return msgspec.json.Decoder(float_hook=_exact).decode(text)
    except msgspec.DecodeError as error:
        raise Failed(f"{file} is no JSON: {error}", exit_code=USAGE) from error


def _exact(text: str) -> object:
    from decimal import Decimal

    return Decimal(text)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failed(f"{file}: {error.strerror}", exit_code=USAGE) from error
