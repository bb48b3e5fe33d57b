"""Moments of the log in requests."""

from datetime import UTC, datetime

from domain.errors import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(text: str, field: str) -> int:
    """An ISO 8601 time as UTC microseconds since 1970; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
        since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        raise Refused("invalid_field", f"{field} must be a time such as 2026-01-31T12:00:00Z", field) from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
