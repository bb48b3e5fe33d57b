"""``stoat demo``: the main job on real media, each step through the same REST interface that everybody uses."""

import tempfile
from pathlib import Path

from adapters.cli.demo.server import running_server
from adapters.cli.demo.story import tell
from adapters.cli.failure import USAGE, Failed


def run(folder: Path | None, out: Path | None, *, as_json: bool) -> None:
    """Run it on ``folder`` (the sample footage when None), leaving everything under ``out``."""
    footage = (folder or sample_footage()).resolve()
    if not footage.is_dir():
        raise Failed(f"{footage} is no folder", exit_code=USAGE)
    place = (out or Path(tempfile.mkdtemp(prefix="stoat-demo-"))).resolve()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{place}: {error.strerror}", "choose another folder with --out", USAGE) from error
    with running_server(place, footage, executors=2) as url:
        report = tell(url, footage, place)
    report.print(as_json=as_json)


def sample_footage() -> Path:
    """The real footage that the project keeps."""
    return Path(__file__).resolve().parents[3] / "ops" / "media"
