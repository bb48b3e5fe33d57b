"""``stoat webhook``: endpoints that events are sent to."""

from typing import Annotated

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, note, table

app = typer.Typer(help="Send events to endpoints, and see to what was not taken.", no_args_is_help=True)

Webhook = Annotated[str, typer.Argument(help="The webhook's id.")]


@app.command()
def add(
    url: str,
    project: Annotated[str | None, typer.Option(help="Only this project's events, with its renders'.")] = None,
    types: Annotated[str, typer.Option("--types", help="Only these, comma-separated: clip_added,…")] = "",
    after: Annotated[int | None, typer.Option(help="Begin after this position; from now on if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send events to a URL; prints the id and the secret that they are signed with."""
    body = {"url": url, "types": [name for name in types.split(",") if name], "project": project, "after": after}
    with connect() as api:
        made = api.post("/webhooks", body)
    if as_json:
        print(made.text)
        return
    print(f"{made.body['id']}\n{made.body['secret']}")
    note("keep the secret: it is in no list, and `stoat webhook secret` makes a new one")


@app.command("list")
def listed(as_json: AsJson = False) -> None:
    """Every webhook, how far it has come and what keeps it."""
    with connect() as api:
        reply = api.get("/webhooks", limit=500)
    if as_json:
        print(reply.text)
        return
    rows = (
        (hook["id"], hook["url"], hook["status"], hook["position"], hook["tries"], hook["dead_letters"], _why(hook))
        for hook in reply.body["items"]
    )
    table(("id", "url", "status", "position", "tries", "dead", "why"), rows)


@app.command()
def remove(webhook: Webhook, as_json: AsJson = False) -> None:
    """Send nothing more to it."""
    with connect() as api:
        reply = api.send("DELETE", f"/webhooks/{webhook}")
    print(reply.text if as_json else f"{webhook} is removed")


@app.command()
def enable(webhook: Webhook, as_json: AsJson = False) -> None:
    """Go on after it was disabled, where it ended."""
    with connect() as api:
        reply = api.post(f"/webhooks/{webhook}/enable")
    print(reply.text if as_json else f"{webhook} goes on after position {reply.body['position']}")


@app.command()
def secret(webhook: Webhook, as_json: AsJson = False) -> None:
    """Make a new secret; what the one before signs comes beside it until the next."""
    with connect() as api:
        reply = api.post(f"/webhooks/{webhook}/secret")
    print(reply.text if as_json else reply.body["secret"])


@app.command("dead-letters")
def dead_letters(webhook: Webhook, as_json: AsJson = False) -> None:
    """Events that were given up after eight tries, the oldest 500."""
    with connect() as api:
        reply = api.get(f"/webhooks/{webhook}/dead-letters", limit=500)
    if as_json:
        print(reply.text)
        return
    rows = ((letter["position"], letter["attempts"], letter["fault"]) for letter in reply.body["items"])
    table(("position", "attempts", "fault"), rows)


@app.command()
def resend(webhook: Webhook, position: int, as_json: AsJson = False) -> None:
    """Try once more to deliver an event that was given up."""
    with connect() as api:
        reply = api.post(f"/webhooks/{webhook}/dead-letters/{position}/resend")
    if as_json:
        print(reply.text)
    if not reply.body["delivered"]:
        raise Failed(f"not delivered: {reply.body['fault']}", "mend the endpoint, then send it again")
    if not as_json:
        print(f"the event at position {position} was taken")


def _why(hook: dict[str, str | None]) -> str:
    return hook["reason"] or hook["fault"] or ""
