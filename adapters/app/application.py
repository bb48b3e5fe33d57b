"""The App: every use case, for whoever asks. Made by ``adapters.bootstrap``."""

import asyncio
from dataclasses import dataclass, field

from adapters.app.branches import Branches
from adapters.app.closing import Closing
from adapters.app.comparing import Comparing
from adapters.app.effects import Effects
from adapters.app.exchange import Exchanges
from adapters.app.frames import Frames
from adapters.app.health import Examination
from adapters.app.info import Info, info
from adapters.app.jobs import Jobs
from adapters.app.library import Library
from adapters.app.lists import Lists
from adapters.app.past import Past
from adapters.app.projects import Projects
from adapters.app.renders import Renders
from adapters.app.rewrites import Rewrites
from adapters.app.scans import Scans
from adapters.app.sheets import Sheets
from adapters.app.timeline import Timeline
from adapters.app.webhooks import Webhooks
from adapters.eventstore.port import EventLog
from adapters.eventstore.verify import VerifyReport
from adapters.feed.feed import Feed
from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import running
from adapters.telemetry.metrics import Metrics
from adapters.views.runner import Runner


@dataclass
class App:
    """What can be asked, by group. ``started`` once everything runs."""

    log: EventLog
    views: Runner
    tools: Tools
    metrics: Metrics
    projects: Projects
    timeline: Timeline
    past: Past
    comparing: Comparing
    branches: Branches
    exchanges: Exchanges
    rewrites: Rewrites
    lists: Lists
    library: Library
    scans: Scans
    jobs: Jobs
    effects: Effects
    frames: Frames
    sheets: Sheets
    renders: Renders
    feed: Feed
    webhooks: Webhooks
    health: Examination
    closing: Closing
    started: bool = field(default=False)

    def position(self) -> int:
        """The log's last position."""
        return self.log.position()

    async def verify(self) -> VerifyReport:
        """Prove the log."""
        return await asyncio.to_thread(self.log.verify)

    async def info(self) -> Info:
        """Versions of everything."""
        return await asyncio.to_thread(info, self.log, self.tools)

    def measured(self) -> bytes:
        """The metrics."""
        for view in self.views.status():
            self.metrics.lag.labels(view.name).set(view.lag)
            self.metrics.parked.labels(view.name).set(view.parked)
        self.metrics.queue_depth.set(self.renders.unfinished())
        self.metrics.ffmpeg_active.set(self.renders.under_way() + running())
        return self.metrics.text()
