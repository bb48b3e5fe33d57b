"""What to send instead: the ops that a refusal, or a merge, has ready."""

from collections.abc import Iterator
from typing import Any

import msgspec

_OPS = msgspec.json.Encoder(decimal_format="number")


def outcome_lines(outcomes: list[dict[str, Any]]) -> Iterator[str]:
    """What became of edits that were decided again."""
    for outcome in outcomes:
        yield f"{outcome['outcome']} {outcome['edit_id']} {outcome.get('message', '')}".rstrip()
        yield from ("  " + line for line in ops_lines(outcome.get("suggested_ops")))
        if outcome.get("suggested_ops") == []:
            yield "  nothing of it can be sent instead"


def problem_lines(problem: dict[str, Any]) -> Iterator[str]:
    """What a refusal has to say beside its sentence: edits in the way, and ops that would be accepted now."""
    outcomes = [outcome for outcome in problem.get("replayed", []) if outcome["outcome"] == "conflict"]
    yield from outcome_lines(outcomes)
    for change in problem.get("facts", []):
        yield f"since: version {change['version']} by {change['actor']}: {change['text']}"
    if not outcomes:
        for name in problem.get("conflicts", []):
            yield f"{'in the way' if name.startswith('edit_') else 'about'}: {name}"
    if "current_version" in problem:
        yield f"current version: {problem['current_version']}"
    yield from ops_lines(problem.get("suggested_ops"))


def ops_lines(ops: list[dict[str, Any]] | None) -> Iterator[str]:
    """Ops as ``stoat edit`` reads them; nothing where there are none."""
    if ops:
        yield f"send {_OPS.encode(ops).decode()}"
