"""What the coordinator and the executors say to each other. Carried by a broker, kept nowhere: the log is the truth."""

import msgspec

from domain.render.plan import Unit
from domain.timeline.events import Shape


class SourceFile(Shape, frozen=True):
    """Where a source lies and what it was when it was scanned: hex SHA-256, bytes, modification time in ns."""

    path: str
    sha256: str
    size: int
    mtime_ns: int


class Work(Shape, frozen=True):
    """A command to make one unit.

    ``needs`` are the units it reads, each with its file's suffix; ``sources`` its media by id; ``fonts`` absolute paths
    by hex SHA-256. An executor that works longer than ``timeout_s`` seconds gives up.
    """

    job: str
    attempt: int
    unit: Unit
    needs: dict[str, str]
    sources: dict[str, SourceFile]
    fonts: dict[str, str]
    timeout_s: int

    @property
    def name(self) -> str:
        """Unlike that of any other command; equal when the same is commanded again."""
        return f"{self.job}:{self.unit.key}:{self.attempt}"


class Rendered(Shape, frozen=True, tag_field="outcome", tag="rendered"):
    """The unit is in the segment store. ``reused``: it was there already. ``cpu_ms`` is FFmpeg's own time."""

    job: str
    unit: str
    attempt: int
    executor: str
    sha256: str
    size: int
    cpu_ms: int
    reused: bool


class Broken(Shape, frozen=True, tag_field="outcome", tag="failed"):
    """The unit could not be made, ``code`` (of ``domain.errors.RULES``) and ``detail`` say why.

    ``retry``: another attempt might fare better. ``lost`` are units that it needed and the store has not.
    """

    job: str
    unit: str
    attempt: int
    executor: str
    code: str
    detail: str
    retry: bool
    lost: list[str]


Outcome = Rendered | Broken


class Progress(Shape, frozen=True):
    """How far an attempt has come, in millionths of its unit."""

    job: str
    unit: str
    attempt: int
    done: int


class Malformed(ValueError):
    """A message that is none of ours, or of another version."""


_WORK = msgspec.msgpack.Decoder(Work)
_OUTCOME: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)
_PROGRESS = msgspec.msgpack.Decoder(Progress)


def encode(message: Work | Outcome | Progress) -> bytes:
    """The message as it travels."""
    return msgspec.msgpack.encode(message)


def decode_work(body: bytes) -> Work:
    """A command that travelled; :class:`Malformed` when it is none."""
    try:
        return _WORK.decode(body)
    except msgspec.MsgspecError as fault:
        raise Malformed(str(fault)) from fault


def decode_outcome(body: bytes) -> Outcome:
    """An outcome that travelled; :class:`Malformed` when it is none."""
    try:
        return _OUTCOME.decode(body)
    except msgspec.MsgspecError as fault:
        raise Malformed(str(fault)) from fault


def decode_progress(body: bytes) -> Progress:
    """A report that travelled; :class:`Malformed` when it is none."""
    try:
        return _PROGRESS.decode(body)
    except msgspec.MsgspecError as fault:
        raise Malformed(str(fault)) from fault
