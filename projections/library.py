"""Every media file as the API shows it, and a full-text index over what it is called and what it holds.

A file that vanished stays, with its status; one that was taken out of the library leaves the index.
"""

from collections.abc import Sequence

import msgspec

from domain.library.events import LibraryFact, MediaNamed, MediaTagged
from domain.library.shelf import Known, evolve
from projections.projection import Batch, Projection, Record, Rows, select
from projections.video import Video, video

STREAM = "media-"

# Tokens are runs of letters and digits, without accents. A word in the name counts most, one in the folder least.
SCHEMA = """
CREATE TABLE media (
    found_position INTEGER PRIMARY KEY,
    media TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    status TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    scanned_us INTEGER NOT NULL,
    video TEXT NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE words USING fts5(
    filename, name, tags, metadata, codec, path,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 10.0, 8.0, 4.0, 2.0, 1.0)');
CREATE VIRTUAL TABLE terms USING fts5vocab(words, instance);
"""

DUMP = {
    "media": select(
        "SELECT found_position, media, path, status, created_us, scanned_us, video FROM media ORDER BY media"
    ),
    "words": select("SELECT rowid, * FROM words ORDER BY rowid"),
    "terms": select("SELECT * FROM terms ORDER BY term, doc, col, offset"),
}

_ROW = "SELECT found_position, created_us, scanned_us, state FROM media WHERE media = ?"
_KEEP = "INSERT OR REPLACE INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_UNINDEX = "DELETE FROM words WHERE rowid = ?"
_INDEX = "INSERT INTO words (rowid, filename, name, tags, metadata, codec, path) VALUES (?, ?, ?, ?, ?, ?, ?)"

_facts = msgspec.msgpack.Decoder(LibraryFact)
_states = msgspec.msgpack.Decoder(Known)
_packed = msgspec.msgpack.Encoder()
_json = msgspec.json.Encoder(decimal_format="number")


class Shelving:
    """A batch: files change fact by fact, and each is written and indexed once at its end.

    A touched file is where and when it was found, when it was last looked at, and what it is.
    """

    def __init__(self, rows: Rows) -> None:
        """Nothing is touched yet."""
        self._rows = rows
        self._touched: dict[str, tuple[int, int, int, Known]] = {}

    def apply(self, edit: Sequence[Record]) -> None:
        """Take the facts of a file; edits of other streams are none of ours."""
        if not edit[0].stream.startswith(STREAM):
            return
        for record in edit:
            fact = _facts.decode(record.fact)
            position, created_us, scanned_us, before = self._touched.get(fact.media) or self._stored(fact.media, record)
            if not isinstance(fact, MediaNamed | MediaTagged):
                scanned_us = record.time_us
            self._touched[fact.media] = (position, created_us, scanned_us, evolve(before, fact))

    def finish(self) -> None:
        """Write every file that was touched: its row is that of the file as it is now, and so are its words."""
        kept, words = [], []
        for position, created_us, scanned_us, known in self._touched.values():
            shown = video(known, created_us, scanned_us)
            content = (_json.encode(shown).decode(), _packed.encode(known))
            kept.append((position, known.media, known.path, known.status, created_us, scanned_us, *content))
            if known.status != "removed":
                words.append((position, *_words(shown)))
        self._rows.executemany(_KEEP, kept)
        self._rows.executemany(_UNINDEX, [row[:1] for row in kept])
        self._rows.executemany(_INDEX, words)

    def _stored(self, media: str, record: Record) -> tuple[int, int, int, Known | None]:
        """As the file's row has it; a new file begins with the record."""
        for position, created_us, scanned_us, state in self._rows.execute(_ROW, (media,)):
            return position, created_us, scanned_us, _states.decode(state)
        return record.position, record.time_us, record.time_us, None


def _words(shown: Video) -> tuple[str, ...]:
    """What can be searched for, in the columns' order."""
    codecs = [shown.kind, shown.codec, shown.audio.codec if shown.audio else None]
    return (
        shown.filename,
        shown.name or "",
        " ".join(shown.tags),
        " ".join(shown.metadata.values()),
        " ".join(word for word in codecs if word),
        shown.path,
    )


def projection() -> Projection:
    """The projection."""

    def begin(rows: Rows) -> Batch:
        return Shelving(rows)

    return Projection("library", 1, SCHEMA, begin, DUMP)
