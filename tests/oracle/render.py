"""The real path from a timeline to a film, without queue and log: probe, fold, plan, run every unit, join.

Units of a plan run one after another in folders as ``domain/render/plan.py`` describes them; results are kept by their
keys, so films that share units share the work.
"""

import asyncio
import json
import shutil
from pathlib import Path

import msgspec

import rust_core
from adapters.ffmpeg.locate import Tools, capabilities
from adapters.media.paths import MediaRoots
from adapters.media.probe import probe
from adapters.render.join import join
from domain.library.media import MediaFile
from domain.render import plan as plans
from tests.oracle.film import Film, open_film
from tests.oracle.programs import Build, run
from tests.oracle.sources import Source
from tests.oracle.timeline import Timeline, facts


def described(path: Path, build: Build) -> MediaFile:
    """A file as the library would describe it, under the file's own name as its id."""
    ffmpeg = build.ffmpeg.resolve()
    tools = Tools(ffmpeg, build.ffprobe.resolve(), capabilities(ffmpeg, ffmpeg.stat().st_mtime_ns))
    with MediaRoots([path.parent]).open(str(path)) as opened:
        description = asyncio.run(probe(opened, tools))
    return msgspec.structs.replace(description.content, id=path.stem)


class Darkroom:
    """Makes films with one build of FFmpeg, in a folder that keeps every unit's result."""

    def __init__(self, folder: Path, build: Build, preset: str = "draft") -> None:
        """``preset`` is the planner's word for how much care the encoder takes."""
        self._folder = folder
        self._build = build
        self._preset = preset
        self._described: dict[str, MediaFile] = {}
        self._films = 0

    def film(self, timeline: Timeline) -> Film:
        """The finished film of a timeline."""
        self._films += 1
        plan = self.plan(timeline)
        paths = {source.path.stem: source.path for source in timeline.sources}
        results: dict[str, Path] = {}
        for unit in _ordered(plan.units):
            result = self._folder / f"{unit.key}{unit.suffix}"
            if not result.exists():
                made = self._ran(unit.argv, unit.files, {key: results[key] for key in unit.needs}, paths, unit.suffix)
                self._inspect(made, unit)
                made.rename(result)
            results[unit.key] = result
        film = self._folder / "film.mp4"
        film.unlink(missing_ok=True)
        join(plan, results, film)
        return open_film(film, self._build)

    def plan(self, timeline: Timeline) -> plans.Plan:
        """The plan of a timeline, from its facts and its sources' descriptions."""
        project = rust_core.Project.empty().apply([msgspec.msgpack.encode(fact) for fact in facts(timeline)])
        media = {source.path.stem: self._description(source) for source in timeline.sources}
        ffmpeg = self._build.ffmpeg.resolve()
        able = capabilities(ffmpeg, ffmpeg.stat().st_mtime_ns)
        build = {"build": able.build, "script_option": able.script_option}
        request = {"preset": self._preset, "ffmpeg": build, "fonts": {}}
        return plans.decode(rust_core.plan(project, msgspec.msgpack.encode(media), msgspec.msgpack.encode(request)))

    def _description(self, source: Source) -> MediaFile:
        name = source.path.stem
        if name not in self._described:
            self._described[name] = described(source.path, self._build)
        return self._described[name]

    def _ran(
        self,
        argv: list[plans.Token],
        files: dict[str, str],
        units: dict[str, Path],
        media: dict[str, Path],
        suffix: str,
    ) -> Path:
        """What FFmpeg made of an argument vector in a folder of its own."""
        work = self._folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, text in files.items():
            (work / name).write_text(text)
        out = self._folder / f"made{suffix}"
        out.unlink(missing_ok=True)

        def word(token: plans.Token) -> str:
            if isinstance(token, str):
                return token
            if token.file is not None:
                return token.file
            path = media[token.media] if token.media else units[token.unit] if token.unit else out
            return f"file:{path}"

        run(self._build.ffmpeg, [word(token) for token in argv], folder=work)
        return out

    def _inspect(self, made: Path, unit: plans.Unit) -> None:
        """Every promise of the plan about a unit holds."""
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
