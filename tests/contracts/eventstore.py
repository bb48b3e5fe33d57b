"""Short ways to say what is submitted to a log."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from adapters.eventstore.edits import Answer, Edit, NewFact, Record
from adapters.eventstore.port import EventLog
from domain.errors import Refused

_numbers = count(1)


def edit(stream: str, after: int, *tags: str, answer: Answer | None = None, **fields: Any) -> Edit:
    """An edit of a stream at version ``after`` with one fact to each tag, its payload the tag's bytes."""
    given: dict[str, Any] = {
        "edit_id": f"edit-{next(_numbers)}",
        "actor": "ann",
        "kind": "edit",
        "command": b'{"ops":[]}',
        "correlation_id": "c1",
        **fields,
    }
    facts = [NewFact(tag, tag.encode()) for tag in tags]
    return Edit(stream=stream, expected_version=after, facts=facts, answer=answer, **given)


def put(log: EventLog, stream: str, after: int, *tags: str, **fields: Any) -> list[Record]:
    """Append such an edit and wait for it."""
    return log.submit(edit(stream, after, *tags, **fields)).result(timeout=30)


def tags(records: Sequence[Record]) -> list[str]:
    """The tags of some records."""
    return [record.tag for record in records]


def refused(log: EventLog, refused: Edit) -> Refused:
    """The refusal that an edit meets."""
    with pytest.raises(Refused) as refusal:
        log.submit(refused).result(timeout=30)
    return refusal.value
