"""Where a film and its manifest go: kept free from the request on, filled once, whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from adapters.media.outputs import OutputRoots, Reservation
from adapters.media.paths import MediaRoots
from adapters.render import durable
from adapters.render.manifest import Film
from domain.errors import Refused
from domain.render.events import RenderRequested

SUFFIX = ".manifest.json"


class _OutputOf(msgspec.Struct):
    sha256: str


class _Manifest(msgspec.Struct):
    output: _OutputOf


class Delivery:
    """Two reserved names. One that was filled just before a crash has no reservation any more, and is compared."""

    def __init__(
        self, outputs: OutputRoots, film_path: str, film: Reservation | None, paper: Reservation | None
    ) -> None:
        """Use :meth:`reserve` or :meth:`resume`."""
        self._outputs = outputs
        self._film = film
        self._paper = paper
        self.film_path = film_path
        self.manifest_path = film_path + SUFFIX

    @classmethod
    def reserve(cls, outputs: OutputRoots, wanted: RenderRequested, is_open: Callable[[str], bool]) -> "Delivery":
        """For a new render; output_exists, path_not_allowed and storage_full are refused.

        A job that is not ``is_open`` keeps no name from others: it died before the log had it.
        """
        film = outputs.reserve(wanted.output_path, wanted.job, is_open)
        try:
            paper = outputs.reserve(film.path + SUFFIX, wanted.job, is_open)
        except BaseException:
            film.release()
            raise
        return cls(outputs, film.path, film, paper)

    @classmethod
    def resume(cls, outputs: OutputRoots, wanted: RenderRequested) -> "Delivery":
        """For a render that a crash interrupted, perhaps after its film was put in place."""
        film = _again(outputs, wanted.output_path, wanted.job)
        film_path = film.path if film else wanted.output_path
        return cls(outputs, film_path, film, _again(outputs, film_path + SUFFIX, wanted.job))

    def publish(self, made: Path, film: Film, manifest: bytes) -> None:
        """Put both in place; ``made`` is moved. What is there from before a crash has to be the same film's.

        The manifest comes first, so that a film is never seen without one, and goes again when the film can't come.
        """
        paper = made.with_name("manifest.json")
        paper.write_bytes(manifest)
        if self._paper:
            self._paper.publish(paper)
        elif self._film_of(self.manifest_path) != film.sha256:
            raise Refused("output_exists", "Another file is at the manifest's path by now", path="output_path")
        try:
            self._publish_film(made, film)
        except BaseException:
            Path(self.manifest_path).unlink(missing_ok=True)
            raise

    def _publish_film(self, made: Path, film: Film) -> None:
        if self._film:
            self._film.publish(made)
        elif self._digest(self.film_path) != film.sha256:
            raise Refused("output_exists", "Another file is at the output's path by now", path="output_path")

    def release(self) -> None:
        """Give up the names that are not filled."""
        for reservation in (self._film, self._paper):
            if reservation:
                reservation.release()

    def leave(self) -> None:
        """Keep the names for whichever process goes on with the render."""
        for reservation in (self._film, self._paper):
            if reservation:
                reservation.leave()

    def withdraw(self) -> None:
        """Take away what was put in place."""
        for path in (self.film_path, self.manifest_path):
            durable.remove(Path(path))

    def _digest(self, path: str) -> str:
        if self._is_folder(path):
            return durable.digest(Path(path))
        with MediaRoots(self._outputs.folders).open(path) as there:
            return durable.sha256(Path(f"/dev/fd/{there.descriptor}"))

    def _is_folder(self, path: str) -> bool:
        return Path(path).is_dir() and not Path(path).is_symlink()

    def _film_of(self, path: str) -> str:
        with MediaRoots(self._outputs.folders).open(path) as there:
            text = Path(f"/dev/fd/{there.descriptor}").read_bytes()
        try:
            return msgspec.json.decode(text, type=_Manifest).output.sha256
        except msgspec.MsgspecError:
            return ""


def _again(outputs: OutputRoots, path: str, job: str) -> Reservation | None:
    try:
        return outputs.reserve(path, job)
    except Refused as refusal:
        if refusal.code != "output_exists":
            raise
        return None
