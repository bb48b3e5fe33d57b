"""What the command line says to try speaks of its own commands, not of routes and JSON."""

import re
import shlex

import click
import pytest
import typer

from adapters.cli.commands import app
from adapters.cli.hints import hint
from domain.errors import RULES

ROUTES = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE)\b|/api/|/health|/projects/|\[\]|\{|If-Match|ETag|Idempotency|Content-"
)
COMMANDS = re.compile(r"`stoat ([^`]*)`")


@pytest.mark.parametrize("code", RULES)
def test_a_hint_names_commands_that_there_are(code: str) -> None:
    said = hint(code)
    assert not ROUTES.search(said), said
    for line in COMMANDS.findall(said):
        command: click.Command = typer.main.get_command(app)
        for word in shlex.split(line):
            if isinstance(command, click.Group) and not word.startswith("-"):
                assert word in command.commands, said
                command = command.commands[word]


def test_a_code_of_a_later_server_comes_with_the_servers_own_words() -> None:
    assert hint("no_such_code", "as the server says") == "as the server says"
