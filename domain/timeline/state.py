"""What a decision may look at: the folded project as values, the library, and the names of things to be made."""

from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from domain.core import refusing
from domain.errors import Refused
from domain.ids import EditId, derived, is_id
from domain.time import Moment, frame_length
from domain.timeline.events import Clip, Effect, Output, Source, TimelineFact, Track, Transition
from rust_core import Project

_OUTPUT = msgspec.msgpack.Decoder(Output)
_TRACK = msgspec.msgpack.Decoder(Track)
_TRACKS = msgspec.msgpack.Decoder(list[Track])
_CLIP = msgspec.msgpack.Decoder(Clip)
_CLIPS = msgspec.msgpack.Decoder(list[Clip])
_TRANSITION = msgspec.msgpack.Decoder(Transition)
_TRANSITIONS = msgspec.msgpack.Decoder(list[Transition])
_EFFECTS = msgspec.msgpack.Decoder(list[Effect])


class EffectPlace(msgspec.Struct, frozen=True):
    """An effect and where it is: its clip (None: the whole film) and its index there."""

    clip: str | None
    index: int
    effect: Effect


_PLACE = msgspec.msgpack.Decoder(EffectPlace)


class Library(Protocol):
    """Where sources come from, and what can be drawn."""

    def source(self, name: str) -> Source:
        """The media file of that id or path; refuses ``unknown_media``, ``media_missing``, ``media_unreadable``."""

    def must_draw(self, text: str) -> None:
        """Refuses ``glyphs_missing`` where no font at hand has all of the text."""


def apply(project: Project, facts: list[TimelineFact]) -> Project:
    """The project after these facts. What breaks a rule is refused and changes nothing."""
    with refusing():
        return project.apply([msgspec.msgpack.encode(fact) for fact in facts])


@dataclass(frozen=True)
class State:
    """A project as op ``index`` of an edit sees it. Lookups refuse unknown ids by the kind of thing they name."""

    project: Project
    library: Library
    edit: EditId
    index: int

    @property
    def output(self) -> Output:
        """The film's format."""
        packed = self.project.output()
        if packed is None:
            raise Refused("unknown_project", "The project does not exist")
        return _OUTPUT.decode(packed)

    def tracks(self) -> list[Track]:
        """Every track, bottom to top."""
        return _TRACKS.decode(self.project.tracks())

    def track(self, track: str) -> Track:
        """One track."""
        packed = self.project.track(track)
        if packed is None:
            raise Refused("unknown_track", f"No track {shown(track)} in this project", "track", [track])
        return _TRACK.decode(packed)

    def clip(self, clip: str) -> Clip:
        """One clip."""
        packed = self.project.clip(clip)
        if packed is None:
            raise Refused("unknown_clip", f"No clip {shown(clip)} in this project", "clip", [clip])
        return _CLIP.decode(packed)

    def clips(self, track: str) -> list[Clip]:
        """The clips of a track, in time."""
        self.track(track)
        return _CLIPS.decode(self.project.clips(track))

    def effects(self, clip: str | None) -> list[Effect]:
        """The effects of a clip, or those on the whole film, first applied first."""
        if clip is not None:
            self.clip(clip)
        return _EFFECTS.decode(self.project.effects(clip))

    def effect(self, effect: str, *, on_clip: bool) -> EffectPlace:
        """One effect, of a clip or on the whole film as asked."""
        packed = self.project.effect(effect)
        found = None if packed is None else _PLACE.decode(packed)
        if found is None or (found.clip is not None) is not on_clip:
            where = "on a clip" if on_clip else "on the whole film"
            raise Refused("unknown_effect", f"No effect {shown(effect)} {where}", "effect", [effect])
        return found

    def transition(self, transition: str) -> Transition:
        """One transition."""
        packed = self.project.transition(transition)
        if packed is None:
            message = f"No transition {shown(transition)} in this project"
            raise Refused("unknown_transition", message, "transition", [transition])
        return _TRANSITION.decode(packed)

    def transition_from(self, clip: str) -> Transition | None:
        """The transition at the end of a clip."""
        found = _TRANSITIONS.decode(self.project.transitions(clip))
        return next((transition for transition in found if transition.from_ == clip), None)

    def flicks(self, moment: Moment, *, snap: bool = False) -> int:
        """A time in flicks, or the start of the frame nearest to it; frames are the project's."""
        flicks = moment.flicks(self.output.fps)
        return self.nearest_frame(flicks) if snap else flicks

    def nearest_frame(self, flicks: int) -> int:
        """Where the frame nearest to a time starts, a half rounding up: the rule by which films are laid out."""
        frame = frame_length(self.output.fps)
        return (2 * flicks + frame) // (2 * frame) * frame

    def after(self, facts: list[TimelineFact]) -> "State":
        """The project as it is after facts of the same op."""
        return replace(self, project=apply(self.project, facts)) if facts else self

    def name(self, kind: str, wanted: str | None) -> str:
        """The id of the thing this op makes: the one asked for, or one that the same edit always gives it."""
        if wanted is None:
            return derived(kind, self.edit, self.index)
        if not is_id(wanted):
            raise Refused("invalid_id", f"{shown(wanted)} is not an id", "id")
        return wanted

    def another_name(self, kind: str, number: int) -> str:
        """The id of something an op makes beside the thing it is for."""
        return derived(kind, EditId(f"{self.edit}/{self.index}"), number)


def shown(text: str) -> str:
    """A caller's string for a message: quoted, printable, short."""
    return repr(text if len(text) <= 64 else text[:64] + "…")
