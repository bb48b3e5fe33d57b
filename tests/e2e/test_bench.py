"""The benchmarks of the log on a small one: it is as large as it should be, it holds, and everything is measured."""

from pathlib import Path

from adapters.cli.bench import memory, travel, whole
from adapters.cli.bench.grown import Size, grow
from adapters.eventstore.bench import WRITERS, measure_appends
from adapters.eventstore.reading import open_log
from projections.catalogue import projections


def test_a_grown_log_is_measured(tmp_path: Path) -> None:
    size = Size(edits=1_500, facts=5_500)
    log, views = tmp_path / "log.db", tmp_path / "views"
    grow(log, size)
    reader = open_log(log)
    report = reader.verify()
    assert (report.ok, report.events) == (True, size.facts)
    assert reader.version("project-long") == size.edits
    reader.close()
    figures = [*travel.measure(log, size.edits), *memory.measure(log, size.edits), *whole.measure(log, views)]
    assert all(figure.value > 0 for figure in figures)
    rebuilt = {figure.what for figure in figures if figure.what.startswith("rebuild of")}
    assert rebuilt == {f"rebuild of {p.name}" for p in projections()} | {"rebuild of all views"}
    assert {path.stem for path in views.glob("*.db")} >= {projection.name for projection in projections()}


def test_every_number_of_writers_is_measured_beside_the_others(tmp_path: Path) -> None:
    rates = measure_appends(tmp_path, 0.02)
    assert set(rates.ours) == set(rates.library) == set(rates.shared) == set(WRITERS)
    assert all(rate > 0 for slices in (rates.raw, *rates.ours.values(), *rates.library.values()) for rate in slices)
    assert rates.default == "FULL"
