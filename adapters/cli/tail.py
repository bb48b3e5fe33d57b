"""``stoat log tail``: the events of a server, to the end of the log or for ever."""

import json
import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from adapters.cli.client import Api
from adapters.cli.connection import connect
from adapters.cli.failure import UNREACHABLE, Failed
from adapters.cli.output import note
from projections.telling import sentence

Filter = dict[str, str | None]


def tail(
    after: Annotated[int, typer.Option(help="Begin after this position.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as events happen.")] = False,
    project: Annotated[str | None, typer.Option(help="Only this project's, with its renders'.")] = None,
    types: Annotated[str | None, typer.Option("--types", help="Only these, comma-separated: clip_added,…")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="CloudEvents, one a line.")] = False,
) -> None:
    """Print events, oldest first."""
    with connect() as api:
        events = (_live if follow else _pages)(api, after, {"project": project, "types": types})
        for event in events:
            print(json.dumps(event, ensure_ascii=False) if as_json else _line(event), flush=True)


def _pages(api: Api, after: int, wanted: Filter) -> Iterator[Any]:
    """The events that there are."""
    while True:
        page = json.loads(api.get("/events", after=after, limit=500, **wanted).text)
        yield from page["items"]
        after = page["next_after"]
        if after >= page["position"]:
            return


def _live(api: Api, after: int, wanted: Filter) -> Iterator[Any]:
    """Every event, those to come as well; a connection that is lost is made again, from where it broke off."""
    reached = False
    while True:
        try:
            for line in api.lines("/events/stream", after=after, **wanted):
                reached = True
                name, _, value = line.partition(": ")
                if name == "data":
                    yield json.loads(value)
                elif name == "id":
                    after = int(value)
        except Failed as lost:
            if lost.exit_code != UNREACHABLE or not reached:
                raise
            note(f"stoat: {lost.message}; trying again")
        time.sleep(1)


def _line(event: Any) -> str:
    data = event["data"]
    fields = {name: value for name, value in data.items() if name != "type"}
    told = sentence(data["type"], fields).partition(": ")[2]
    shown = told if len(told) <= 120 else told[:119] + "…"
    place = f"{event['position']:>7} {event['subject']}@{event['streamversion']}"
    return f"{place} {data['type']} by {event['actor']}: {shown}"
