"""Use cases that take projects from one log to another: export, and import as ops on an empty project."""

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked
from adapters.app.commits import Commits, Proposal
from adapters.app.heads import Head, Heads
from adapters.app.library import Library
from adapters.app.projects import Projects
from adapters.app.travel import NOW, When
from domain.errors import Refused
from domain.ids import EditId, ProjectId, is_id
from domain.timeline.batch import decide_batch
from domain.timeline.decide.project import create
from domain.timeline.exchange import FORMAT, Asset, Building, Exchange, Exported, sources
from domain.timeline.state import apply


class Exchanges:
    """Projects as documents."""

    def __init__(self, heads: Heads, commits: Commits, projects: Projects, library: Library) -> None:
        """Through the one step of every write."""
        self._heads = heads
        self._commits = commits
        self._projects = projects
        self._library = library

    def export(self, project: str, when: When = NOW) -> Exported:
        """A project as it is, or was, with the files that it uses."""
        seen = self._projects.see(project, when)
        return Exported(FORMAT, msgspec.Raw(seen.document), self.assets(seen.document))

    def assets(self, document: bytes) -> list[Asset]:
        """The files that a document uses, as the library knows them."""
        found = (self._library.shelf.files.get(media) for media in sources(document))
        return [
            Asset(known.media, known.description.content.kind, known.path, known.sha256 or "", known.file_size)
            for known in found
            if known is not None and known.description is not None
        ]

    async def take_in(
        self, exchange: Exchange, wanted: str | None, name: str | None, asked: Asked, *, new_id: bool
    ) -> Answered:
        """Begin a project from a document: under its id, under ``wanted``, or under a new one."""
        if wanted is not None and not is_id(wanted):
            raise Refused("invalid_id", "The id is not one", "id")
        fresh = f"project_{uuid_utils.uuid7().hex}" if new_id else exchange.project.id
        new = ProjectId(wanted or fresh)
        if not is_id(new):
            raise Refused("invalid_id", "The document's id is not one", "project.id")
        building = Building(exchange.project, self._linked(exchange))

        def propose(head: Head, edit: EditId) -> Proposal:
            try:
                begun = create(exchange.project.name if name is None else name, building.output)
                empty = apply(head.tip, begun)
                decided = decide_batch(building.ops, empty, self._library, edit)
            except Refused as refused:
                raise building.located(refused) from None
            return Proposal(edit, [*begun, *decided.facts], head.tip, decided.project, new)

        return await self._commits.write(lambda: self._heads.begin(new), asked, propose, kind="import", status=201)

    def _linked(self, exchange: Exchange) -> dict[str, str]:
        """The library's id of every asset, found by content; refuses where one is not here."""
        shelf = self._library.shelf
        linked: dict[str, str] = {}
        missing: list[Asset] = []
        for asset in exchange.assets:
            here = [known.media for known in shelf.with_content(asset.sha256) if known.status == "ready"]
            if here:
                linked[asset.id] = asset.id if asset.id in here else here[0]
            else:
                missing.append(asset)
        if missing:
            names = ", ".join(asset.path.rpartition("/")[2] for asset in missing[:5])
            message = f"{len(missing)} of the project's files are not in this library: {names}"
            raise Refused("source_missing", message, "assets", [asset.sha256 for asset in missing])
        return linked
