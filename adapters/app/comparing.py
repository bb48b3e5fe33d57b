"""Use cases that read the past of a project: what differs between two versions, and where what is there comes from."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, Literal

import msgspec

from adapters.app.heads import Heads
from adapters.app.past import Past, Told
from adapters.app.projects import Projects
from adapters.app.travel import NOW, Travel, When
from domain.errors import Refused, calling
from domain.time import Moment, to_seconds
from domain.timeline.compare import Difference, compare
from domain.timeline.events import ClipChanged, EffectChanged, Output
from domain.timeline.history import blamed, listed
from domain.timeline.state import shown
from rust_core import Project


class Comparison(msgspec.Struct, frozen=True):
    """What leads from one version to another. ``lines`` says the same as ``items``, for people."""

    before: int
    after: int
    items: list[Difference]
    lines: list[str]


class Source(msgspec.Struct, frozen=True):
    """Where a clip, an effect or a transition (``field`` null), or a value in it, comes from."""

    kind: Literal["clip", "effect", "transition", "global_effect"]
    id: str
    field: str | None
    edit: Told


class Blame(msgspec.Struct, frozen=True):
    """Everything asked about at a version, newest edit first within each thing."""

    version: int
    items: list[Source]


class Comparing:
    """Reads of more than one state."""

    def __init__(self, heads: Heads, travel: Travel, projects: Projects, past: Past) -> None:
        """Over the same folds as everybody."""
        self._heads = heads
        self._travel = travel
        self._projects = projects
        self._past = past

    def diff(self, project: str, before: When, after: When) -> Comparison:
        """What leads from ``before`` to ``after``."""
        with _side("from"):
            old = self._projects.see(project, before)
        with _side("to"):
            new = self._projects.see(project, after)
        found = compare(old.decoded(), new.decoded())
        return Comparison(old.version, new.version, found, [difference.text for difference in found])

    async def earlier(self, project: str, when: When) -> When:
        """The state before the newest edit of another one; of the first, itself."""
        with _side("to"):
            head, state = self._travel.state(project, when)
        history = await self._heads.history_at(head, state.version)
        newest = listed(history, state.version + 1, 1, None, None)
        return When(max(newest[0].first - 1, 1))

    async def blame(
        self, project: str, clip: str | None, moment: Moment | None, field: str | None, when: When = NOW
    ) -> Blame:
        """Of a clip with its effects, or of everything that is seen and heard at a moment, top first."""
        if field is not None and field not in _FIELDS:
            raise Refused("invalid_field", f"Origins are known of {', '.join(sorted(_FIELDS))}", "field")
        head, state = self._travel.state(project, when)
        document = self._projects.see(project, When(state.version)).decoded()
        clips = list(_meant(document, clip, None if moment is None else _second(state, moment)))
        if clip is not None and not clips:
            raise Refused("unknown_clip", f"No clip {shown(clip)} in this project then", "clip", [clip[:64]])
        kinds = _kinds(clips, document["transitions"], document["global_effects"] if clip is None else [])
        found = blamed(await self._heads.history_at(head, state.version), list(kinds))
        told = {edit: self._past.told(edit) for edit in {origin.edit for origin in found}}
        order = {name: place for place, name in enumerate(kinds)}
        origins = sorted(found, key=lambda origin: order[origin.entity])
        items = [Source(kinds[each.entity], each.entity, each.field, told[each.edit]) for each in origins]
        return Blame(state.version, [item for item in items if field is None or item.field in (field, None)])


def _side(name: str) -> AbstractContextManager[None]:
    return calling(version=name, at=name, edit=name)


_OF_TRANSITIONS = {"from", "type", "params", "duration", "align", "sound"}
_FIELDS = {*ClipChanged.__struct_fields__[1:], *EffectChanged.__struct_fields__[1:], *_OF_TRANSITIONS, "effects"}


def _second(state: Project, moment: Moment) -> Decimal:
    rate = msgspec.msgpack.decode(state.output() or b"", type=Output).fps
    return to_seconds(moment.flicks(rate))


def _meant(document: dict[str, Any], clip: str | None, second: Decimal | None) -> Iterator[dict[str, Any]]:
    """A clip, or those that lie under a moment, from the top track down."""
    for track in reversed(document["tracks"]):
        for found in track["clips"]:
            under = second is not None and found["timeline_start"] <= second < found["timeline_end"]
            if under or found["id"] == clip:
                yield found


_Kind = Literal["clip", "effect", "transition", "global_effect"]


def _kinds(
    clips: list[dict[str, Any]], transitions: list[dict[str, Any]], film: list[dict[str, Any]]
) -> dict[str, _Kind]:
    """The kind of every thing concerned, in order."""
    kinds: dict[str, _Kind] = {}
    ids = {clip["id"] for clip in clips}
    for clip in clips:
        kinds[clip["id"]] = "clip"
        kinds |= dict.fromkeys((effect["id"] for effect in clip["effects"]), "effect")
    kinds |= dict.fromkeys((each["id"] for each in transitions if ids & {each["from"], each["to"]}), "transition")
    return kinds | dict.fromkeys((effect["id"] for effect in film), "global_effect")
