"""Moments of the log as the API writes them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(time_us: int) -> str:
    """Microseconds since 1970 as RFC 3339 in UTC, always with six places, so that the text sorts as the time does."""
    return f"{_EPOCH + timedelta(microseconds=time_us):%Y-%m-%dT%H:%M:%S.%fZ}"
