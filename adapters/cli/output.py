"""How commands print: a table for people, one JSON document for machines."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

ANY = 100_000  # columns


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Rows under headings; colour only on a terminal, and elsewhere a line a row, however long."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sheet = Table(*columns, title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        sheet.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    width = None if sys.stdout.isatty() else ANY
    Console(width=width, highlight=False).print(sheet)


def note(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr, flush=True)
