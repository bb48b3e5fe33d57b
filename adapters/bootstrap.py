"""The composition root: which pieces there are and how they hold together. Nothing else names them all.

program = build(settings)          # opens the log, finds FFmpeg; refuses with a code
app = await program.start()        # NATS, views, coordinator, executors; gives the App
api = adapters.http.api.create_api(app)   # for uvicorn, in the same event loop
program.drain()                    # when shutdown begins: streams end, writes are refused
await program.stop()               # the other way round, after the last request
"""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from adapters.app.application import App
from adapters.app.branches import Branches
from adapters.app.closing import Closing
from adapters.app.commits import Commits
from adapters.app.comparing import Comparing
from adapters.app.counting import Counting
from adapters.app.effects import Effects
from adapters.app.exchange import Exchanges
from adapters.app.frames import Frames
from adapters.app.heads import Heads
from adapters.app.health import Examination
from adapters.app.jobs import Jobs
from adapters.app.keys import Keys
from adapters.app.library import Library
from adapters.app.lists import Lists
from adapters.app.past import Past
from adapters.app.planner import Planner
from adapters.app.projects import Projects
from adapters.app.renders import Renders
from adapters.app.rewrites import Rewrites
from adapters.app.scans import Scans
from adapters.app.sheets import Sheets
from adapters.app.steps import Steps
from adapters.app.timeline import Timeline
from adapters.app.travel import Travel
from adapters.app.webhooks import Webhooks
from adapters.broker.nats import NatsBroker
from adapters.broker.nats_events import NatsEvents
from adapters.broker.server import private_server
from adapters.eventstore.opening import open_log
from adapters.feed.feed import Feed
from adapters.ffmpeg.locate import locate
from adapters.media.fonts import Fonts
from adapters.media.outputs import OutputRoots
from adapters.media.paths import MediaRoots
from adapters.projectfiles.mirror import Mirror
from adapters.render.coordinator import Coordinator
from adapters.render.make import Maker
from adapters.render.pool import executors
from adapters.render.segments import SegmentStore
from adapters.settings import Settings
from adapters.tasks import end
from adapters.telemetry.metrics import Metrics
from adapters.views.queries import Queries
from adapters.views.runner import Runner
from adapters.webhooks.hooks import Hooks
from domain import catalogue
from domain.errors import Refused
from projections.catalogue import projections

_log = structlog.get_logger("server")


class Program:
    """Everything that one server is made of, between ``start`` and ``stop``."""

    def __init__(self, settings: Settings) -> None:
        """Open what can be opened without an event loop."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._tools = locate(settings.ffmpeg)
        self._roots, self._outputs = _roots(settings)
        self._metrics = Metrics()
        self._store = SegmentStore(settings.data_dir / "segments")
        self._log = open_log(settings.log_url, settings.data_dir, settings.durability)
        self._views = Runner(self._log, settings.data_dir / "views", projections())
        self._feed = Feed(self._log)
        self._closing = Closing()
        self._keys = Keys(self._log)
        self._jobs = Jobs(self._keys, self._closing)
        self._stack = AsyncExitStack()

    async def start(self) -> App:
        """Bring everything up, in the running loop; what fails takes the rest down again."""
        try:
            app = await self._started()
        except BaseException:
            await self.stop()
            raise
        app.started = True
        return app

    def drain(self) -> None:
        """Let what is under way end: no stream goes on, no write begins."""
        self._feed.close()
        self._closing.begin()

    async def stop(self) -> None:
        """Take everything down in the opposite order. What was accepted is on disk."""
        self.drain()
        await self._stack.aclose()
        await self._jobs.stop()
        await asyncio.to_thread(self._views.stop)
        await asyncio.to_thread(self._log.close)

    async def _started(self) -> App:
        self._feed.open()
        self._views.start()
        found = asyncio.create_task(asyncio.to_thread(self._log.tags))
        broker = await self._broker()
        catalogue.SHAPES.must_know(await found)
        heads = Heads(self._log, self._metrics)
        self._stack.push_async_callback(asyncio.to_thread, heads.close)
        commits = Commits(self._log, heads, self._keys, self._metrics)
        fonts = await asyncio.to_thread(Fonts.of_the_system)
        library = Library(self._log, self._keys, self._roots, fonts)
        travel = Travel(self._log, heads)
        projects = Projects(self._log, heads, commits, travel, library, self._metrics)
        past = Past(self._log, heads, travel)
        planner = Planner(projects.at, library, fonts, self._tools, self._metrics)
        coordinator = await self._coordinator(broker, planner)
        lists = Lists(self._log, self._views, Queries(self._settings.data_dir / "views"))
        exchanges = Exchanges(heads, commits, projects, library)
        mirror = Mirror(self._log, self._feed, projects, exchanges, self._settings.data_dir / "projects")
        self._beside(mirror.run())
        hooks = await self._hooks()
        self._beside(Counting(self._metrics).run(self._feed, self._log.position()))
        frames = Frames(projects, planner, Maker(self._tools, self._store, self._roots))
        return App(
            log=self._log,
            views=self._views,
            tools=self._tools,
            metrics=self._metrics,
            projects=projects,
            timeline=Timeline(projects),
            past=past,
            comparing=Comparing(heads, travel, projects, past),
            branches=Branches(heads, commits, travel, Steps(self._log, heads), library),
            exchanges=exchanges,
            rewrites=Rewrites(heads, commits, travel, self._metrics),
            lists=lists,
            library=library,
            scans=Scans(self._keys, self._jobs, library, self._roots, self._tools, self._metrics),
            jobs=self._jobs,
            effects=Effects(self._metrics),
            frames=frames,
            sheets=Sheets(projects, planner, frames),
            renders=Renders(
                self._keys,
                projects,
                lists,
                coordinator,
                planner,
                self._store,
                self._settings.film_roots[0],
                self._closing,
            ),
            feed=self._feed,
            webhooks=Webhooks(self._log, self._keys, self._feed, hooks),
            health=Examination(self._log, self._views, broker, self._tools, self._settings.data_dir),
            closing=self._closing,
        )

    async def _broker(self) -> NatsBroker:
        """NATS, private unless the settings name one, with our executors on it."""
        chosen = self._settings
        url = chosen.nats_url
        if url is None:
            url = await self._stack.enter_async_context(private_server(chosen.data_dir / "nats"))
        broker = await NatsBroker.connect(url)
        self._stack.push_async_callback(broker.close)
        self._beside(NatsEvents(url, self._log, self._feed).run())
        environment = {
            "STOAT_NATS_URL": url,
            "STOAT_DATA_DIR": str(chosen.data_dir),
            "STOAT_LOG_LEVEL": chosen.log_level,
            "STOAT_LOG_FORMAT": chosen.log_format,
        }
        roots = os.pathsep.join(str(root) for root in chosen.media_roots)
        environment |= {"STOAT_MEDIA_ROOTS": roots} if roots else {}
        environment |= {"STOAT_FFMPEG": str(chosen.ffmpeg)} if chosen.ffmpeg else {}
        await self._stack.enter_async_context(executors(chosen.executors, environment))
        return broker

    async def _hooks(self) -> Hooks:
        chosen = self._settings
        folder, allow = chosen.data_dir / "webhooks", chosen.webhook_allow_private
        hooks = Hooks(self._log, self._feed, self._metrics, folder, allow_private=allow)
        self._stack.push_async_callback(hooks.stop)
        await hooks.start()
        return hooks

    async def _coordinator(self, broker: NatsBroker, planner: Planner) -> Coordinator:
        coordinator = Coordinator(
            self._log,
            broker,
            self._store,
            self._outputs,
            self._tools,
            planner,
            open_limit=self._settings.max_queued_renders,
            timeout_factor=self._settings.render_timeout_factor,
        )
        await coordinator.start()
        self._stack.push_async_callback(coordinator.stop)
        return coordinator

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it until the stop; what breaks it is told."""

        async def told() -> None:
            try:
                await work
            except Exception:  # noqa: BLE001 - the server goes on without it
                _log.exception("work_broken")

        self._stack.push_async_callback(end, [asyncio.create_task(told())])


def build(settings: Settings) -> Program:
    """A server's pieces, not yet running. Refuses where a folder, FFmpeg or the log is not fit for use."""
    return Program(settings)


def _roots(settings: Settings) -> tuple[MediaRoots, OutputRoots]:
    for folder in settings.film_roots if not settings.output_roots else ():
        folder.mkdir(parents=True, exist_ok=True)
    try:
        return MediaRoots(settings.media_roots), OutputRoots(settings.film_roots)
    except ValueError as error:
        raise Refused("invalid_setting", str(error), "STOAT_MEDIA_ROOTS or STOAT_OUTPUT_ROOTS") from None
