"""``python -m adapters.cli`` is ``stoat``."""

from adapters.cli import main

main()
