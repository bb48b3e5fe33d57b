"""What a look at a file, or a wish about it, adds to the library. The same look twice adds nothing."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from domain.errors import Refused
from domain.ids import MediaId
from domain.library.events import (
    Description,
    LibraryFact,
    MediaChanged,
    MediaFound,
    MediaLost,
    MediaMoved,
    MediaNamed,
    MediaRefused,
    MediaRemoved,
    MediaTagged,
    MediaTouched,
)
from domain.library.shelf import Known, Shelf

NewId = Callable[[], MediaId]
MAX_NAME = 200
MAX_TAGS = 64
MAX_TAG = 64


def is_unchanged(known: Known | None, file_size: int, mtime_ns: int) -> bool:
    """Whether a file need not be read again: it was read, and its size and time stamp are those of then.

    One that might not be opened is tried again, since a change of permissions leaves no time stamp.
    """
    if known is None or known.status not in ("ready", "refused"):
        return False
    if known.refusal and known.refusal[0] == "path_not_allowed":
        return False
    return (known.file_size, known.mtime_ns) == (file_size, mtime_ns)


def read(shelf: Shelf, found: Description, gone: Collection[str], new_id: NewId) -> list[LibraryFact]:
    """Facts of a file that was read and is good. The id inside ``found`` is only a placeholder.

    ``gone`` names those paths of files with this very content (``shelf.with_content``) where nothing is any more: a
    file that is gone there and turns up here has moved, and keeps its id.
    """
    here = shelf.at(found.path)
    if here is None:
        moved = _that_moved(shelf, found.content.sha256, gone)
        if moved:
            return [MediaMoved(moved.media, found.path, found.mtime_ns)]
        media = new_id()
        return [MediaFound(media, _under(media, found))]
    if here.status == "removed" or here.description is None:
        return [MediaFound(here.media, _under(here.media, found))]
    if here.sha256 != found.content.sha256:
        return [MediaChanged(here.media, _under(here.media, found))]
    if here.status != "ready":
        return [MediaMoved(here.media, found.path, found.mtime_ns)]
    return [] if here.mtime_ns == found.mtime_ns else [MediaTouched(here.media, found.mtime_ns)]


def _under(media: str, found: Description) -> Description:
    return replace(found, content=replace(found.content, id=media))


def _that_moved(shelf: Shelf, sha256: str, gone: Collection[str]) -> Known | None:
    for known in shelf.with_content(sha256):
        if known.status == "lost" or (known.status == "ready" and known.path in gone):
            return known
    return None


def refuse(
    shelf: Shelf, path: str, file_size: int, mtime_ns: int, code: str, reason: str, new_id: NewId
) -> list[LibraryFact]:
    """Facts of a file that was looked at and can't be used."""
    here = shelf.at(path)
    if here and here.status == "removed":
        return []
    look = ("refused", (code, reason), file_size, mtime_ns)
    if here and (here.status, here.refusal, here.file_size, here.mtime_ns) == look:
        return []
    return [MediaRefused(here.media if here else new_id(), path, file_size, mtime_ns, code, reason)]


def lose(known: Known) -> list[LibraryFact]:
    """Facts of a file that is not where it was."""
    return [MediaLost(known.media)] if known.status in ("ready", "refused") else []


def rename(shelf: Shelf, media: MediaId, name: str) -> list[LibraryFact]:
    """Give a file a name for people; the same name again adds nothing."""
    known = _present(shelf, media)
    if not name.strip() or len(name) > MAX_NAME:
        raise Refused("invalid_field", f"A name has 1 to {MAX_NAME} characters", path="name", ids=[media])
    return [] if known.name == name else [MediaNamed(media, name)]


def tag(shelf: Shelf, media: MediaId, tags: Collection[str]) -> list[LibraryFact]:
    """Give a file exactly these tags; the same tags again add nothing."""
    known = _present(shelf, media)
    wanted = sorted(set(tags))
    if len(wanted) > MAX_TAGS:
        raise Refused("limit_exceeded", f"A file has at most {MAX_TAGS} tags", path="tags", ids=[media])
    if any(not text.strip() or len(text) > MAX_TAG for text in wanted):
        raise Refused("invalid_field", f"A tag has 1 to {MAX_TAG} characters", path="tags", ids=[media])
    return [] if known.tags == tuple(wanted) else [MediaTagged(media, wanted)]


def remove(shelf: Shelf, media: MediaId) -> list[LibraryFact]:
    """Take a file out of the library; the file itself stays."""
    _present(shelf, media)
    return [MediaRemoved(media)]


def _present(shelf: Shelf, media: MediaId) -> Known:
    known = shelf.files.get(media)
    if known is None or known.status == "removed":
        raise Refused("unknown_media", f"The library has no file {media[:64]}", ids=[media[:64]])
    return known
