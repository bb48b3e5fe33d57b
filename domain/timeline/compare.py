"""What differs between two documents of a project, thing by thing and field by field, as data and in words."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

Document = dict[str, Any]
Kind = Literal["project", "track", "clip", "effect", "transition", "global_effect"]

_DERIVED = {"timeline_end", "start_frame", "end_frame"}  # they follow from the others
_AROUND = {"timeline_start", *_DERIVED}  # a transition is where its clips are
_SECONDS = {"in_point", "out_point", "timeline_start", "fade_in", "fade_out", "start", "duration"}
_LONGEST = 60


class FieldChange(msgspec.Struct, frozen=True):
    """A field that has another value; a list has the ids in another order."""

    field: str
    before: Any
    after: Any


class Difference(msgspec.Struct, frozen=True):
    """One thing that was added, removed or changed. ``value`` is what was added or removed."""

    kind: Kind
    id: str
    change: Literal["added", "removed", "changed"]
    fields: list[FieldChange]
    value: dict[str, Any] | None
    text: str


def compare(before: Document, after: Document) -> list[Difference]:
    """What leads from one document to the other: none where they say the same."""
    old, new = dict(parts(before)), dict(parts(after))
    found = [_removed(*name, old[name]) for name in old if name not in new]
    for name, fields in new.items():
        if name not in old:
            found.append(_added(*name, fields))
        elif changes := list(_changes(old[name], fields)):
            found.append(_changed(*name, changes))
    return found


def parts(document: Document) -> Iterator[tuple[tuple[Kind, str], dict[str, Any]]]:
    """Everything in a document by kind and id, with its own fields only. Orders are lists of ids."""
    tracks, film = document["tracks"], document["global_effects"]
    project = {"name": document["name"], **_dotted("output", document["output"])}
    yield ("project", "project"), project | {"tracks": _ids(tracks), "global_effects": _ids(film)}
    for track in tracks:
        yield ("track", track["id"]), {k: v for k, v in track.items() if k not in ("id", "clips")}
        for clip in track["clips"]:
            plain = {k: v for k, v in clip.items() if k not in ("id", "effects", "transform", *_DERIVED)}
            yield (
                ("clip", clip["id"]),
                plain | _dotted("transform", clip["transform"]) | {"effects": _ids(clip["effects"])},
            )
            for effect in clip["effects"]:
                yield ("effect", effect["id"]), {"clip": clip["id"], **_effect(effect)}
    for transition in document["transitions"]:
        fields = {k: v for k, v in transition.items() if k not in ("id", "params", *_AROUND)}
        yield ("transition", transition["id"]), fields | _dotted("params", transition["params"])
    for effect in film:
        yield ("global_effect", effect["id"]), _effect(effect)


def _effect(effect: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in effect.items() if k not in ("id", "params")} | _dotted("params", effect["params"])


def _dotted(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}.{field}": value for field, value in fields.items()}


def _ids(things: list[dict[str, Any]]) -> list[str]:
    return [thing["id"] for thing in things]


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[FieldChange]:
    for field in old | new:
        before, after = old.get(field), new.get(field)
        if isinstance(before, list) and isinstance(after, list):
            # what came and what went says so itself; here only the order counts
            kept = [thing for thing in before if thing in after]
            if kept == [thing for thing in after if thing in before]:
                continue
        if before != after:
            yield FieldChange(field, before, after)


def _added(kind: Kind, name: str, fields: dict[str, Any]) -> Difference:
    return Difference(kind, name, "added", [], fields, f"+ {_title(kind, name)}{_summary(kind, fields)}")


def _removed(kind: Kind, name: str, fields: dict[str, Any]) -> Difference:
    return Difference(kind, name, "removed", [], fields, f"- {_title(kind, name)}{_summary(kind, fields)}")


def _changed(kind: Kind, name: str, changes: list[FieldChange]) -> Difference:
    told = ", ".join(f"{c.field} {_said(c.field, c.before)} -> {_said(c.field, c.after)}" for c in changes)
    return Difference(kind, name, "changed", changes, None, f"~ {_title(kind, name)}: {told}")


def _title(kind: Kind, name: str) -> str:
    return "project" if kind == "project" else f"{kind.replace('_', ' ')} {name}"


def _summary(kind: Kind, fields: dict[str, Any]) -> str:
    """What one wants to know of a thing that came or went."""
    said = {name: _said(name, value) for name, value in fields.items()}
    if kind == "track":
        return f": {said['type']}"
    if kind == "clip":
        part = f"{said['source']} {said['in_point']} to {said['out_point']}"
        return f": {part}, on {said['track']} at {said['timeline_start']}"
    if kind == "transition":
        return f": {said['type']} from {said['from']} to {said['to']}, {said['duration']}"
    params = ", ".join(f"{name.removeprefix('params.')}={said[name]}" for name in fields if name.startswith("params."))
    return f": {said['type']}{' on ' + said['clip'] if kind == 'effect' else ''} ({params})"


def _said(field: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        keys = (f"{name} {key['value']} at {key['t']} s" for name, keys in value.items() for key in keys)
        value = ", ".join(keys) or "none"
    if isinstance(value, list):
        return "[" + " ".join(value) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value) or '""'
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"
    return f"{text} s" if field.rpartition(".")[2] in _SECONDS else text
