"""Every route, a module for each group of them."""

from fastapi import APIRouter

from adapters.app.application import App
from adapters.http.routes import (
    audit,
    branches,
    clips,
    comparing,
    compose,
    edits,
    effects,
    events,
    exchange,
    formats,
    health,
    history,
    jobs,
    preview,
    projects,
    renders,
    socket,
    system,
    tracks,
    transitions,
    videos,
    webhooks,
)


def every_router(app: App) -> list[APIRouter]:
    """One router a group."""
    groups = (
        health,
        system,
        videos,
        jobs,
        projects,
        tracks,
        clips,
        effects,
        transitions,
        compose,
        edits,
        history,
        comparing,
        branches,
        exchange,
        formats,
        preview,
        renders,
        audit,
        events,
        socket,
        webhooks,
    )
    return [system.metrics(app), *(group.router(app) for group in groups)]
