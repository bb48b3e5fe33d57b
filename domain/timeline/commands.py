"""The op vocabulary: what may be asked of a project. One batch of ops is one edit.

Strings that name a track, a clip, an effect or a transition may be ``"$n"``: what op n of the same batch created.
Fields left out of an update keep their value.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from domain.time import Amount, FrameRate, Moment, Place, amount, frame_rate, moment, place
from domain.timeline.events import Align, Crossfade, EasingName, Fit, TrackKind


class Op(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op"):
    """Base of every op."""


class SetOutput(Op, frozen=True, tag="set_output"):
    """Change the film's format. ``fps`` is a whole number or a fraction such as ``"30000/1001"``."""

    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    fps: FrameRate | UnsetType = UNSET
    sample_rate: int | UnsetType = UNSET
    background: str | UnsetType = UNSET


class RenameProject(Op, frozen=True, tag="rename_project"):
    """Give the project another name."""

    name: str


class AddTrack(Op, frozen=True, tag="add_track"):
    """Add a track at ``index`` of the order (bottom first), or on top."""

    type: TrackKind
    id: str | None = None
    name: str = ""
    index: int | None = None
    volume: Amount | UnsetType = UNSET
    muted: bool = False
    hidden: bool = False
    locked: bool = False


class UpdateTrack(Op, frozen=True, tag="update_track"):
    """Change a track, or its place in the order."""

    track: str
    name: str | UnsetType = UNSET
    index: int | UnsetType = UNSET
    volume: Amount | UnsetType = UNSET
    muted: bool | UnsetType = UNSET
    hidden: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET


class RemoveTrack(Op, frozen=True, tag="remove_track"):
    """Remove a track with everything on it."""

    track: str


class ReorderTracks(Op, frozen=True, tag="reorder_tracks"):
    """Put the tracks in this order, bottom to top: every one once."""

    tracks: list[str]


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the canvas that a clip fills, as fractions of the canvas; ``rotation`` is degrees clockwise around
    its middle, ``opacity`` from 0 to 1."""

    x: Amount | UnsetType = UNSET
    y: Amount | UnsetType = UNSET
    width: Amount | UnsetType = UNSET
    height: Amount | UnsetType = UNSET
    rotation: Amount | UnsetType = UNSET
    opacity: Amount | UnsetType = UNSET


class Keyframe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value at a time, and the way to the next: an easing by name, or the control values x1, y1, x2, y2 of a cubic
    Bézier, each from 0 to 1."""

    t: Moment
    value: Amount
    easing: EasingName | tuple[Amount, Amount, Amount, Amount] = "linear"


Moving = dict[str, list[Keyframe]]  # by parameter; an empty list takes a parameter's keyframes away


Mode = Literal["place", "insert", "overwrite"]


class AddClip(Op, frozen=True, tag="add_clip"):
    """Lay ``[in_point, out_point)`` of a source (media id or path) on a track, or all from ``in_point`` on.

    ``keyframes`` move its volume and its transform (x, y, width, height, rotation, opacity), counted from its start.
    ``insert`` cuts what lies across ``at`` and moves everything behind it; ``overwrite`` takes away what is in the way.
    ``ripple`` moves everything that starts at ``at`` or later, and cuts nothing. ``snap`` puts both ends on frames.
    """

    track: str
    source: str
    at: Place
    id: str | None = None
    in_point: Moment | UnsetType = UNSET
    out_point: Moment | UnsetType = UNSET
    volume: Amount | UnsetType = UNSET
    fade_in: Moment | UnsetType = UNSET
    fade_out: Moment | UnsetType = UNSET
    fit: Fit = "contain"
    transform: Box | UnsetType = UNSET
    keyframes: Moving = {}
    mode: Mode = "place"
    ripple: bool = False
    snap: bool = False


class UpdateClip(Op, frozen=True, tag="update_clip"):
    """Change any field of a clip but its source. ``ripple`` and ``snap``: see ``move_clip`` and ``trim_clip``."""

    clip: str
    track: str | UnsetType = UNSET
    at: Place | UnsetType = UNSET
    in_point: Moment | UnsetType = UNSET
    out_point: Moment | UnsetType = UNSET
    volume: Amount | UnsetType = UNSET
    fade_in: Moment | UnsetType = UNSET
    fade_out: Moment | UnsetType = UNSET
    fit: Fit | UnsetType = UNSET
    transform: Box | UnsetType = UNSET
    keyframes: Moving = {}
    ripple: bool = False
    snap: bool = False


class MoveClip(Op, frozen=True, tag="move_clip"):
    """Put a clip elsewhere, and the others of its group as far away. ``snap`` puts it on the nearest frame.

    With ``ripple`` what lay behind it closes up first; then what starts at ``at`` or later makes room.
    """

    clip: str
    at: Place | UnsetType = UNSET
    track: str | UnsetType = UNSET
    ripple: bool = False
    snap: bool = False


class TrimClip(Op, frozen=True, tag="trim_clip"):
    """Use another part of the source. The clip goes on starting where it starts on the timeline.

    With ``ripple`` what lies behind it on its track goes along with its end. ``snap`` puts its end on a frame.
    """

    clip: str
    in_point: Moment | UnsetType = UNSET
    out_point: Moment | UnsetType = UNSET
    ripple: bool = False
    snap: bool = False


class RollEdit(Op, frozen=True, tag="roll_edit"):
    """Move the cut between a clip and the one that follows without a gap: one gets longer by what the other loses."""

    clip: str
    at: Moment
    snap: bool = False


class SlipClip(Op, frozen=True, tag="slip_clip"):
    """Show another part of the source, as long as before, from ``in_point`` on; nothing moves on the timeline."""

    clip: str
    in_point: Moment


class SlideClip(Op, frozen=True, tag="slide_clip"):
    """Move a clip between its neighbours: the one before it ends, and the one after it starts, where it does now."""

    clip: str
    at: Moment
    snap: bool = False


class SplitClip(Op, frozen=True, tag="split_clip"):
    """Cut a clip in two at a time of the timeline, or at the nearest frame; what is created is the later part.
    A transition at the clip's end goes along with that."""

    clip: str
    at: Moment
    id: str | None = None
    snap: bool = False


class RemoveClip(Op, frozen=True, tag="remove_clip"):
    """Take a clip, its effects and its transitions off the timeline; with ``ripple`` what lies behind it closes up."""

    clip: str
    ripple: bool = False


class ReplaceSource(Op, frozen=True, tag="replace_source"):
    """Show another source (media id or path) in a clip, between the same in and out points."""

    clip: str
    source: str


class GroupClips(Op, frozen=True, tag="group_clips"):
    """Let clips move together from now on: where one is put elsewhere in time, the others go as far. A clip is in one
    group, named ``id``."""

    clips: list[str]
    id: str | None = None


class UngroupClips(Op, frozen=True, tag="ungroup_clips"):
    """Let every clip of a group move alone."""

    group: str


class AddEffect(Op, frozen=True, tag="add_effect"):
    """Put an effect on a clip. ``start`` is relative to the clip; without ``duration`` it works to the clip's end.
    ``keyframes`` move parameters; their times count from the effect's start."""

    clip: str
    type: str
    id: str | None = None
    params: dict[str, Any] = {}
    start: Moment | UnsetType = UNSET
    duration: Moment | None = None
    keyframes: Moving = {}


class UpdateEffect(Op, frozen=True, tag="update_effect"):
    """Change some parameters of a clip's effect, when it works, or the keyframes of some parameters."""

    effect: str
    params: dict[str, Any] = {}
    start: Moment | UnsetType = UNSET
    duration: Moment | UnsetType | None = UNSET
    keyframes: Moving = {}


class RemoveEffect(Op, frozen=True, tag="remove_effect"):
    """Take an effect off its clip."""

    effect: str


class ReorderEffects(Op, frozen=True, tag="reorder_effects"):
    """Apply a clip's effects in this order: every one once."""

    clip: str
    effects: list[str]


class AddTransition(Op, frozen=True, tag="add_transition", rename={"from_": "from"}):
    """Let a clip become the one that starts where it ends, on the same track. Nothing moves: both show more of their
    sources meanwhile, which must be there.

    ``align``: half of it lies on either side of the cut, or it starts or ends there. ``sound``: the sounds go over into
    each other, in equal power or in straight lines (for two parts of one recording), or are cut.
    """

    from_: str
    to: str
    type: str
    duration: Moment
    id: str | None = None
    params: dict[str, Any] = {}
    align: Align = "center"
    sound: Crossfade = "equal_power"


class UpdateTransition(Op, frozen=True, tag="update_transition"):
    """Change a transition. With another ``type`` its parameters are that one's, as usual but for those given."""

    transition: str
    type: str | UnsetType = UNSET
    duration: Moment | UnsetType = UNSET
    params: dict[str, Any] = {}
    align: Align | UnsetType = UNSET
    sound: Crossfade | UnsetType = UNSET


class RemoveTransition(Op, frozen=True, tag="remove_transition"):
    """Take a transition away: its clips meet in a cut."""

    transition: str


class AddGlobalEffect(Op, frozen=True, tag="add_global_effect"):
    """Put an effect on the whole film: its finished picture and its mix."""

    type: str
    id: str | None = None
    params: dict[str, Any] = {}
    start: Moment | UnsetType = UNSET
    duration: Moment | None = None
    keyframes: Moving = {}


class UpdateGlobalEffect(Op, frozen=True, tag="update_global_effect"):
    """Change parameters of an effect on the whole film, when it works, or the keyframes of some parameters."""

    effect: str
    params: dict[str, Any] = {}
    start: Moment | UnsetType = UNSET
    duration: Moment | UnsetType | None = UNSET
    keyframes: Moving = {}


class RemoveGlobalEffect(Op, frozen=True, tag="remove_global_effect"):
    """Take an effect off the whole film."""

    effect: str


class ReorderGlobalEffects(Op, frozen=True, tag="reorder_global_effects"):
    """Apply the effects on the whole film in this order: every one once."""

    effects: list[str]


class ApplyLayout(Op, frozen=True, tag="apply_layout"):
    """Place clips on the canvas by a layout, in its order; see ``GET /compose/layouts``. Afterwards they have its
    borders and shadows and no others, and no keyframes that move their rectangles."""

    layout: str
    clips: list[str]
    params: dict[str, Any] = {}


ProjectOp = SetOutput | RenameProject
TrackOp = AddTrack | UpdateTrack | RemoveTrack | ReorderTracks
ClipOp = AddClip | UpdateClip | MoveClip | TrimClip | SplitClip | RemoveClip | ReplaceSource
CutOp = RollEdit | SlipClip | SlideClip
GroupOp = GroupClips | UngroupClips
EffectOp = AddEffect | UpdateEffect | RemoveEffect | ReorderEffects
TransitionOp = AddTransition | UpdateTransition | RemoveTransition
GlobalEffectOp = AddGlobalEffect | UpdateGlobalEffect | RemoveGlobalEffect | ReorderGlobalEffects
AnyOp = ProjectOp | TrackOp | ClipOp | CutOp | GroupOp | EffectOp | TransitionOp | GlobalEffectOp | ApplyLayout


def read_value(kind: type, value: Any) -> Any:
    """Decode hook of msgspec: times and amounts from decoded JSON. ValueError says what was expected."""
    if kind is Moment:
        return moment(value)
    if kind is Place:
        return place(value)
    if kind is Amount:
        return amount(value)
    if kind is FrameRate:
        return frame_rate(value)
    raise NotImplementedError(kind)


def value_schema(kind: type) -> dict[str, Any]:
    """Schema hook of msgspec: times and amounts in JSON Schema."""
    seconds = {"type": "number", "description": "seconds, taken exactly"}
    text = {"type": "string", "description": 'decimal seconds or "HH:MM:SS.mmm"'}
    number = {"type": "integer", "description": "counted at the project's frame rate"}
    frame = {"type": "object", "properties": {"frame": number}, "required": ["frame"], "additionalProperties": False}
    if kind is Moment:
        return {"anyOf": [seconds, text, frame]}
    if kind is Place:
        return {"anyOf": [seconds, text, frame, {"const": "end", "description": "behind the track's last clip"}]}
    if kind is Amount:
        return {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "a decimal, kept to the millionth"}
    if kind is FrameRate:
        fraction = {"type": "string", "pattern": r"^\d{1,9}(/\d{1,9})?$"}
        return {"anyOf": [{"type": "integer"}, fraction], "description": 'frames a second: 30, "30000/1001"'}
    raise NotImplementedError(kind)
