"""What a command says when it can't do what was asked."""

import json
from dataclasses import dataclass, field
from typing import Any, TextIO

from adapters.cli.advice import problem_lines
from adapters.cli.hints import hint
from domain.errors import Refused

REFUSED = 1
USAGE = 2
UNREACHABLE = 3


@dataclass(eq=False)
class Failed(Exception):
    """A command ends here, with a sentence, what to try next, and an exit code."""

    message: str
    suggestion: str = ""
    exit_code: int = REFUSED
    problem: dict[str, Any] = field(default_factory=dict)

    def tell(self, stream: TextIO, *, as_json: bool) -> None:
        """Say it: as the server's problem document, or as lines for people."""
        if as_json:
            document = self.problem or {"detail": self.message, "suggestion": self.suggestion}
            print(json.dumps(document, ensure_ascii=False, default=str), file=stream)
            return
        print(f"stoat: {self.message}", file=stream)
        for error in self.problem.get("errors", []):
            if error.get("path"):
                print(f"  field: {error['path']}", file=stream)
        for line in problem_lines(self.problem):
            print(f"  {line}", file=stream)
        if self.suggestion:
            print(f"  try: {self.suggestion}", file=stream)


# what to try where no server runs that could be asked
_HERE = {
    "log_unavailable": "stop what holds it, set STOAT_DATA_DIR to another folder, or run `stoat doctor`",
    "output_exists": "choose another name",
}


def refused_here(refused: Refused) -> Failed:
    """A refusal of this process's own; a setting that is wrong is wrong usage."""
    suggestion = _HERE.get(refused.code) or hint(refused.code)
    code = USAGE if refused.code == "invalid_setting" else REFUSED
    return Failed(f"{refused.message} [{refused.code}]", suggestion, code)
