"""Every route, a module for each group of them."""

from fastapi import APIRouter

from adapters.app.application import App
from adapters.http.routes import (
    audit,
    clips,
    edits,
    effects,
    events,
    health,
    jobs,
    projects,
    renders,
    system,
    tracks,
    videos,
)


def every_router(app: App, base: str) -> list[tuple[str, APIRouter]]:
    """Routers with the prefix that each goes under."""
    groups = (videos, jobs, projects, tracks, clips, effects, edits, renders, audit, events)
    under_base = [(base, group.router(app)) for group in groups]
    return [("", health.router(app)), ("", system.metrics(app)), (base, system.router(app)), *under_base]
