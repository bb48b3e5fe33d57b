"""Every fact ever stored stays readable: bytes of each tag, read here and, in ``rust_core/tests/golden.rs``, by Rust.

A file is ``<tag>.hex`` or ``<tag>~<variant>.hex``. They are added, never written again. The library's are read in
``tests/domain/test_library_storage.py`` too, value by value.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.catalogue import FACTS

FOLDER = Path(__file__).parent / "facts"
FILES = sorted(FOLDER.glob("*.hex"))
BY_TAG: dict[str, type] = {fact.__struct_config__.tag: fact for fact in FACTS}


def stored_in(file: Path) -> bytes:
    return bytes.fromhex(file.read_text())


def tag_of(file: Path) -> str:
    return file.stem.partition("~")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_stored_bytes_are_read_and_written_again_as_they_were(file: Path) -> None:
    stored = stored_in(file)
    fact: Any = msgspec.msgpack.decode(stored, type=BY_TAG[tag_of(file)])
    assert msgspec.msgpack.encode(fact) == stored
    assert msgspec.msgpack.decode(stored)["type"] == tag_of(file)


@pytest.mark.parametrize("tag", BY_TAG)
def test_every_fact_has_its_bytes(tag: str) -> None:
    assert tag in {tag_of(file) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_field_more_is_refused(file: Path) -> None:
    more = msgspec.msgpack.decode(stored_in(file)) | {"surprise": 1}
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.msgpack.decode(msgspec.msgpack.encode(more), type=BY_TAG[tag_of(file)])
