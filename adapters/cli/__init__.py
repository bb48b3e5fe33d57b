"""The command line: ``stoat``. Each command is one small file; what it needs is imported when it runs."""

import sys
from typing import NoReturn

from adapters.cli.commands import app
from adapters.cli.failure import Failed, refused_here
from domain.errors import Refused


def main() -> None:
    """Run the command line and leave with 0 done, 1 refused or failed, 2 wrong usage, 3 cannot reach the server."""
    try:
        app()
    except Failed as failed:
        _end(failed)
    except Refused as refused:
        _end(refused_here(refused))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)


def _end(failed: Failed) -> NoReturn:
    failed.tell(sys.stderr, as_json="--json" in sys.argv)
    sys.exit(failed.exit_code)
