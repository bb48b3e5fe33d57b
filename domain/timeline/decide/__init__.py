"""Ops into facts: one small pure function per op. The Rust core judges the facts; these only say what the op means."""

from domain.timeline.commands import (
    AddClip,
    AddEffect,
    AddGlobalEffect,
    AddTrack,
    AddTransition,
    AnyOp,
    ApplyLayout,
    GroupClips,
    MoveClip,
    RemoveClip,
    RemoveEffect,
    RemoveGlobalEffect,
    RemoveTrack,
    RemoveTransition,
    RenameProject,
    ReorderEffects,
    ReorderGlobalEffects,
    ReorderTracks,
    ReplaceSource,
    RollEdit,
    SetOutput,
    SlideClip,
    SlipClip,
    SplitClip,
    TrimClip,
    UngroupClips,
    UpdateClip,
    UpdateEffect,
    UpdateGlobalEffect,
    UpdateTrack,
    UpdateTransition,
)
from domain.timeline.decide import clips, cuts, effects, global_effects, groups, layouts, project, tracks, transitions
from domain.timeline.events import TimelineFact
from domain.timeline.state import State


def decide(op: AnyOp, state: State) -> list[TimelineFact]:
    """The facts that ``op`` asks for; none where it changes nothing. Refuses what it can't find or make sense of."""
    match op:
        case SetOutput() | RenameProject():
            return project.decide(op, state)
        case AddTrack() | UpdateTrack() | RemoveTrack() | ReorderTracks():
            return tracks.decide(op, state)
        case AddClip() | UpdateClip() | MoveClip() | TrimClip() | SplitClip() | RemoveClip() | ReplaceSource():
            return clips.decide(op, state)
        case RollEdit() | SlipClip() | SlideClip():
            return cuts.decide(op, state)
        case GroupClips() | UngroupClips():
            return groups.decide(op, state)
        case AddEffect() | UpdateEffect() | RemoveEffect() | ReorderEffects():
            return effects.decide(op, state)
        case AddTransition() | UpdateTransition() | RemoveTransition():
            return transitions.decide(op, state)
        case AddGlobalEffect() | UpdateGlobalEffect() | RemoveGlobalEffect() | ReorderGlobalEffects():
            return global_effects.decide(op, state)
        case ApplyLayout():
            return layouts.decide(op, state)
