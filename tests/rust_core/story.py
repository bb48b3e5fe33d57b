"""Facts and what they are folded to, for the tests of the core."""

from typing import Any

import msgspec

from domain.timeline import events as facts
from rust_core import Project

SECOND = 705_600_000
RATE = facts.Rate(30_000, 1001)
OUTPUT = facts.Output(width=1280, height=720, fps=RATE, sample_rate=48_000, background="#102030")
FILM = facts.Source(media="med_film", kind="video", duration=20 * SECOND, sound=True)
SILENT = facts.Source(media="med_silent", kind="video", duration=20 * SECOND, sound=False)
MUSIC = facts.Source(media="med_music", kind="audio", duration=60 * SECOND, sound=True)
STILL = facts.Source(media="med_still", kind="image", duration=None, sound=False)


def created(name: str = "Film") -> facts.ProjectCreated:
    return facts.ProjectCreated(name, OUTPUT)


def track(id: str, kind: facts.TrackKind = "video", index: int = 0, **fields: Any) -> facts.TrackAdded:
    """A track at the bottom, open and audible."""
    plain: dict[str, Any] = {"name": "", "volume": 1_000_000, "muted": False, "hidden": False, "locked": False}
    return facts.TrackAdded(facts.Track(id=id, kind=kind, **(plain | fields)), index)


def clip(name: str, on: str = "v", *, at: float = 0, length: float = 1, **fields: Any) -> facts.ClipAdded:
    """The first ``length`` seconds of the film at second ``at``."""
    plain: dict[str, Any] = {
        "source": FILM,
        "in_point": 0,
        "out_point": round(length * SECOND),
        "at": round(at * SECOND),
        "volume": 1_000_000,
        "fade_in": 0,
        "fade_out": 0,
        "fit": "contain",
        "transform": facts.CANVAS,
    }
    return facts.ClipAdded(facts.Clip(id=name, track=on, **(plain | fields)))


def title(name: str, text: str = "Otter", **fields: Any) -> facts.Effect:
    """A text overlay for the whole of its clip."""
    params = {"fade_in": 0, "fade_out": 0, "font_color": "white", "font_size": 48, "position": "center", "text": text}
    return facts.Effect(name, "text_overlay", params | fields, facts.Window(0, None))


def fade(name: str, kind: str = "fade_out", duration: int = SECOND) -> facts.Effect:
    return facts.Effect(name, kind, {"duration": duration}, facts.Window(0, None))


def packed(*told: facts.TimelineFact) -> list[bytes]:
    """As the log holds them."""
    return [msgspec.msgpack.encode(fact) for fact in told]


def folded(*told: facts.TimelineFact, onto: Project | None = None) -> Project:
    """One edit on a project, or on none."""
    return (onto or Project.empty()).apply(packed(*told))


def film(*told: facts.TimelineFact) -> Project:
    """A project with a video track ``v``, and then these facts, an edit each."""
    project = folded(created(), track("v"))
    for fact in told:
        project = folded(fact, onto=project)
    return project
