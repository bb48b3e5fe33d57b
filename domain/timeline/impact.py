"""What an edit touched: the ids it made and changed, and the stretches of the film that are not what they were."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from domain.timeline.events import (
    Clip,
    ClipAdded,
    ClipChanged,
    ClipRemoved,
    EditRestored,
    EditReverted,
    EffectAdded,
    EffectChanged,
    EffectRemoved,
    EffectsOrdered,
    ForkedFrom,
    GlobalEffectAdded,
    GlobalEffectChanged,
    GlobalEffectRemoved,
    GlobalEffectsOrdered,
    MergedFrom,
    OutputSet,
    ProjectCreated,
    ProjectDeleted,
    ProjectRenamed,
    TimelineFact,
    TrackAdded,
    TrackChanged,
    TrackRemoved,
    TracksOrdered,
    Transition,
    TransitionAdded,
    TransitionChanged,
    TransitionRemoved,
)
from rust_core import Project

_CLIP = msgspec.msgpack.Decoder(Clip)
_TRANSITION = msgspec.msgpack.Decoder(Transition)
_TRANSITIONS = msgspec.msgpack.Decoder(list[Transition])
_CLIPS = msgspec.msgpack.Decoder(list[Clip])
_EFFECT = msgspec.msgpack.Decoder(dict[str, object])


@dataclass(frozen=True)
class Impact:
    """Ids created and changed (or removed), in the order of their facts; invalid ranges in flicks, ascending, apart."""

    created: list[str]
    changed: list[str]
    invalidated: list[tuple[int, int]]


@dataclass
class _Touched:
    created: dict[str, None] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    clips: dict[str, None] = field(default_factory=dict)
    transitions: dict[str, None] = field(default_factory=dict)
    tracks: dict[str, None] = field(default_factory=dict)
    everything: bool = False


def impact(before: Project, after: Project, facts: Iterable[TimelineFact]) -> Impact:
    """What ``facts`` did, told from the documents before and after them."""
    touched = _Touched()
    for fact in facts:
        _touch(touched, fact, before)
    # what came and went again is neither, and what went, came back and went again has gone
    created = [name for name in touched.created if name not in touched.changed or not _absent(after, name)]
    passing = {name for name in touched.created if _absent(before, name)}
    changed = [name for name in touched.changed if name not in created and name not in passing]
    return Impact(created, changed, _invalid(touched, before, after))


def _absent(project: Project, name: str) -> bool:
    found = (project.track(name), project.clip(name), project.effect(name), project.transition(name))
    return all(thing is None for thing in found)


def _touch(touched: _Touched, fact: TimelineFact, before: Project) -> None:  # noqa: C901  # one arm a fact
    match fact:
        case ProjectCreated() | ProjectRenamed() | EditReverted() | EditRestored() | ForkedFrom() | MergedFrom():
            pass
        case ProjectDeleted() | OutputSet() | GlobalEffectsOrdered():
            touched.everything = True
        case TrackAdded(track=track):
            touched.created[track.id] = None
        case TrackChanged(track=name):
            touched.changed[name] = None
            if not _label_only(fact):
                touched.tracks[name] = None
        case TrackRemoved(track=name):
            touched.changed[name] = None
        case TracksOrdered(tracks=names):
            touched.tracks |= dict.fromkeys(names)
            touched.changed |= dict.fromkeys(names)
        case ClipAdded(clip=clip):
            touched.created[clip.id] = None
            touched.clips[clip.id] = None
        case ClipChanged(clip=name, group=group) if fact == ClipChanged(name, group=group):
            touched.changed[name] = None  # how clips hang together is neither seen nor heard
        case ClipChanged(clip=name) | ClipRemoved(clip=name) | EffectsOrdered(clip=name):
            touched.changed[name] = None
            touched.clips[name] = None
        case EffectAdded(clip=name, effect=effect):
            touched.created[effect.id] = None
            touched.clips[name] = None
        case EffectChanged(effect=name) | EffectRemoved(effect=name):
            touched.changed[name] = None
            touched.clips |= _clip_of(before, name)
        case TransitionAdded(transition=transition):
            touched.created[transition.id] = None
            touched.transitions[transition.id] = None
        case TransitionChanged(transition=name) | TransitionRemoved(transition=name):
            touched.changed[name] = None
            touched.transitions[name] = None
        case GlobalEffectAdded(effect=effect):
            touched.created[effect.id] = None
            touched.everything = True
        case GlobalEffectChanged(effect=name) | GlobalEffectRemoved(effect=name):
            touched.changed[name] = None
            touched.everything = True


def _label_only(fact: TrackChanged) -> bool:
    """Whether nothing that is seen or heard changed: a name or a lock."""
    return all(value is msgspec.UNSET for value in (fact.volume, fact.muted, fact.hidden))


def _clip_of(project: Project, effect: str) -> dict[str, None]:
    """The clip of an effect that was there before; one made by the same edit is known by its clip's own fact."""
    packed = project.effect(effect)
    clip = None if packed is None else _EFFECT.decode(packed)["clip"]
    return {clip: None} if isinstance(clip, str) else {}


def _invalid(touched: _Touched, before: Project, after: Project) -> list[tuple[int, int]]:
    if touched.everything:
        longest = max(before.duration, after.duration)
        return [(0, longest)] if longest else []
    ranges: list[tuple[int, int]] = []
    for project in (before, after):
        present = (packed for name in touched.clips if (packed := project.clip(name)) is not None)
        for packed in present:
            ranges += _ranges(_CLIP.decode(packed), project)
        for track in touched.tracks:
            if project.track(track) is not None:
                ranges += ((clip.at, clip.end) for clip in _CLIPS.decode(project.clips(track)))
        joints = (packed for name in touched.transitions if (packed := project.transition(name)) is not None)
        ranges += (_joint(_TRANSITION.decode(packed), project) for packed in joints)
    return joined(ranges)


def _ranges(clip: Clip, project: Project) -> list[tuple[int, int]]:
    """Where a clip shows: a transition shows more of it."""
    joints = _TRANSITIONS.decode(project.transitions(clip.id))
    return [(clip.at, clip.end), *(_joint(transition, project) for transition in joints)]


def _joint(transition: Transition, project: Project) -> tuple[int, int]:
    packed = project.clip(transition.to)
    return transition.around(0 if packed is None else _CLIP.decode(packed).at)


def joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same moments as the fewest half-open ranges, ascending."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        else:
            parts.append((start, end))
    return parts
