"""Projects of a chosen size, as facts."""

from collections.abc import Iterator

import msgspec

from domain.timeline import events as facts

SECOND = 705_600_000
OUTPUT = facts.Output(width=1280, height=720, fps=facts.Rate(30, 1), sample_rate=48_000, background="#000000")


def beginning() -> list[facts.TimelineFact]:
    """An empty project with one video track."""
    track = facts.Track("main", "video", "Main", volume=1_000_000, muted=False, hidden=False, locked=False)
    return [facts.ProjectCreated("bench", OUTPUT), facts.TrackAdded(track, 0)]


def clip(number: int, source: facts.Source, *, start: int, length: int) -> facts.Clip:
    """Clip ``number`` of a row: ``length`` flicks of ``source`` from ``start`` on."""
    return facts.Clip(
        id=f"clip-{number}",
        track="main",
        source=source,
        in_point=start,
        out_point=start + length,
        at=number * length,
        volume=1_000_000,
        fade_in=0,
        fade_out=0,
        fit="contain",
        transform=facts.CANVAS,
    )


def row(count: int, source: facts.Source, length: int) -> list[facts.TimelineFact]:
    """A project with ``count`` clips one after the other, each from another place in the source."""
    duration = source.duration or length
    starts = (7 * number * SECOND // 10 % max(duration - length, 1) for number in range(count))
    clips = (facts.ClipAdded(clip(n, source, start=s, length=length)) for n, s in enumerate(starts))
    return [*beginning(), *clips]


def edits(count: int) -> Iterator[facts.TimelineFact]:
    """``count`` small edits of a project with 200 clips: volumes, trims, names."""
    source = facts.Source("med_bench", "video", 20 * SECOND, sound=True)
    yield from row(200, source, SECOND)
    for number in range(count - 202):
        name = f"clip-{number * 37 % 200}"
        if number % 3:
            yield facts.ClipChanged(name, volume=number % 1_000_000)
        else:
            yield facts.ClipChanged(name, fade_in=number % 1000)


def encoded(timeline: list[facts.TimelineFact]) -> list[bytes]:
    """Facts as the log holds them."""
    return [msgspec.msgpack.encode(fact) for fact in timeline]
