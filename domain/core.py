"""The border to the Rust core: its refusals become ours, once."""

from types import TracebackType

from domain.errors import Refused
from rust_core import CoreError


class _Refusing:
    """A context without a generator behind it: there is one for every edit that a rebuild folds."""

    def __enter__(self) -> None:
        """Nothing to keep."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> None:
        """Say it as ours."""
        if isinstance(error, CoreError):
            raise Refused(error.code, error.message, error.path, list(error.ids)) from None


_REFUSING = _Refusing()


def refusing() -> _Refusing:
    """Inside, what the core refuses is raised as ``Refused``."""
    return _REFUSING
