"""Rows of the log as the core takes them: the columns of its tables, in their order."""

EditRow = tuple[int, str, str, int, int, str, str, bytes, str | None, str, str | None, int, str | None, bytes | None]
"""first position, edit id, stream, first version, how many facts, kind, actor, command, rationale, correlation id,
causation id, time in microseconds, idempotency key, hash of the request that came with it."""

FactRow = tuple[int, str, int, str, bytes, str]
"""position, stream, version, tag, payload, event id."""

ChainedRow = tuple[int, str, int, str, bytes, str, int, bytes]
"""The same with the first position of the fact's edit and its link."""

FollowingRow = tuple[int, str, int, str, bytes, str, int, bytes, bytes | None]
"""A chained row with the link before it; None before the first."""

AnswerRow = tuple[str, str, bytes, int, bytes, str]
"""actor, key, hash of the request, status, body, edit id."""
