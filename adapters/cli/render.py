"""``stoat render``: start, follow, say where the film is; ``stoat presets`` and ``stoat encoders``: as what."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.output import AsJson, table
from adapters.cli.progress import follow


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(render)
    app.command()(presets)
    app.command()(encoders)


def render(
    project: str,
    version: int | None = None,
    preset: Annotated[str, typer.Option(help="One of `stoat presets`.")] = "standard",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting over the preset's, such as quality=20."),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Begin there: seconds or a timecode.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="End there.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the film goes; under the server's output roots.")] = None,
    as_json: AsJson = False,
) -> None:
    """Render a project and wait for the film."""
    body: dict[str, Any] = {"project_id": project, "preset": preset}
    body |= {"version": version} if version is not None else {}
    body |= {"settings": _settings(settings)} if settings else {}
    if start or end:
        body["range"] = {"start": start or 0} | ({"end": end} if end else {})
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


def presets(as_json: AsJson = False) -> None:
    """What films can be made as."""
    with connect() as api:
        reply = api.get("/render/presets")
    if as_json:
        print(reply.text)
        return
    rows = (
        (one["name"], made["container"], made.get("video_codec"), made.get("audio_codec"), one["description"])
        for one in reply.body["items"]
        for made in [one["format"]]
    )
    table(("preset", "container", "picture", "sound", "for"), rows)


def encoders(as_json: AsJson = False) -> None:
    """Which encoders work on the server's machine, each tried on a frame."""
    with connect() as api:
        reply = api.get("/render/encoders")
    if as_json:
        print(reply.text)
        return
    rows = ((one["name"], one["codec"], "yes" if one["works"] else "no", one["fault"]) for one in reply.body["items"])
    table(("encoder", "codec", "works", "why not"), rows)


def _settings(said: list[str]) -> dict[str, Any]:
    """``name=value`` pairs; whole numbers, true and false are taken as such."""
    settings: dict[str, Any] = {}
    for pair in said:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--set")
        flags: dict[str, Any] = {"true": True, "false": False}
        settings[name] = flags[value] if value in flags else int(value) if value.isdecimal() else value
    return settings
