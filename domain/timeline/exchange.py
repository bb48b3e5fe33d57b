"""A project as a document that other logs can take in: what it says as ops, and the files that it needs by content."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from domain.errors import Refused
from domain.timeline.commands import AnyOp, SetOutput, read_value

FORMAT: Final = "stoat-project.1"


class Asset(msgspec.Struct, frozen=True):
    """A file that a project uses. ``id`` is the library's that it comes from; ``sha256`` finds it in any other."""

    id: str
    kind: str
    path: str
    sha256: str
    file_size: int


class EffectPart(msgspec.Struct, frozen=True):
    """An effect in a document."""

    id: str
    type: str
    params: dict[str, Any]
    start: Any
    duration: Any
    keyframes: dict[str, Any] = {}


class ClipPart(msgspec.Struct, frozen=True):
    """A clip in a document. What follows from other fields is not looked at."""

    id: str
    source: str
    in_point: Any
    out_point: Any
    timeline_start: Any
    volume: Any
    fade_in: Any
    fade_out: Any
    fit: Any
    transform: Any
    effects: list[EffectPart]
    keyframes: dict[str, Any] = {}
    group: str | None = None


class TransitionPart(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A transition in a document."""

    id: str
    from_: str
    to: str
    type: str
    params: dict[str, Any]
    duration: Any
    align: Any
    sound: Any


class TrackPart(msgspec.Struct, frozen=True):
    """A track in a document."""

    id: str
    type: Any
    name: Any
    volume: Any
    muted: Any
    hidden: Any
    locked: bool
    clips: list[ClipPart]


class ProjectPart(msgspec.Struct, frozen=True):
    """A project's document."""

    id: str
    name: str
    output: dict[str, Any]
    tracks: list[TrackPart]
    global_effects: list[EffectPart]
    transitions: list[TransitionPart] = []


class Exchange(msgspec.Struct, frozen=True, tag_field="format", tag=FORMAT):
    """A project and what it needs."""

    project: ProjectPart
    assets: list[Asset]


class Exported(msgspec.Struct, frozen=True):
    """The same as it is written: the project's document whole, as GET /projects/{id} answers it."""

    format: Literal["stoat-project.1"]
    project: msgspec.Raw
    assets: list[Asset]


class _Using(msgspec.Struct):
    source: str


class _Lane(msgspec.Struct):
    clips: list[_Using]


class _Uses(msgspec.Struct):
    tracks: list[_Lane]


_uses = msgspec.json.Decoder(_Uses)  # the rest of a long document is passed over


def sources(document: bytes) -> list[str]:
    """The media that a document's JSON uses, each once, in the order of its clips."""
    return list(dict.fromkeys(clip.source for track in _uses.decode(document).tracks for clip in track.clips))


class Building:
    """The ops that build a project, each with its place in the document."""

    def __init__(self, project: ProjectPart, linked: Mapping[str, str]) -> None:
        """``linked``: the media id here of each source of the document."""
        parts = list(_ops(project, linked))
        self.places = [place for place, _ in parts]
        self.output: SetOutput = self._read("project.output", {"op": "set_output", **project.output}, SetOutput)
        self.ops: list[AnyOp] = [self._read(place, op, AnyOp) for place, op in parts]

    def located(self, refused: Refused) -> Refused:
        """A refusal of an op, or of the format, as one of the document."""
        failing = refused.extra.get("failing_op")
        place = "project" if failing is None else self.places[failing]
        field = (refused.path or "").partition("].")[2] if failing is not None else (refused.path or "")
        return Refused(refused.code, refused.message, f"{place}.{field}" if field else place, refused.ids)

    def _read(self, place: str, value: dict[str, Any], kind: Any) -> Any:
        try:
            return msgspec.convert(value, kind, dec_hook=read_value)
        except msgspec.ValidationError as error:
            raise Refused("invalid_field", str(error), place) from None


def _ops(project: ProjectPart, linked: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, track in enumerate(project.tracks):
        place = f"project.tracks[{index}]"
        fields = {name: getattr(track, name) for name in ("id", "type", "name", "volume", "muted", "hidden")}
        yield place, {"op": "add_track", **fields}
        for number, clip in enumerate(track.clips):
            yield from _clip(f"{place}.clips[{number}]", clip, track.id, linked)
    for number, transition in enumerate(project.transitions):
        yield f"project.transitions[{number}]", {"op": "add_transition", **_transition(transition)}
    yield from _groups(project)
    for index, track in enumerate(project.tracks):
        if track.locked:
            yield f"project.tracks[{index}]", {"op": "update_track", "track": track.id, "locked": True}
    for index, effect in enumerate(project.global_effects):
        yield f"project.global_effects[{index}]", {"op": "add_global_effect", **_effect(effect)}


def _clip(place: str, clip: ClipPart, track: str, linked: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    same = ("id", "in_point", "out_point", "volume", "fade_in", "fade_out", "fit", "transform", "keyframes")
    fields = {name: getattr(clip, name) for name in same}
    source = linked.get(clip.source, clip.source)
    yield place, {"op": "add_clip", "track": track, "source": source, "at": clip.timeline_start, **fields}
    for number, effect in enumerate(clip.effects):
        yield f"{place}.effects[{number}]", {"op": "add_effect", "clip": clip.id, **_effect(effect)}


def _transition(transition: TransitionPart) -> dict[str, Any]:
    same = ("id", "to", "type", "params", "duration", "align", "sound")
    return {"from": transition.from_, **{name: getattr(transition, name) for name in same}}


def _groups(project: ProjectPart) -> Iterator[tuple[str, dict[str, Any]]]:
    """Before any track is locked."""
    groups: dict[str, list[str]] = {}
    for clip in (clip for track in project.tracks for clip in track.clips):
        if clip.group:
            groups.setdefault(clip.group, []).append(clip.id)
    for group, clips in groups.items():
        yield "project.tracks", {"op": "group_clips", "id": group, "clips": clips}


def _effect(effect: EffectPart) -> dict[str, Any]:
    return {name: getattr(effect, name) for name in ("id", "type", "params", "start", "duration", "keyframes")}
