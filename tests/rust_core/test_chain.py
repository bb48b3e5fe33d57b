"""The chain's hashes against their definition in a few lines of Python."""

from hashlib import blake2b

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_core import Proof, answer_digest, edit_digest, link

numbers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(max_size=300)
blobs = st.binary(max_size=300)
hashes = st.binary(min_size=32, max_size=32)


def digest(*content: bytes) -> bytes:
    return blake2b(b"".join(content), digest_size=32).digest()


@given(previous=hashes, edit=hashes, row=st.tuples(numbers, texts, numbers, texts, blobs, texts))
def test_a_link_is_what_it_says(previous: bytes, edit: bytes, row: tuple[int, str, int, str, bytes, str]) -> None:
    position, stream, version, tag, payload, event_id = row
    header = msgspec.msgpack.encode(("fact.1", position, stream, version, tag, event_id, edit))
    assert link(previous, edit, row) == digest(previous, header, digest(payload))


@given(
    where=st.tuples(numbers, texts, texts, numbers, numbers),
    what=st.tuples(texts, texts, blobs),
    why=st.tuples(st.none() | texts, texts, st.none() | texts),
    when=numbers,
    answer=st.tuples(st.none() | texts, st.none() | blobs),
)
def test_an_edit_is_hashed_with_everything_about_it(
    where: tuple[int, str, str, int, int],
    what: tuple[str, str, bytes],
    why: tuple[str | None, str, str | None],
    when: int,
    answer: tuple[str | None, bytes | None],
) -> None:
    first, edit_id, stream, first_version, facts = where
    kind, actor, command = what
    asked = (edit_id, kind, actor, digest(command), *why, *answer)
    expected = msgspec.msgpack.encode(("edit.1", *asked, stream, first, first_version, facts, when))
    assert edit_digest((*where, *what, *why, when, *answer)) == digest(expected)


@given(row=st.tuples(texts, texts, blobs, numbers, blobs, texts))
def test_an_answer_is_hashed_with_its_body(row: tuple[str, str, bytes, int, bytes, str]) -> None:
    actor, key, request_hash, status, body, edit_id = row
    content = ("answer.1", actor, key, request_hash, status, digest(body), edit_id)
    assert answer_digest(row) == digest(msgspec.msgpack.encode(content))


@pytest.mark.parametrize("previous", [b"", bytes(31), bytes(33)])
def test_a_hash_has_32_bytes(previous: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        link(previous, bytes(32), (1, "s", 1, "t", b"", "e"))


def test_why_edits_can_not_be_read_is_told_where_the_first_of_them_stands() -> None:
    edit = (1, "e", "s", 1, 1, "edit", "ann", b"", None, "c", None, 0, None, None)
    first = (1, "s", 1, "t.1", b"one", "x")
    chain = link(bytes(32), edit_digest(edit), first)
    proof = Proof(0)
    second = (2, "s", 2, "t.1", b"two", "y", 2, bytes(32))
    assert proof.take([edit], [(*first, 1, chain), second], "no more") == (2, "no more")
    assert (proof.position, proof.chain, proof.edits) == (1, chain, 1)
