"""The compiled core. Everything is bytes in and bytes out, so that each side parses what crosses once."""

from collections.abc import Sequence
from typing import Self, final

from rust_core.rows import AnswerRow, ChainedRow, EditRow, FactRow, FollowingRow

__all__ = [
    "FOLD_FINGERPRINT",
    "CoreError",
    "History",
    "Progress",
    "Project",
    "Proof",
    "Rewrite",
    "answer_digest",
    "clashes",
    "edit_digest",
    "effect_definitions",
    "effect_filter",
    "effect_schema",
    "first_unproved",
    "join",
    "lay_out",
    "layout_definitions",
    "link",
    "measure_picture",
    "measure_sound",
    "missing_glyphs",
    "normalise_params",
    "normalise_transition",
    "plan",
    "transition_definitions",
]

FOLD_FINGERPRINT: str
"""Changes whenever the code of the fold does: a snapshot of another fold is not used."""

class CoreError(ValueError):
    """A refusal: ``code`` is the rule (``domain/errors.py``), ``path`` the field at fault, ``ids`` what it is about."""

    code: str
    message: str
    path: str | None
    ids: list[str]

@final
class Project:
    """A project at one version. Immutable and structurally shared: thousands of versions cost little more than one."""

    @staticmethod
    def empty() -> Project:
        """Before its first fact."""
    @staticmethod
    def restore(snapshot: bytes) -> Project:
        """From `snapshot`; refuses ``snapshot_unusable`` when damaged or written by other fold code."""
    def apply(self, facts: Sequence[bytes]) -> Project:
        """With these facts (MessagePack payloads) folded. Rules between things are checked once, at the end."""
    @property
    def version(self) -> int:
        """How many facts were folded."""
    @property
    def exists(self) -> bool:
        """Whether it was created and not deleted."""
    @property
    def name(self) -> str:
        """Its name; refuses ``unknown_project`` where there is none."""
    @property
    def duration(self) -> int:
        """When the last clip ends, in flicks."""
    @property
    def frames(self) -> int:
        """How many frames the film has."""
    def output(self) -> bytes | None:
        """MessagePack ``Output``; None where there is no project."""
    def tracks(self) -> bytes:
        """MessagePack list of ``Track``, bottom to top."""
    def track(self, id: str) -> bytes | None:
        """MessagePack ``Track``."""
    def clips(self, track: str | None = None) -> bytes:
        """MessagePack list of ``Clip`` by track order and start; refuses ``unknown_track``."""
    def clip(self, id: str) -> bytes | None:
        """MessagePack ``Clip``."""
    def effects(self, clip: str | None) -> bytes:
        """MessagePack list of ``Effect``, first applied first; None: on the film. Refuses ``unknown_clip``."""
    def effect(self, id: str) -> bytes | None:
        """MessagePack map ``{clip (None: on the film), index, effect}``."""
    def transition(self, id: str) -> bytes | None:
        """MessagePack ``Transition``."""
    def transitions(self, clip: str) -> bytes:
        """MessagePack list of ``Transition``: those at a clip's start and at its end."""
    def diff(self, target: Project) -> list[bytes]:
        """Facts that turn this document into ``target``'s and that `apply` accepts; none where they are equal.

        Refuses ``unknown_project`` where no fact leads there: a deleted project stays deleted.
        """
    def document(self) -> bytes:
        """The public JSON document; refuses ``unknown_project``. Times are decimal seconds, exact to the flick."""
    def fingerprint(self) -> bytes:
        """32 bytes, equal exactly when the documents are, whatever their versions."""
    def snapshot(self) -> bytes:
        """Everything `restore` needs."""

@final
class History:
    """The undo book-keeping of one project: the document is the fold of the active plain edits, in the log's order."""

    def __init__(self) -> None:
        """Before the first edit."""
    def extend(self, records: Sequence[tuple[int, str, str, bytes]]) -> None:
        """Take in the next (version, edit id, actor, payload): whole edits. Stops at one that can't follow."""
    def undo(self, actor: str | None, count: int) -> Rewrite:
        """The last ``count`` active edits of ``actor`` (None: of anybody), newest first; or ``nothing_to_undo``."""
    def redo(self, actor: str | None, count: int) -> Rewrite:
        """The ``count`` edits of ``actor`` undone last; or ``nothing_to_redo``. A new edit clears its author's."""
    def revert(self, edit: str, also: Sequence[str] = ...) -> Rewrite:
        """One edit taken back, and with it its dependents ``also``; of an undo or a redo, what it did to others.

        Refuses ``unknown_edit``, ``edit_not_active`` and ``edit_not_revertible``.
        """
    def blame(self, entities: Sequence[str]) -> bytes:
        """MessagePack list of ``{entity, field (None: the thing itself), edit, version}``: the edits that made these
        things and that last set their fields, newest first. Reverted edits made nothing."""
    def counting(self, after: int) -> list[tuple[str, int, int]]:
        """The plain edits that count and begin after a version, oldest first: id, first and last version."""
    def reaches_back(self, version: int) -> bool:
        """Whether an edit up to a version was undone, restored or reverted after it."""
    def before(self, edit: str) -> Rewrite:
        """Without that edit and all that came after it, all plain ones; refuses as `revert` does."""
    def listed(self, before: int, limit: int, actor: str | None = None, state: str | None = None) -> bytes:
        """MessagePack list of ``{edit, first, last, state}``, newest first, of edits that begin before a version.

        ``state`` is active, reverted or masked (it counts, and later edits overwrote or removed all that it did).
        """

@final
class Rewrite:
    """What an undo, a redo or a revert comes to. Fold to ``base_version``, then ask for `target`."""

    @property
    def changes(self) -> list[tuple[str, bool]]:
        """The edits whose standing changes, in that order, and whether they count afterwards."""
    @property
    def base_version(self) -> int:
        """The last version at which exactly the wanted edits counted."""
    def target(
        self, base: Project, records: Sequence[tuple[int, str, str, bytes]]
    ) -> tuple[Project, list[tuple[str, str]]]:
        """The document that ``base`` and the records after it come to, and (entity, field) that later edits overwrote.

        Refuses ``edit_has_dependents`` (ids: the later edits that can't be beside these changes) and
        ``edit_cannot_return`` (ids: the restored edits that have nothing to stand on). The project's version means
        nothing: `Project.diff` leads to its document.
        """

def clashes(
    mine: tuple[Project, Sequence[tuple[int, str, str, bytes]]],
    theirs: tuple[Project, Sequence[tuple[int, str, str, bytes]]],
    apart: Sequence[str],
) -> bytes:
    """MessagePack list of ``{mine, edit, entity, field}``: what edits of ``mine`` are about and edits of ``theirs``
    changed. An empty one: mine may be decided again after theirs.

    Each side is the project before its first edit, and (version, edit id, actor, payload) of its edits. ``field`` is
    None where the thing went, or lies on a place that mine takes or counts on. The edits named ``apart`` are in
    nobody's way.
    """

@final
class Progress:
    """How far one FFmpeg process is, by what its ``-progress`` prints."""

    def __init__(self) -> None:
        """Nothing yet."""
    def feed(self, piece: bytes) -> None:
        """Take the next piece of what it printed, cut anywhere. What is no report is passed over."""
    @property
    def frames(self) -> int:
        """Frames written so far."""
    @property
    def micros(self) -> int:
        """How much of the result is written, in microseconds of its own time."""

def effect_definitions() -> bytes:
    """JSON list of every effect's definition. A parameter with ``window`` says when it works: a fact has it apart."""

def effect_schema(effect_type: str) -> bytes:
    """JSON Schema of an effect's parameters in a request, start and duration among them."""

def normalise_params(
    effect_type: str,
    params_json: bytes,
    current: bytes | None = None,
    rate: tuple[int, int] | None = None,
) -> bytes:
    """A request's JSON object, without start and duration, as MessagePack params: exact, defaults filled in.

    ``current`` are MessagePack params to lay it over; ``rate`` (num, den) is needed where a time is ``{"frame": n}``.
    """

def transition_definitions() -> bytes:
    """JSON list of every transition's definition."""

def normalise_transition(
    transition_type: str,
    params_json: bytes,
    current: bytes | None = None,
    rate: tuple[int, int] | None = None,
) -> bytes:
    """A transition's parameters, as `normalise_params` makes an effect's."""

def layout_definitions() -> bytes:
    """JSON list of every layout: what it is for, what it takes, its schema and an example."""

def lay_out(layout: str, params_json: bytes, clips: int, canvas: tuple[int, int]) -> bytes:
    """Where so many clips lie on a canvas, and how frames look: MessagePack ``{places: [{transform, framed}], style}``.

    Refuses ``unknown_layout``, ``bad_parameter`` and ``out_of_range``, also for another number of clips than it takes.
    """

def join(order: bytes, headers: Sequence[bytes]) -> tuple[bytes, list[tuple[int, int, int]]]:
    """The head of the film that pieces are joined into, and (piece, offset, length) of the bytes that come after it.

    ``order`` is MessagePack ``{fps, sample_rate, samples, pictures: [frames], sounds: [{skip, packets}]}``; a header is
    the content of a piece's ``moov`` box, pictures first. A piece's bytes are in the order in which they lie in it.
    Refuses ``result_wrong`` where a piece is not what is due, or has another codec header (``ids``: its number).
    """

def measure_picture(header: bytes) -> tuple[bytes, int]:
    """What a piece of picture holds, by its header: MessagePack ``{frames, width, height}``, and where its bytes end.

    Refuses ``result_wrong`` where it is no piece of picture. So does `measure_sound`.
    """

def measure_sound(header: bytes) -> tuple[bytes, int]:
    """What a piece of AAC holds: MessagePack ``{samples, sample_rate, channels}``, and where its bytes end."""

def plan(project: Project, media: bytes, request: bytes) -> bytes:
    """The MessagePack ``domain.render.plan.Plan`` of a project.

    ``media`` is a MessagePack map from media id to ``domain.library.media.MediaFile``; it may hold more than is needed.
    ``request`` is a MessagePack ``domain.render.plan.Request``. Refuses ``nothing_to_render``, ``source_missing``
    (ids: the clip and its source) and ``malformed_request``.
    """

def effect_filter(effect_type: str, params: bytes, output: bytes) -> bytes:
    """JSON ``{filter, files}``: what MessagePack params become on five seconds of that MessagePack ``Output``."""

def missing_glyphs(font: bytes, text: str) -> list[str]:
    """The characters of ``text``, each once, that a font file's bytes can't draw."""

def edit_digest(row: EditRow) -> bytes:
    """The digest of who asked for what, when and where: BLAKE2b-256."""

def link(previous: bytes, edit: bytes, row: FactRow) -> bytes:
    """The chain hash of one fact, from the one before it and the digest of its edit."""

def answer_digest(row: AnswerRow) -> bytes:
    """What a stored answer is checked against before it is given again."""

def first_unproved(edits: list[EditRow], facts: list[FollowingRow]) -> int | None:
    """The position of the first of these facts that is not what was written there, by its edit and the link before it.

    ``edits`` are those of the facts, by position. ``TypeError`` where a position is no number. Other threads run
    meanwhile."""

@final
class Proof:
    """How far the proof of a log has come. It takes edits and facts in the order of the log, some at a time."""

    def __new__(cls, anchor: int) -> Self:
        """From the first fact on; the link at position ``anchor`` is kept."""
    @property
    def position(self) -> int:
        """The last position that holds."""
    @property
    def chain(self) -> bytes:
        """The link there."""
    @property
    def edits(self) -> int:
        """How many edits were met."""
    @property
    def anchored(self) -> bytes | None:
        """The link at the anchor, once that is passed."""
    @property
    def waiting(self) -> int:
        """How many edits wait for their facts."""
    def take(self, edits: list[EditRow], facts: list[ChainedRow], trouble: str | None) -> tuple[int, str] | None:
        """The next edits, then the next facts, each of which must find its edit; position and nature of the first
        fault. A value of another type than its column's is one. ``trouble`` is why no edit after these can be read, and
        a fault where that one's facts would stand. Other threads run meanwhile."""
    def end(self, counted: int) -> tuple[int, str] | None:
        """The fault if anything points past the last fact, ``counted`` of which there have ever been."""
