"""What a command says when it can't do what was asked."""

import json
from dataclasses import dataclass, field
from typing import Any, TextIO

REFUSED = 1
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
            print(f"  {error.get('path') or '-'}: {error.get('message')}", file=stream)
        if self.suggestion:
            print(f"  try: {self.suggestion}", file=stream)
