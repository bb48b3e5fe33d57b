"""``stoat log verify``, ``backup`` and ``stoat replay``: the log as a file, with or without a server running on it."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, note, table
from adapters.cli.tail import tail

app = typer.Typer(help="Prove, follow and copy the event log.", no_args_is_help=True)
app.command()(tail)


@contextlib.contextmanager
def _open() -> Iterator[Any]:
    """The log of ``STOAT_LOG``, or else of ``STOAT_DATA_DIR``, for reading."""
    from adapters.eventstore.opening import open_to_read
    from adapters.settings import load

    settings = load()
    log = open_to_read(settings.log_url, settings.data_dir)
    try:
        yield log
    finally:
        log.close()


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Walk the whole chain; name the position of the first thing that is wrong."""
    with _open() as log:
        report = log.verify(_progress("verifying"))
    found = {
        "ok": report.ok,
        "events": report.events,
        "edits": report.edits,
        "position": report.head.position,
        "chain": report.head.chain.hex(),
        "fault": report.fault and {"position": report.fault.position, "what": report.fault.what},
    }
    if as_json:
        print(json.dumps(found))
    elif report.ok:
        print(f"{report.events} facts of {report.edits} edits hold; the chain ends in {found['chain']}")
    if report.fault:
        where = "" if report.fault.position is None else f" at position {report.fault.position}"
        raise Failed(f"the log does not prove itself{where}: {report.fault.what}", "restore a backup")


@app.command()
def backup(target: Path, as_json: AsJson = False) -> None:
    """Copy the log to a new file, while a server may be writing; the copy is consistent and proves itself."""
    with _open() as log:
        head = log.backup(target)
    if as_json:
        print(json.dumps({"path": str(target), "position": head.position, "chain": head.chain.hex()}))
    else:
        print(f"{target}: everything up to position {head.position}")


@app.command()
def audit(
    actor: Annotated[str | None, typer.Option(help="Only what this actor did.")] = None,
    stream: Annotated[
        str | None, typer.Option(help="Only facts of a stream: project-..., media-... or render-...")
    ] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only facts of a tag, such as clip_added.")] = None,
    edit: Annotated[str | None, typer.Option(help="Only facts of an edit.")] = None,
    correlation_id: Annotated[str | None, typer.Option(help="Only what followed from a request.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from a time on (ISO 8601; without an offset, UTC).")] = None,
    until: Annotated[str | None, typer.Option(help="Only before a time.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 100,
    cursor: Annotated[str | None, typer.Option(help="Go on behind an earlier page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who did what, newest first, as the running server lists it."""
    from adapters.cli.connection import connect

    narrow = {"actor": actor, "stream": stream, "type": kind, "edit_id": edit, "correlation_id": correlation_id}
    with connect() as api:
        reply = api.get("/audit", **narrow, since=since, until=until, limit=limit, cursor=cursor)
    if as_json:
        print(reply.text)
        return
    rows = (
        (e["position"], e["time"], e["actor"], f"{e['stream']}@{e['version']}", e["summary"], e["edit_id"])
        for e in reply.body["items"]
    )
    table(("position", "time", "actor", "where", "what", "edit"), rows)
    if reply.body["next_cursor"]:
        note(f"more: --cursor {reply.body['next_cursor']}")


def replay(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; compare the live views.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild every projection from the log."""
    from adapters.settings import load
    from adapters.views.replay import replay as rebuild
    from domain import catalogue

    with _open() as log:
        catalogue.SHAPES.must_know(log.tags())
        done = rebuild(log, load().data_dir / "views", check=check, progress=_progress_of_views())
    if sys.stderr.isatty():
        note("")
    rows = [
        {"name": d.name, "position": d.position, "parked": d.parked, "equal": d.difference is None if check else None}
        for d in done
    ]
    if as_json:
        print(json.dumps({"projections": rows}))
    else:
        words: dict[object, str] = {True: "equals the log", False: "DIFFERS", None: "rebuilt"}
        shown = ((r["name"], r["position"], r["parked"], words[r["equal"]]) for r in rows)
        table(("projection", "position", "parked", "outcome"), shown)
    differing = [d for d in done if d.difference]
    for d in differing:
        note(f"{d.name}: {d.difference}")
    if differing:
        names = ", ".join(d.name for d in differing)
        raise Failed(
            f"not what the log says: {names}", "run `stoat replay`, or start `stoat serve`: both make them anew"
        )


def projections(as_json: AsJson = False) -> None:
    """How far each projection of the running server is, and what it could not digest."""
    from adapters.cli.connection import connect

    with connect() as api:
        reply = api.get("/system/projections")
    if as_json:
        print(reply.text)
        return
    rows = ((v["name"], v["position"], v["lag"], v["parked"], _doing(v, reply.body)) for v in reply.body["items"])
    table(("projection", "position", "behind", "parked", "state"), rows)
    for view in reply.body["items"]:
        for fact in view["first_parked"]:
            place = f"{fact['position']} {fact['stream']}@{fact['version']} {fact['tag']}"
            note(f"{view['name']} could not digest {place}: {fact['error']}")


def _doing(view: Any, body: Any) -> str:
    if view["error"]:
        return str(view["error"])
    if view["rebuilding"] is None:
        return "kept up"
    read = "old rows are read" if view["served"] else "not readable yet"
    return f"rebuilt up to {view['rebuilding']} of {body['position']}, {read}"


def _progress(what: str) -> Any:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    return lambda done, total: print(f"\r{what} {done}/{total}", end="\n" if done == total else "", file=sys.stderr)


def _progress_of_views() -> Any:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None

    def tell(name: str, position: int, target: int) -> None:
        what = "making indexes" if position == target else f"{100 * position // target}%"
        print(f"\r{name}: {position:,} of {target:,} facts, {what:<16}", end="", file=sys.stderr, flush=True)

    return tell
