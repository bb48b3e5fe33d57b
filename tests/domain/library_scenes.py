"""Files as a scan finds them, for the tests of the library."""

from itertools import count

from domain.ids import MediaId
from domain.library.decide import NewId
from domain.library.events import Description, LibraryFact
from domain.library.media import AudioStream, MediaFile
from domain.library.shelf import Shelf


def found(path: str, content: str = "a", mtime_ns: int = 1) -> Description:
    """A sound file with this content, described as a scan does before it has an id."""
    audio = AudioStream(index=0, codec="flac", sample_rate=48_000, channels=2, start=0, duration=705_600_000)
    media = MediaFile(
        id="unnamed",
        kind="audio",
        sha256=content * 64,
        demuxer="flac",
        exact_seek=True,
        origin=0,
        duration=705_600_000,
        video=None,
        audio=audio,
    )
    return Description(path, 1_000, mtime_ns, 8_000, {}, media)


def names() -> NewId:
    """Ids m1, m2, … in order."""
    numbers = count(1)
    return lambda: MediaId(f"m{next(numbers)}")


def shelf_of(*facts: LibraryFact) -> Shelf:
    """The library after these facts."""
    shelf = Shelf()
    for fact in facts:
        shelf.apply(fact)
    return shelf
