"""Every frame of a finished film is the frame that the timeline says, and every sound is in its place.

Each timeline goes the real way: facts, fold, plan, every unit by FFmpeg, join; then the oracle reads the film.
"""

from collections.abc import Callable
from fractions import Fraction

import pytest

from domain.timeline.events import Fit
from tests.oracle.check import faults
from tests.oracle.lanes import Rect
from tests.oracle.programs import Build, builds
from tests.oracle.recipes import FILM, NTSC
from tests.oracle.render import Darkroom
from tests.oracle.sources import Studio
from tests.oracle.timeline import FLICKS, Lay, Row, Timeline, frames, seconds

pytestmark = pytest.mark.ffmpeg

Piece = tuple[str, str, int]  # a source, its in point in seconds, how many frames of the film
RATES = ("film", "pal", "ntsc", "web", "sport", "game")
WEB = Fraction(30)
FITS: tuple[Fit, ...] = ("stretch", "cover", "contain")
CORNER = Rect(Fraction(11, 20), Fraction(1, 2), Fraction(2, 5), Fraction(2, 5))


def row(studio: Studio, rate: Fraction, pieces: list[Piece], start: int = 0) -> Row:
    """Pieces end to end, from frame ``start`` on; a piece of nothing (``""``) is a gap."""
    lays, now = [], start
    for name, in_point, count in pieces:
        if name:
            begin, lasting = seconds(in_point), frames(count, rate)
            lays.append(Lay(studio[name], begin, begin + lasting, frames(now, rate)))
        now += count
    return Row(tuple(lays))


def odd_cuts(studio: Studio, rate: Fraction) -> Timeline:
    """Cuts at odd frames, in points of nought and not, off the key frames."""
    pieces = [("web", "0", 7), ("film", "1.37", 13), ("pal", "2.2", 1), ("game", "0.51", 23), ("ntsc", "0", 11)]
    return Timeline((row(studio, rate, pieces),), rate)


def every_rate(studio: Studio, rate: Fraction) -> Timeline:
    """Every source rate, two thirds of a second of each."""
    return Timeline((row(studio, rate, [(name, "0.7", 21) for name in RATES]),), rate)


def on_the_dot(studio: Studio, rate: Fraction) -> Timeline:
    """In points on the very time of a source frame, and one flick before it."""
    lays = []
    for index, name in enumerate([name for name in RATES for _ in range(2)]):
        exact = studio[name].times[37] * FLICKS
        begin = int(exact) - index % 2
        lays.append(Lay(studio[name], begin, begin + frames(9, rate), frames(9 * index, rate)))
    return Timeline((Row(tuple(lays)),), rate)


def gaps(studio: Studio) -> Timeline:
    """Nothing at the beginning, nothing in between, and clips that lie between the frames."""
    lays = (
        Lay(studio["web"], seconds("0.4"), seconds("1.1"), seconds("0.31")),
        Lay(studio["film"], seconds("1.001"), seconds("1.517"), seconds("1.416666")),
        Lay(studio["pal"], seconds("0"), seconds("0.4444"), seconds("2.0167")),
    )
    return Timeline((Row(lays),))


def shapes(studio: Studio, size: tuple[int, int]) -> Timeline:
    """Sizes, pixel shapes and aspect ratios mixed, one stored on its side, each fitted in every way."""
    lays, now = [], 0
    for name in ("pal", "ntsc", "disc", "upright", "game", "photo"):
        for fit in FITS:
            lays.append(Lay(studio[name], 0, frames(4, WEB), frames(now, WEB), fit=fit))
            now += 4
    return Timeline((Row(tuple(lays)),), size=size)


def silence(studio: Studio) -> Timeline:
    """A source with no sound between two that have some."""
    pieces = [("web", "1", 15), ("silent", "0.52", 20), ("game", "2", 15)]
    return Timeline((row(studio, WEB, pieces),))


def two_tracks(studio: Studio) -> Timeline:
    """A track over another: the upper covers, both are heard."""
    lower = row(studio, WEB, [("web", "0.2", 40), ("pal", "0", 25)])
    upper = row(studio, WEB, [("film", "1.1", 21), ("", "", 10), ("sport", "0.33", 16)], start=9)
    return Timeline((lower, upper))


def fades(studio: Studio) -> Timeline:
    """Fades from and to nothing, over another picture, and of the whole film."""
    base = Lay(studio["web"], 0, frames(70, WEB), 0, fade_in=frames(10, WEB), fade_out=frames(7, WEB))
    over = Lay(studio["film"], seconds(1), seconds(1) + frames(31, WEB), frames(20, WEB), fade_in=frames(9, WEB))
    out = Lay(studio["ntsc"], 0, frames(30, WEB), frames(70, WEB), fade_out=frames(15, WEB))
    return Timeline((Row((base, out)), Row((over,))))


def whole_film_fades(studio: Studio) -> Timeline:
    """The film fades in and out, across a cut."""
    pieces = [("web", "0", 9), ("film", "1", 30), ("game", "0.4", 11)]
    return Timeline((row(studio, WEB, pieces),), fade_in=frames(15, WEB), fade_out=frames(20, WEB))


def corner(studio: Studio) -> Timeline:
    """A picture in the corner of others, over a cut."""
    lower = row(studio, WEB, [("web", "0.2", 22), ("game", "1", 23)])
    small = Lay(studio["film"], seconds("0.5"), seconds("0.5") + frames(25, WEB), frames(11, WEB), rect=CORNER)
    return Timeline((lower, Row((small,))))


def uneven(studio: Studio, rate: Fraction) -> Timeline:
    """A source whose frames come at odd times, with a pause in it."""
    return Timeline((row(studio, rate, [("phone", "0", 50), ("phone", "1.2", 40), ("phone", "3.01", 9)]),), rate)


def odd_starts(studio: Studio) -> Timeline:
    """Sources whose clock does not start at nought, or whose picture and sound do not start together."""
    names = ("late", "lagging", "early", "disc", "broadcast")
    return Timeline((row(studio, WEB, [(name, at, 17) for name in names for at in ("0", "1.53")]),))


def whole_sources(studio: Studio) -> Timeline:
    """Sources from their first moment to their last, one after another."""
    lays, now = [], 0
    for name in ("film", "early", "disc"):
        whole = seconds(studio[name].length)
        lays.append(Lay(studio[name], 0, whole, now))
        now += whole
    return Timeline((Row(tuple(lays)),))


def beds(studio: Studio) -> Timeline:
    """Music and a voice under pictures, at their volumes; a hidden track and a muted one."""
    music = Lay(
        studio["music"], seconds("0.25"), seconds("2.25"), seconds("0.1"), volume=300_000, fade_out=seconds("0.5")
    )
    voice = Lay(studio["voice"], seconds("1"), seconds("1.8"), seconds("0.905"), volume=800_000)
    pictures = row(studio, WEB, [("silent", "0", 30), ("web", "1", 30)])
    hidden = Row(row(studio, WEB, [("film", "0", 20)]).lays, hidden=True, volume=500_000)
    muted = Row(row(studio, WEB, [("pal", "0", 10)], start=40).lays, muted=True)
    return Timeline((pictures, hidden, muted, Row((music,), "audio"), Row((voice,), "audio")))


def split(studio: Studio) -> Timeline:
    """One take cut in three places without a gap, and once more backwards."""
    onward = [("web", str(Fraction(n, 30)), 11) for n in (30, 41, 52)]
    back = [("web", str(Fraction(n, 30)), 11) for n in (52, 41, 30)]
    return Timeline((row(studio, WEB, onward + back),))


def long_take(studio: Studio) -> Timeline:
    """One take of eight and a half seconds: longer than any one unit."""
    return Timeline((row(studio, NTSC, [("marathon", "0.3", 255)]),), NTSC)


def any_project_rate(studio: Studio, rate: Fraction) -> Timeline:
    """Slower and faster sources in projects of every rate."""
    return Timeline((row(studio, rate, [("game", "0.21", 17), ("film", "2", 19), ("broadcast", "1", 13)]),), rate)


def over_a_still(studio: Studio, rate: Fraction) -> Timeline:
    """A still that fades in and fills the canvas, under a moving picture that does not."""
    still = Lay(studio["photo"], 0, frames(18, rate), 0, fit="stretch", fade_in=frames(9, rate))
    moving = Lay(studio["upright"], 76, 76 + frames(22, rate), 0)
    return Timeline((Row((still,)), Row((moving,))), rate)


def turned_first(studio: Studio) -> Timeline:
    """A film that begins with a source stored on its side: the film itself is not."""
    lays = [Lay(studio["upright"], 0, frames(9, WEB), frames(9 * n, WEB), fit=fit) for n, fit in enumerate(FITS)]
    return Timeline((Row(tuple(lays)),))


def at_the_end(studio: Studio) -> Timeline:
    """What is left of a source when its picture has ended and its sound has not, and the other way round."""
    places = [("early", "3.9995"), ("early", "4.1"), ("lagging", "3.99"), ("lagging", "4.0107"), ("film", "3.96")]
    return Timeline((row(studio, FILM, [(name, at, 3) for name, at in places]),), FILM)


CASES: dict[str, Callable[[Studio], Timeline]] = {
    "odd cuts in 30": lambda studio: odd_cuts(studio, WEB),
    "odd cuts in 29.97": lambda studio: odd_cuts(studio, NTSC),
    "every rate in 30": lambda studio: every_rate(studio, WEB),
    "every rate in 29.97": lambda studio: every_rate(studio, NTSC),
    "on the dot in 30": lambda studio: on_the_dot(studio, WEB),
    "on the dot in 29.97": lambda studio: on_the_dot(studio, NTSC),
    "gaps": gaps,
    "shapes in 16:9": lambda studio: shapes(studio, (320, 180)),
    "shapes in 9:16": lambda studio: shapes(studio, (270, 480)),
    "silence": silence,
    "two tracks": two_tracks,
    "fades": fades,
    "whole film fades": whole_film_fades,
    "corner": corner,
    "uneven in 30": lambda studio: uneven(studio, WEB),
    "uneven in 50": lambda studio: uneven(studio, Fraction(50)),
    "odd starts": odd_starts,
    "whole sources": whole_sources,
    "beds": beds,
    "split": split,
    "long take": long_take,
    "over a still in 30": lambda studio: over_a_still(studio, WEB),
    "over a still in 50": lambda studio: over_a_still(studio, Fraction(50)),
    "turned first": turned_first,
    "at the end": at_the_end,
    "project of 23.976": lambda studio: any_project_rate(studio, FILM),
    "project of 25": lambda studio: any_project_rate(studio, Fraction(25)),
    "project of 60": lambda studio: any_project_rate(studio, Fraction(60)),
}
ON_EVERY_BUILD = (
    "odd cuts in 29.97",
    "on the dot in 30",
    "two tracks",
    "fades",
    "uneven in 30",
    "odd starts",
    "turned first",
    "at the end",
)
BUILDS = builds()
RUNS = [(BUILDS[0], name) for name in CASES] + [(build, name) for build in BUILDS[1:] for name in ON_EVERY_BUILD]


@pytest.fixture(scope="module")
def darkrooms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Darkroom]:
    return {build.name: Darkroom(tmp_path_factory.mktemp(f"units_{build.name}"), build) for build in BUILDS}


@pytest.mark.parametrize(("build", "name"), RUNS, ids=[f"{name}, {build.name}" for build, name in RUNS])
def test_every_frame_and_sample_is_the_one_due(
    studio: Studio, darkrooms: dict[str, Darkroom], build: Build, name: str
) -> None:
    timeline = CASES[name](studio)
    assert faults(darkrooms[build.name].film(timeline), timeline) == []
