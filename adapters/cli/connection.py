"""Which server a command talks to, and in whose name."""

import getpass
import os

from adapters.cli.client import Api

DEFAULT_URL = "http://127.0.0.1:8765"


def connect() -> Api:
    """The server at ``STOAT_URL``, as ``STOAT_ACTOR`` or the user's login name."""
    return Api(os.environ.get("STOAT_URL", DEFAULT_URL), actor=os.environ.get("STOAT_ACTOR") or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
