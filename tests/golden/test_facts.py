"""Every fact ever stored stays readable: bytes of each tag, read here and, in ``rust_core/tests/golden.rs``, by Rust.

A file is ``<tag>.hex`` or ``<tag>~<variant>.hex``. They are added, never written again: those of an older shape stay,
and are read through its upcasters. The library's are read in ``tests/domain/test_library_storage.py`` too, value by
value.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.catalogue import FACTS, SHAPES
from domain.timeline.events import EditRestored, EditReverted, TimelineFact
from rust_core import History

FOLDER = Path(__file__).parent / "facts"
FILES = sorted(FOLDER.glob("*.hex"))
BY_TAG: dict[str, type] = {fact.__struct_config__.tag: fact for fact in FACTS}


def stored_in(file: Path) -> bytes:
    return bytes.fromhex(file.read_text())


def tag_of(file: Path) -> str:
    return file.stem.partition("~")[0]


def read(file: Path) -> Any:
    newest = SHAPES.newest(tag_of(file), stored_in(file))
    return msgspec.msgpack.decode(newest, type=BY_TAG[msgspec.msgpack.decode(newest)["type"]])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_stored_bytes_are_read_and_written_again_as_they_were(file: Path) -> None:
    stored = stored_in(file)
    assert msgspec.msgpack.decode(stored)["type"] == tag_of(file)
    fact = read(file)
    if tag_of(file) in BY_TAG:
        assert msgspec.msgpack.encode(fact) == stored


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_core_reads_whatever_shape_it_was_stored_in(file: Path) -> None:
    fact = read(file)
    if isinstance(fact, TimelineFact) and not isinstance(
        fact, EditReverted | EditRestored
    ):  # those name an edit before
        History().extend([(1, "edit", "ann", SHAPES.newest(tag_of(file), stored_in(file)))])


@pytest.mark.parametrize("tag", SHAPES.tags)
def test_every_fact_has_its_bytes(tag: str) -> None:
    assert tag in {tag_of(file) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_field_more_is_refused(file: Path) -> None:
    newest = msgspec.msgpack.decode(SHAPES.newest(tag_of(file), stored_in(file)))
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.msgpack.decode(msgspec.msgpack.encode(newest | {"surprise": 1}), type=BY_TAG[newest["type"]])
