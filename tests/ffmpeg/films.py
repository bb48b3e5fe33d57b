"""Small films by the real planner and the real FFmpeg, to be looked at pixel by pixel and sample by sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import numpy as np
from numpy.typing import NDArray

import rust_core
from adapters.ffmpeg.locate import capabilities
from adapters.render import argv
from adapters.render.join import join
from domain.library.media import FLICKS_PER_SECOND, MediaFile
from domain.render.plan import FfmpegBuild, Plan, Token, Unit, decode
from domain.timeline import events
from tests.formats import by_preset
from tests.oracle.programs import Build, run
from tests.oracle.recipes import Recipe
from tests.oracle.render import described
from tests.oracle.sources import make

WIDTH, HEIGHT, FPS = 320, 180, 30
ALL = events.CANVAS
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]


def flicks(seconds: str | int | Fraction) -> int:
    """Seconds in flicks."""
    return round(Fraction(seconds) * FLICKS_PER_SECOND)


def frames(count: int) -> Fraction:
    """So many frames of the film, in seconds."""
    return Fraction(count, FPS)


@dataclass(frozen=True)
class Laid:
    """Part of a source on a track; times are seconds."""

    source: str
    start: str | int | Fraction
    lasting: str | int | Fraction
    at: str | int | Fraction = 0
    track: int = 0
    fade_in: str | int | Fraction = 0
    fade_out: str | int | Fraction = 0
    volume: int = 1_000_000
    fit: events.Fit = "contain"
    transform: events.Transform = ALL
    effects: tuple[events.Effect, ...] = ()
    keyframes: events.Keyframes = field(default_factory=dict)


def effect(
    kind: str, start: str | int | Fraction = 0, lasting: Fraction | None = None, **params: int | str
) -> events.Effect:
    """An effect on part of its clip."""
    window = events.Window(flicks(start), None if lasting is None else flicks(lasting))
    return events.Effect(kind, kind, dict(params), window)


def title(text: str, start: str | int | Fraction, lasting: Fraction, **params: int | str) -> events.Effect:
    """A text on part of its clip."""
    usual: dict[str, int | str] = {
        "position": "center",
        "font_size": 40,
        "font_color": "white",
        "fade_in": 0,
        "fade_out": 0,
    }
    return effect("text_overlay", start, lasting, **{**usual, "text": text, **params})


def joint(
    kind: str,
    after: int,
    lasting: str | int | Fraction,
    align: events.Align = "center",
    sound: events.Crossfade = "equal_power",
    **params: int | str,
) -> events.Transition:
    """A transition from clip number ``after`` to the next one."""
    ends = f"c{after}", f"c{after + 1}"
    return events.Transition(f"j{after}", *ends, kind, dict(params), flicks(lasting), align, sound)


@dataclass
class Workshop:
    """A folder in which one build of FFmpeg makes sources and films."""

    folder: Path
    build: Build
    media: dict[str, tuple[Path, MediaFile]] = field(default_factory=dict)

    def source(self, name: str, graph: str, *encoder: str) -> str:
        """A source of that file name, made from a graph of FFmpeg's."""
        path = self.folder / name
        run(self.build.ffmpeg, ["-y", "-f", "lavfi", "-i", graph, *encoder, str(path)])
        content = described(path, self.build)
        self.media[content.id] = (path, content)
        return content.id

    def recorded(self, recipe: Recipe) -> str:
        """A source whose pictures and sound say what they are."""
        path = self.folder / f"{recipe.name}{recipe.suffix}"
        make(recipe, path, self.build)
        content = described(path, self.build)
        self.media[content.id] = (path, content)
        return content.id

    def flat(
        self, name: str, colour: tuple[int, int, int], size: str = f"{WIDTH}x{HEIGHT}", space: str = "bt709"
    ) -> str:
        """A source of one colour, two seconds long, its planes as given and its colours tagged."""
        planes = "lutyuv=y={}:u={}:v={}".format(*colour)
        graph = f"color=black:s={size}:r={FPS}:d=2,format=yuv420p,{planes},setparams=range=tv:colorspace={space}"
        return self.source(name, graph, "-c:v", "libx264", "-qp", "4", "-colorspace", space, "-color_range", "tv")

    def plan(
        self,
        laid: Sequence[Laid],
        whole: Sequence[events.Effect] = (),
        background: str = "#000000",
        preset: str = "high",
        joints: Sequence[events.Transition] = (),
    ) -> Plan:
        """The plan of clips on tracks, numbered bottom first."""
        texts = [f"c{index}e{place}" for index, one in enumerate(laid) for place in range(len(one.effects))]
        return self.planned(self.project(laid, whole, background, joints), texts, preset)

    def project(
        self,
        laid: Sequence[Laid],
        whole: Sequence[events.Effect] = (),
        background: str = "#000000",
        joints: Sequence[events.Transition] = (),
    ) -> rust_core.Project:
        """Clips ``c0``, ``c1`` and so on, on tracks ``t0`` and so on."""
        facts = _facts(laid, whole, background, {name: content for name, (_, content) in self.media.items()})
        facts += [events.TransitionAdded(joint) for joint in joints]
        return rust_core.Project.empty().apply([msgspec.msgpack.encode(fact) for fact in facts])

    def planned(self, project: rust_core.Project, texts: Sequence[str] = (), preset: str = "high") -> Plan:
        """The plan of a project; ``texts`` are the effects that draw letters."""
        able = capabilities(self.build.ffmpeg, self.build.ffmpeg.stat().st_mtime_ns)
        fonts = dict.fromkeys(texts, _digest(DEJAVU))
        request = by_preset(preset, FfmpegBuild(able.build, able.script_option), fonts)
        media = {name: content for name, (_, content) in self.media.items()}
        return decode(rust_core.plan(project, msgspec.msgpack.encode(media), msgspec.msgpack.encode(request)))

    def film(self, plan: Plan) -> Path:
        """The finished film."""
        made: dict[str, Path] = {}
        for unit in sorted(plan.units, key=lambda unit: len(unit.needs)):
            made[unit.key] = self.unit(unit, made)
        film = self.folder / f"{plan.plan_hash}.mp4"
        film.unlink(missing_ok=True)
        join(plan, made, film)
        return film

    def unit(self, unit: Unit, made: Mapping[str, Path]) -> Path:
        """A unit's result."""
        out = self.folder / f"{unit.key}{unit.suffix}"
        if not out.exists():
            self._run(unit.argv, unit.files, {key: made[key] for key in unit.needs}, out)
        return out

    def drawn(self, unit: Unit) -> Planes:
        """The frames of a unit as its graph gives them, before any encoder."""
        end = unit.argv.index("-frames:v")
        raw = self.folder / "drawn.yuv"
        raw.unlink(missing_ok=True)
        counted = unit.argv[end : end + 2]
        self._run([*unit.argv[:end], *counted, "-pix_fmt", "yuv420p", "-f", "rawvideo"], unit.files, {}, raw)
        return planes(raw.read_bytes())

    def mixed(self, unit: Unit, made: Mapping[str, Path]) -> NDArray[np.float32]:
        """The samples of a part of the mix as its graph gives them, before any encoder; (samples, 2)."""
        raw = self.folder / "mixed.f32"
        raw.unlink(missing_ok=True)
        argv = [*unit.argv[: unit.argv.index("-c:a")], "-c:a", "pcm_f32le", "-f", "f32le"]
        self._run(argv, unit.files, {key: made[key] for key in unit.needs}, raw)
        return np.frombuffer(raw.read_bytes(), np.float32).reshape(-1, 2)

    def encoded(self, plan: Plan, pcm: NDArray[np.float32]) -> Path:
        """The whole sound of a film in one encode, as its parts are encoded."""
        argv = next(unit.argv for unit in plan.units if unit.kind == "mix")
        encoder = argv[argv.index("-c:a") : argv.index("-map_metadata")]
        raw = ["-y", "-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "-"]
        out = self.folder / "at_once.m4a"
        words = [word for word in encoder if isinstance(word, str)]
        run(self.build.ffmpeg, [*raw, *words, str(out)], stdin=pcm.tobytes())
        return out

    def pixels(self, film: Path) -> Planes:
        """Every frame of a film."""
        argv = ["-i", str(film), "-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo"]
        return planes(run(self.build.ffmpeg, [*argv, "-"]))

    def samples(self, path: Path) -> NDArray[np.float32]:
        """All of a file's sound, (samples, 2), at 48 kHz."""
        return np.frombuffer(
            run(self.build.ffmpeg, ["-i", str(path), "-map", "0:a", "-ar", "48000", "-f", "f32le", "-"]), np.float32
        ).reshape(-1, 2)

    def _run(self, tokens: Sequence[Token], files: Mapping[str, str], units: Mapping[str, Path], out: Path) -> None:
        work = Path(mkdtemp(dir=self.folder))
        argv.prepare(work, files, {_digest(DEJAVU): DEJAVU}, units)
        paths = {name: f"file:{path}" for name, (path, _) in self.media.items()}
        words = argv.fill(tokens, paths, units, out)
        run(self.build.ffmpeg, words if words[-1].endswith(out.name) else [*words, str(out)], folder=work)


def planes(raw: bytes) -> Planes:
    """Frames of 4:2:0 as three arrays (frame, row, column)."""
    whole = WIDTH * HEIGHT
    rows = np.frombuffer(raw, np.uint8).reshape(-1, whole * 3 // 2)
    luma, blue, red = np.split(rows, [whole, whole * 5 // 4], axis=1)
    half = (-1, HEIGHT // 2, WIDTH // 2)
    return luma.reshape(-1, HEIGHT, WIDTH), blue.reshape(half), red.reshape(half)


def colour(pixels: Planes, frame: int, x: int, y: int) -> tuple[int, int, int]:
    """The three numbers of a pixel."""
    luma, blue, red = pixels
    return int(luma[frame, y, x]), int(blue[frame, y // 2, x // 2]), int(red[frame, y // 2, x // 2])


def near(found: Sequence[int], due: Sequence[float], slack: float = 2) -> bool:
    """Whether every number is within ``slack`` of what it should be."""
    return all(abs(one - other) <= slack for one, other in zip(found, due, strict=True))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _facts(
    laid: Sequence[Laid], whole: Sequence[events.Effect], background: str, media: Mapping[str, MediaFile]
) -> list[events.Fact]:
    output = events.Output(WIDTH, HEIGHT, events.Rate(FPS, 1), 48_000, background)
    facts: list[events.Fact] = [events.ProjectCreated("film", output)]
    for number in sorted({one.track for one in laid}):
        sound_only = all(media[one.source].video is None for one in laid if one.track == number)
        kind: events.TrackKind = "audio" if sound_only else "video"
        track = events.Track(f"t{number}", kind, "", 1_000_000, muted=False, hidden=False, locked=False)
        facts.append(events.TrackAdded(track, number))
    for index, one in enumerate(laid):
        facts.append(events.ClipAdded(_clip(f"c{index}", one, media[one.source])))
        facts += [
            events.EffectAdded(f"c{index}", msgspec.structs.replace(effect, id=f"c{index}e{place}"), place)
            for place, effect in enumerate(one.effects)
        ]
    facts += [events.GlobalEffectAdded(effect, place) for place, effect in enumerate(whole)]
    return facts


def _clip(name: str, one: Laid, media: MediaFile) -> events.Clip:
    begin = flicks(one.start)
    source = events.Source(media.id, media.kind, media.duration, media.audio is not None)
    fades = flicks(one.fade_in), flicks(one.fade_out)
    span = (begin, begin + flicks(one.lasting), flicks(one.at))
    return events.Clip(name, f"t{one.track}", source, *span, one.volume, *fades, one.fit, one.transform, one.keyframes)
