"""The real path from a timeline to a film, without queue and log: probe, fold, plan, run every unit, join.

Units of a plan run one after another in folders as ``domain/render/plan.py`` describes them; results are kept by their
keys, so films that share units share the work.
"""

import asyncio
import json
import shutil
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp

import msgspec

import rust_core
from adapters.ffmpeg.locate import Tools, capabilities
from adapters.media.paths import MediaRoots
from adapters.media.probe import probe as media_probe
from adapters.render import argv, durable
from adapters.render.assemble import assemble
from adapters.render.join import join
from adapters.render.manifest import Film as Finished
from adapters.render.results import check, check_heard, probe
from adapters.render.segments import Sidecar, Stored
from domain.library.media import MediaFile
from domain.render import plan as plans
from domain.render.formats.format import Settings
from domain.render.formats.presets import chosen
from tests.formats import asked
from tests.oracle.film import Film, open_film
from tests.oracle.programs import Build, run
from tests.oracle.sources import Source
from tests.oracle.timeline import Timeline, facts


def tools_of(build: Build) -> Tools:
    """A build as the product knows it."""
    ffmpeg = build.ffmpeg.resolve()
    return Tools(ffmpeg, build.ffprobe.resolve(), capabilities(ffmpeg, ffmpeg.stat().st_mtime_ns))


def described(path: Path, build: Build) -> MediaFile:
    """A file as the library would describe it, under the file's own name as its id."""
    with MediaRoots([path.parent]).open(str(path)) as opened:
        description = asyncio.run(media_probe(opened, tools_of(build)))
    return msgspec.structs.replace(description.content, id=path.stem)


class Darkroom:
    """Makes films with one build of FFmpeg, in a folder that keeps every unit's result."""

    def __init__(self, folder: Path, build: Build, preset: str = "draft", settings: Settings | None = None) -> None:
        """Films are made as a preset and the settings over it say."""
        self._folder = folder
        self._build = build
        self._made_as = chosen(preset, settings)
        self._described: dict[str, MediaFile] = {}

    def film(self, timeline: Timeline) -> Film:
        """The finished film of a timeline."""
        plan = self.plan(timeline)
        results = self.units(plan, timeline)
        film = self._folder / "film.mp4"
        film.unlink(missing_ok=True)
        join(plan, results, film)
        return open_film(film, self._build)

    def delivered(self, timeline: Timeline, part: plans.Range | None = None) -> tuple[Path, Finished]:
        """The finished file or folder of a timeline as the coordinator makes it, and what it found in it."""
        plan = self.plan(timeline, part)
        results = self.units(plan, timeline)
        stored = {
            key: Stored(path, Sidecar(durable.sha256(path), path.stat().st_size, 0, None, None))
            for key, path in results.items()
        }
        folder = Path(mkdtemp(dir=self._folder))
        return asyncio.run(assemble(plan, self._made_as.file, stored, folder, tools_of(self._build)))

    def units(self, plan: plans.Plan, timeline: Timeline) -> dict[str, Path]:
        """The results of a plan's units, by key."""
        paths = {source.path.stem: source.path for source in timeline.sources}
        results: dict[str, Path] = {}
        for unit in _ordered(plan.units):
            result = self._folder / f"{unit.key}{unit.suffix}"
            if not result.exists():
                made = self._ran(unit, {key: results[key] for key in unit.needs}, paths)
                self._inspect(made, unit)
                made.rename(result)
            results[unit.key] = result
        return results

    def plan(self, timeline: Timeline, part: plans.Range | None = None) -> plans.Plan:
        """The plan of a timeline or a part of it, from its facts and its sources' descriptions."""
        project = rust_core.Project.empty().apply([msgspec.msgpack.encode(fact) for fact in facts(timeline)])
        media = {source.path.stem: self._description(source) for source in timeline.sources}
        able = tools_of(self._build).capabilities
        build = plans.FfmpegBuild(able.build, able.script_option)
        request = asked(self._made_as, build, {}, part, Fraction(project.frames) / timeline.rate)
        return plans.decode(rust_core.plan(project, msgspec.msgpack.encode(media), msgspec.msgpack.encode(request)))

    def _description(self, source: Source) -> MediaFile:
        name = source.path.stem
        if name not in self._described:
            self._described[name] = described(source.path, self._build)
        return self._described[name]

    def _ran(self, unit: plans.Unit, units: dict[str, Path], media: dict[str, Path]) -> Path:
        """What FFmpeg made of a unit in a folder of its own."""
        work = self._folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        argv.prepare(work, unit.files, {}, units)
        out = self._folder / f"made{unit.suffix}"
        out.unlink(missing_ok=True)
        places = {name: f"file:{path}" for name, path in media.items()}
        for tokens in filter(None, (unit.first, unit.argv)):
            run(self._build.ffmpeg, argv.fill(tokens, places, units, out), folder=work)
        return out

    def _inspect(self, made: Path, unit: plans.Unit) -> None:
        """Every promise of the plan about a unit holds."""
        if unit.kind == "sound" and made.suffix != ".m4a":
            asyncio.run(check_heard(tools_of(self._build), made, unit.expect))
            return
        if unit.kind in ("picture", "sound"):
            check(asyncio.run(probe(tools_of(self._build), made, reading=True)), unit.expect)
            return
        counted = [
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames,width,height,duration_ts,sample_rate,channels",
        ]
        stream = json.loads(run(self._build.ffprobe, [*counted, "-of", "json", str(made)]))["streams"][0]
        due = {name: value for name, value in msgspec.structs.asdict(unit.expect).items() if value is not None}
        names = {"frames": "nb_read_frames", "samples": "duration_ts"}
        found = {name: int(stream[names.get(name, name)]) for name in due}
        assert found == due, f"{unit.kind} unit: {found}, due is {due}"


def _ordered(units: list[plans.Unit]) -> list[plans.Unit]:
    """Units so that each comes after those that it needs."""
    done: dict[str, plans.Unit] = {}
    waiting = list(units)
    while waiting:
        ready = [unit for unit in waiting if all(key in done for key in unit.needs)]
        assert ready, "units that need each other"
        done |= {unit.key: unit for unit in ready}
        waiting = [unit for unit in waiting if unit.key not in done]
    return list(done.values())
