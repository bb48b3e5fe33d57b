"""``stoat effects``, ``transitions`` and ``layouts``: what can be done to clips, and what it takes."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.hints import hint
from adapters.cli.output import AsJson, table


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(effects)
    app.command()(transitions)
    app.command()(layouts)


def effects(
    name: Annotated[str | None, typer.Argument(metavar="TYPE", help="One of them, with what it takes.")] = None,
    as_json: AsJson = False,
) -> None:
    """What effects there are; of one, its parameters."""
    with connect() as api:
        reply = api.get("/effects" if name is None or not as_json else f"/effects/{name}/schema")
    if as_json:
        print(reply.text)
        return
    if name is None:
        rows = ((one["effect_type"], one["category"], one["description"]) for one in reply.body["items"])
        table(("effect", "category", "what it does"), rows)
        return
    found = next((one for one in reply.body["items"] if one["effect_type"] == name), None)
    if found is None:
        raise Failed(f"no effect is called {name} [unknown_effect_type]", hint("unknown_effect_type"))
    table(("parameter", "type", "from", "to", "default", "what it is"), _parameters(found["parameters"]))


def _parameters(parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, of in parameters.items():
        kind = " | ".join(of["values"]) if "values" in of else of["type"]
        default = "must be given" if of.get("required") else of.get("default")
        yield name, kind, of.get("min"), of.get("max"), default, of["description"]


def transitions(as_json: AsJson = False) -> None:
    """What transitions there are."""
    _list("/transitions", "transition_type", as_json)


def layouts(as_json: AsJson = False) -> None:
    """What layouts there are."""
    _list("/compose/layouts", "layout", as_json)


def _list(path: str, name: str, as_json: bool) -> None:
    with connect() as api:
        reply = api.get(path)
    if as_json:
        print(reply.text)
        return
    rows = ((one[name], ", ".join(one["parameters"]), one["description"]) for one in reply.body["items"])
    table((name.partition("_")[0], "takes", "what it does"), rows)
