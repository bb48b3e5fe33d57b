"""The facts of a project. Names, tags and fields here are the storage format: add, never edit.

Times and lengths are flicks (1/705,600,000 s), gains and fractions millionths. The Rust core folds these same shapes
(``rust_core/src/fact.rs``); ``tests/golden`` holds bytes of each that both languages must read.
"""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every value inside a fact."""


class Rate(Shape, frozen=True):
    """Frames a second as a fraction."""

    num: int
    den: int


class Output(Shape, frozen=True):
    """Format of the finished film."""

    width: int
    height: int
    fps: Rate
    sample_rate: int
    background: str


TrackKind = Literal["video", "audio"]
MediaKind = Literal["video", "audio", "image"]
Fit = Literal["contain", "cover", "stretch"]


class Track(Shape, frozen=True):
    """A track; later ones in the project's order cover earlier ones."""

    id: str
    kind: TrackKind
    name: str
    volume: int
    muted: bool
    hidden: bool
    locked: bool


class Source(Shape, frozen=True):
    """What a clip shows, as the library described it when the clip was made. A still has no ``duration``."""

    media: str
    kind: MediaKind
    duration: int | None
    sound: bool


class Transform(Shape, frozen=True, omit_defaults=True):
    """The rectangle of the canvas that a clip fills, in millionths of the canvas, turned clockwise around its middle by
    millionths of a degree, and how much of the picture is there."""

    x: int
    y: int
    width: int
    height: int
    rotation: int = 0
    opacity: int = 1_000_000


CANVAS = Transform(0, 0, 1_000_000, 1_000_000)


EasingName = Literal["hold", "linear", "ease_in", "ease_out", "ease_in_out"]


class Bezier(Shape, frozen=True):
    """A way by a cubic Bézier from (0, 0) to (1, 1), its control points in millionths from 0 to 1."""

    x1: int
    y1: int
    x2: int
    y2: int


class Key(Shape, frozen=True):
    """A value at a moment, in millionths whatever it is of, and the way from there to the next key."""

    t: int
    value: int
    easing: EasingName | Bezier


Keyframes = dict[str, list[Key]]


class Clip(Shape, frozen=True, omit_defaults=True):
    """Part of a source on a track: ``[at, at + out_point - in_point)`` of the timeline. ``keyframes`` are of its volume
    and its transform's numbers, from its start on; clips of one ``group`` move together, and an empty one is none."""

    id: str
    track: str
    source: Source
    in_point: int
    out_point: int
    at: int
    volume: int
    fade_in: int
    fade_out: int
    fit: Fit
    transform: Transform
    keyframes: Keyframes = {}
    group: str = ""

    @property
    def length(self) -> int:
        """How long it lasts on the timeline."""
        return self.out_point - self.in_point

    @property
    def end(self) -> int:
        """The first moment after it."""
        return self.at + self.length


Value = bool | int | str


class Window(Shape, frozen=True):
    """When an effect works, relative to its clip's start; without ``duration``, to the end."""

    start: int
    duration: int | None


class Effect(Shape, frozen=True, omit_defaults=True):
    """An effect with every parameter of its definition, and the keys of those that move, from its start on."""

    id: str
    effect_type: str
    params: dict[str, Value]
    window: Window
    keyframes: Keyframes = {}


Align = Literal["center", "start", "end"]
Crossfade = Literal["equal_power", "equal_gain", "cut"]


class Transition(Shape, frozen=True, rename={"from_": "from"}):
    """A clip becomes the one that starts where it ends: half of it on either side of the cut, or all of it where
    ``align`` says. Both show more of their sources meanwhile, and nothing moves. ``sound`` says how sounds meet."""

    id: str
    from_: str
    to: str
    transition_type: str
    params: dict[str, Value]
    duration: int
    align: Align
    sound: Crossfade

    def around(self, cut: int) -> tuple[int, int]:
        """From when to when it lasts, where its clips meet at ``cut``."""
        before = {"center": self.duration // 2, "start": 0, "end": self.duration}[self.align]
        return cut - before, cut - before + self.duration


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """Base of every fact of a project."""


class ProjectCreated(Fact, frozen=True, tag="project_created.1"):
    """A project began, empty."""

    name: str
    output: Output


class ProjectRenamed(Fact, frozen=True, tag="project_renamed.1"):
    """It has another name."""

    name: str


class ProjectDeleted(Fact, frozen=True, tag="project_deleted.1"):
    """It is gone from every list; its log stays."""


class OutputSet(Fact, frozen=True, tag="output_set.1"):
    """The film's format is this."""

    output: Output


class TrackAdded(Fact, frozen=True, tag="track_added.1"):
    """A track was put at ``index`` of the order, bottom first."""

    track: Track
    index: int


class TrackChanged(Fact, frozen=True, tag="track_changed.1"):
    """These fields of a track have these values."""

    track: str
    name: str | UnsetType = UNSET
    volume: int | UnsetType = UNSET
    muted: bool | UnsetType = UNSET
    hidden: bool | UnsetType = UNSET
    locked: bool | UnsetType = UNSET


class TrackRemoved(Fact, frozen=True, tag="track_removed.1"):
    """An empty track is gone: its clips were removed before."""

    track: str


class TracksOrdered(Fact, frozen=True, tag="tracks_ordered.1"):
    """The order is this, bottom first: every track once."""

    tracks: list[str]


class ClipAdded(Fact, frozen=True, tag="clip_added.1"):
    """A clip lies on a track."""

    clip: Clip


class ClipChanged(Fact, frozen=True, tag="clip_changed.1"):
    """These fields of a clip have these values."""

    clip: str
    track: str | UnsetType = UNSET
    source: Source | UnsetType = UNSET
    in_point: int | UnsetType = UNSET
    out_point: int | UnsetType = UNSET
    at: int | UnsetType = UNSET
    volume: int | UnsetType = UNSET
    fade_in: int | UnsetType = UNSET
    fade_out: int | UnsetType = UNSET
    fit: Fit | UnsetType = UNSET
    transform: Transform | UnsetType = UNSET
    keyframes: Keyframes | UnsetType = UNSET
    group: str | UnsetType = UNSET


class ClipRemoved(Fact, frozen=True, tag="clip_removed.1"):
    """A clip, its effects and its transitions are gone."""

    clip: str


class EffectAdded(Fact, frozen=True, tag="effect_added.1"):
    """An effect was put at ``index`` of a clip's effects, first applied first."""

    clip: str
    effect: Effect
    index: int


class EffectChanged(Fact, frozen=True, tag="effect_changed.1"):
    """An effect of a clip has these parameters (all of them), this window or these keyframes (all of them)."""

    effect: str
    params: dict[str, Value] | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    keyframes: Keyframes | UnsetType = UNSET


class EffectRemoved(Fact, frozen=True, tag="effect_removed.1"):
    """An effect of a clip is gone."""

    effect: str


class EffectsOrdered(Fact, frozen=True, tag="effects_ordered.1"):
    """A clip's effects apply in this order: every one once."""

    clip: str
    effects: list[str]


class TransitionAdded(Fact, frozen=True, tag="transition_added.1"):
    """A clip becomes the next one."""

    transition: Transition


class TransitionChanged(Fact, frozen=True, tag="transition_changed.1", rename={"from_": "from"}):
    """These fields of a transition have these values; parameters are all of them."""

    transition: str
    from_: str | UnsetType = UNSET
    transition_type: str | UnsetType = UNSET
    params: dict[str, Value] | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    align: Align | UnsetType = UNSET
    sound: Crossfade | UnsetType = UNSET


class TransitionRemoved(Fact, frozen=True, tag="transition_removed.1"):
    """A transition is gone: its clips meet in a cut."""

    transition: str


class GlobalEffectAdded(Fact, frozen=True, tag="global_effect_added.1"):
    """An effect on the whole film was put at ``index``."""

    effect: Effect
    index: int


class GlobalEffectChanged(Fact, frozen=True, tag="global_effect_changed.1"):
    """An effect on the whole film has these parameters, this window or these keyframes, always all of them."""

    effect: str
    params: dict[str, Value] | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    keyframes: Keyframes | UnsetType = UNSET


class GlobalEffectRemoved(Fact, frozen=True, tag="global_effect_removed.1"):
    """An effect on the whole film is gone."""

    effect: str


class GlobalEffectsOrdered(Fact, frozen=True, tag="global_effects_ordered.1"):
    """The effects on the whole film apply in this order: every one once."""

    effects: list[str]


class EditReverted(Fact, frozen=True, tag="edit_reverted.1"):
    """From here on the document is as if that edit had not happened."""

    edit: str


class EditRestored(Fact, frozen=True, tag="edit_restored.1"):
    """From here on a reverted edit counts again."""

    edit: str


class ForkedFrom(Fact, frozen=True, tag="forked_from.1"):
    """The project began as that one was at a version: the facts before this one say what it was."""

    project: str
    version: int


class MergedFrom(Fact, frozen=True, tag="merged_from.1"):
    """The edits of another project up to a version were decided again here: the facts before this one followed."""

    project: str
    version: int


TimelineFact = (
    ProjectCreated
    | ProjectRenamed
    | ProjectDeleted
    | OutputSet
    | TrackAdded
    | TrackChanged
    | TrackRemoved
    | TracksOrdered
    | ClipAdded
    | ClipChanged
    | ClipRemoved
    | EffectAdded
    | EffectChanged
    | EffectRemoved
    | EffectsOrdered
    | TransitionAdded
    | TransitionChanged
    | TransitionRemoved
    | GlobalEffectAdded
    | GlobalEffectChanged
    | GlobalEffectRemoved
    | GlobalEffectsOrdered
    | EditReverted
    | EditRestored
    | ForkedFrom
    | MergedFrom
)
