"""The border to the Rust core: its refusals become ours, once."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Refused
from rust_core import CoreError


@contextmanager
def refusing() -> Iterator[None]:
    """Inside, what the core refuses is raised as ``Refused``."""
    try:
        yield
    except CoreError as error:
        raise Refused(error.code, error.message, error.path, list(error.ids)) from None
