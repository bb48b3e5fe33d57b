"""What people type into a search, as an FTS5 query that can't be malformed."""

from domain.errors import Refused

MOST_WORDS = 64
LONGEST_QUERY = 1000


def match(typed: str) -> str:
    """Every word must occur, in any order; the last may be the beginning of one.

    Each word is quoted, so none is an operator. Refused: nothing, too much, and what is no text (a lone surrogate).
    """
    if len(typed) > LONGEST_QUERY:
        raise Refused("limit_exceeded", f"A search has at most {LONGEST_QUERY} characters", path="q")
    try:
        typed.encode()
    except UnicodeEncodeError:
        raise Refused("invalid_field", "The search is no text: it holds half a surrogate pair", path="q") from None
    words = typed.replace("\0", " ").split()
    if not words:
        raise Refused("invalid_field", "Say what to search for", path="q")
    if len(words) > MOST_WORDS:
        raise Refused("limit_exceeded", f"A search has at most {MOST_WORDS} words", path="q")
    return " ".join('"' + word.replace('"', '""') + '"' for word in words) + "*"
