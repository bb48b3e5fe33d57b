"""Bugs that people make: each breaks a promise of the log or the server, which the campaign named with it must see."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import apsw

from adapters.app import keys
from adapters.app.asking import Condition
from adapters.eventstore import append, backup, chain, connection, proving, queries, refusals, verify, writer
from adapters.eventstore.connection import Readers
from adapters.eventstore.edits import StoredAnswer
from adapters.eventstore.jobs import Failure
from adapters.eventstore.verify import VerifyReport
from domain.timeline import rebase
from ops.campaigns.renders import bugs as renders

Changes = dict[tuple[Any, str], Any]  # what to put in the place of a module's or a class's attribute


@dataclass(frozen=True)
class Bug:
    """A bug: what it replaces with what, and the campaign that must find it."""

    campaign: str
    changes: Callable[[], Changes]


def _answers_too_early() -> Changes:
    def settle(self: writer.Writer, group: list[Any], **_: Any) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for job in group:
            try:
                job.future.set_result(job.work(self._connection))
            except Exception as refused:  # noqa: BLE001 - as the writer itself
                job.future.set_exception(refused)
        self._position = append.head(self._connection).position
        time.sleep(0.2)
        self._connection.execute("COMMIT")
        self._committed(self._position)

    return {(writer.Writer, "_settle"): settle}


def _normal_for_full() -> Changes:
    opening = connection.open_writer
    return {(connection, "open_writer"): lambda path, _: opening(path, "normal")}


class _CommitsEachRow:
    """A connection whose batches are commits of their own, row by row."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def executemany(self, statement: str, rows: list[Any]) -> None:
        for row in rows:
            self._connection.execute(statement, row)
            self._connection.execute("COMMIT; BEGIN IMMEDIATE; SAVEPOINT job")


def _batch_not_atomic() -> Changes:
    writing = append._write
    return {(append, "_write"): lambda connection, *rest: writing(cast(Any, _CommitsEachRow(connection)), *rest)}


def _dedupe_in_memory() -> Changes:
    kept: dict[tuple[str, str], Any] = {}

    def keep(connection: apsw.Connection, provenance: Any, answer: Any, records: list[Any]) -> None:
        body = answer.body if isinstance(answer.body, bytes) else answer.body(records)
        kept[provenance.actor, answer.key] = StoredAnswer(answer.request_hash, answer.status, body, provenance.edit_id)

    return {
        (append, "_keep_answer"): keep,
        (append, "stored_answer"): lambda _, actor, key: kept.get((actor, key)),
    }


def _chain_skips_the_payload() -> Changes:
    linking = chain.link

    def link(previous: bytes, edit: bytes, fact: Any) -> bytes:
        position, stream, version, tag, _, event_id = fact
        return linking(previous, edit, (position, stream, version, tag, b"", event_id))

    return {(chain, "link"): link}


def _chain_skips_the_actor() -> Changes:
    digesting = chain.edit_digest
    return {(chain, "edit_digest"): lambda row: digesting((*row[:6], "", *row[7:]))}


def _no_version_check() -> Changes:
    return {(Condition, "check"): lambda *_: None}


def _no_savepoint() -> Changes:
    def attempt(connection: apsw.Connection, job: Any) -> Any:
        try:
            return job.work(connection)
        except Exception as error:
            if isinstance(error, apsw.Error):
                raise
            return Failure(error)

    return {(writer, "_attempt"): attempt}


def _accepts_after_a_failed_sync() -> Changes:
    def failed(self: writer.Writer, group: list[Any], error: Exception, **_: Any) -> None:
        self._mend()
        for job in group:
            self._connection.execute("BEGIN")
            try:
                job.future.set_result(job.work(self._connection))
            except Exception as refused:  # noqa: BLE001 - as the writer itself
                job.future.set_exception(refused)
            finally:
                self._connection.execute("ROLLBACK")

    return {(writer.Writer, "_settle_failed"): failed}


def _goes_on_after_a_failed_sync() -> Changes:
    return {(refusals, "is_full"): lambda *_: True}  # every failure is held for a want of room


def _restart_trusts_the_cache() -> Changes:
    return {(writer.Writer, "_checkpoint"): lambda _: None}


def _full_disk_is_a_defect() -> Changes:
    return {(refusals, "is_full"): lambda *_: False}


def _backup_without_the_wal() -> Changes:
    def from_file(readers: Readers) -> Callable[[apsw.Connection], None]:
        def write(copy: apsw.Connection) -> None:
            shutil.copyfile(readers.path, copy.db_filename("main"))

        return write

    return {(backup, "from_file"): from_file}


def _verify(overlooks: Callable[[VerifyReport], bool]) -> Changes:
    """A ``verify`` that holds some of its findings for nothing."""
    verifying = verify.verify

    def lenient(*given: Any) -> VerifyReport:
        report = verifying(*given)
        return replace(report, ok=True, fault=None) if report.fault and overlooks(report) else report

    return {(verify, "verify"): lenient}


def _verify_skips_answers() -> Changes:
    return _verify(lambda report: report.fault is not None and "answer" in report.fault.what)


def _verify_stops_early() -> Changes:
    return _verify(lambda report: report.fault is not None and (report.fault.position or 0) > 600)


def _reads_without_proof() -> Changes:
    return {(proving, "first_unproved"): lambda *_: None}


def _time_before_order() -> Changes:
    by_clock = queries._VERSION_AT.replace("ORDER BY first_version DESC", "ORDER BY time_us DESC")
    return {(queries, "_VERSION_AT"): by_clock}


def _rebase_sees_no_overlap() -> Changes:
    return {(rebase, "clashing"): lambda *_: []}


def _key_without_its_body() -> Changes:
    again = keys.again
    return {(keys, "again"): lambda before, _: again(before, before.request_hash)}


BUGS: dict[str, Bug] = {
    "answers_too_early": Bug("kill", _answers_too_early),
    "normal_for_full": Bug("power_cut", _normal_for_full),
    "batch_not_atomic": Bug("power_cut", _batch_not_atomic),
    "dedupe_in_memory": Bug("kill", _dedupe_in_memory),
    "chain_skips_the_payload": Bug("corruption", _chain_skips_the_payload),
    "chain_skips_the_actor": Bug("corruption", _chain_skips_the_actor),
    "no_version_check": Bug("one_winner", _no_version_check),
    "no_savepoint": Bug("torn_wal", _no_savepoint),
    "accepts_after_a_failed_sync": Bug("failing_disk", _accepts_after_a_failed_sync),
    "goes_on_after_a_failed_sync": Bug("failing_disk", _goes_on_after_a_failed_sync),
    "restart_trusts_the_cache": Bug("failing_disk", _restart_trusts_the_cache),
    "full_disk_is_a_defect": Bug("full_disk", _full_disk_is_a_defect),
    "backup_without_the_wal": Bug("backup", _backup_without_the_wal),
    "verify_skips_answers": Bug("corruption", _verify_skips_answers),
    "verify_stops_early": Bug("corruption", _verify_stops_early),
    "reads_without_proof": Bug("corruption", _reads_without_proof),
    "time_before_order": Bug("clock", _time_before_order),
    "rebase_sees_no_overlap": Bug("agents", _rebase_sees_no_overlap),
    "key_without_its_body": Bug("redelivery", _key_without_its_body),
    "joiner_trusts_the_store": Bug("renders", renders.joiner_trusts_the_store),
    "late_results_count": Bug("renders", renders.late_results_count),
    "film_before_its_manifest": Bug("renders", renders.film_before_its_manifest),
    "names_stay_reserved": Bug("renders", renders.names_stay_reserved),
    "children_outlive_the_server": Bug("renders", renders.children_outlive_the_server),
    "crashes_leave_folders": Bug("renders", renders.crashes_leave_folders),
    "full_disk_is_a_crash": Bug("renders", renders.full_disk_is_a_crash),
}
