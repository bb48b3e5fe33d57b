"""The facts of a media file. Names, tags and fields here are the storage format: add, never edit.

``media`` is the file's id and names its stream. Times are flicks, sizes bytes, ``mtime_ns`` nanoseconds since 1970.
"""

import msgspec

from domain.library.media import MediaFile


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """Base of every fact of a media file."""

    media: str


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A readable file's bytes, as they were when it was read: its place on disk and everything in it.

    ``bitrate`` is bits a second over the whole file, None for a still. ``metadata`` is what the container says of
    itself (``title``, ``artist`` and the like): text of strangers.
    """

    path: str
    file_size: int
    mtime_ns: int
    bitrate: int | None
    metadata: dict[str, str]
    content: MediaFile


class MediaFound(Fact, frozen=True, tag="media_found.1"):
    """A readable media file is in the library."""

    description: Description


class MediaChanged(Fact, frozen=True, tag="media_changed.1"):
    """At its path there is other content now."""

    description: Description


class MediaMoved(Fact, frozen=True, tag="media_moved.1"):
    """The same content is at this path now; also when it is back where it was lost."""

    path: str
    mtime_ns: int


class MediaTouched(Fact, frozen=True, tag="media_touched.1"):
    """Its time stamp changed and its content did not."""

    mtime_ns: int


class MediaLost(Fact, frozen=True, tag="media_lost.1"):
    """Nothing is at its path any more."""


class MediaRefused(Fact, frozen=True, tag="media_refused.1"):
    """What is at this path can't be used; ``code`` is from the table of errors, ``reason`` for people."""

    path: str
    file_size: int
    mtime_ns: int
    code: str
    reason: str


class MediaNamed(Fact, frozen=True, tag="media_named.1"):
    """People call it this; the file's own name stays."""

    name: str


class MediaTagged(Fact, frozen=True, tag="media_tagged.1"):
    """It has exactly these tags, in alphabetical order."""

    tags: list[str]


class MediaRemoved(Fact, frozen=True, tag="media_removed.1"):
    """It is out of the library; the file itself was not touched."""


LibraryFact = (
    MediaFound
    | MediaChanged
    | MediaMoved
    | MediaTouched
    | MediaLost
    | MediaRefused
    | MediaNamed
    | MediaTagged
    | MediaRemoved
)
