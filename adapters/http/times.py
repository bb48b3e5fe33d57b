"""Moments of the log in requests: times, and which state of a project is meant."""

from datetime import UTC, datetime

import msgspec

from adapters.app.travel import When
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


def is_time(text: str) -> bool:
    """Whether that is an ISO 8601 time."""
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


class Then(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which state: of a version, of a time (ISO 8601; without an offset, UTC), or after an edit. At most one of them;
    the newest without any."""

    version: int | None = None
    at: str | None = None
    edit: str | None = None

    def when(self) -> When:
        """As the use cases take it."""
        return when(self.version, self.at, self.edit)


def when(version: int | None, at: str | None, edit: str | None) -> When:
    """Which state is meant; refuses more than one."""
    said = [name for name, value in (("version", version), ("at", at), ("edit", edit)) if value is not None]
    if len(said) > 1:
        raise Refused("invalid_field", f"Ask for one of {' and '.join(said)}, not for both", said[-1])
    return When(version, None if at is None else microseconds(at, "at"), edit)
