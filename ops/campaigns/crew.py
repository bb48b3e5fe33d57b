"""Work done by several threads at once. What goes wrong in one of them is raised where they were set to work."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def all_at_once(work: Callable[[_T], _R], each: Sequence[_T]) -> list[_R]:
    """The work for each, in a thread of its own, until all of it is done."""
    with ThreadPoolExecutor(len(each)) as crew:
        return list(crew.map(work, each))


@contextmanager
def at_work(work: Callable[[_T, Event], None], each: Sequence[_T], *, to_the_end: bool) -> Iterator[None]:
    """The same beside a block of code. The event is set when the block ends, unless they are to work to their end."""
    stop = Event()
    with ThreadPoolExecutor(len(each)) as crew:
        working = [crew.submit(work, one, stop) for one in each]
        try:
            yield
            if to_the_end:
                wait(working)
        finally:
            stop.set()
    for done in working:
        done.result()
