"""Everything that can be refused, as one closed table: code -> kind, title, suggestion.

A code's name is a contract. ``kind`` says what sort of answer it is; ``adapters/http/problem.py`` gives each kind its
status. The Rust core refuses with a subset of these codes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "malformed",
    "missing",
    "conflict",
    "stale",
    "rule",
    "too_large",
    "unavailable",
    "unsupported",
    "method",
    "full",
    "busy",
    "broken",
]


@dataclass(frozen=True)
class Rule:
    """What a code means: a heading for people and what to try next."""

    kind: Kind
    title: str
    suggestion: str


RULES: dict[str, Rule] = {
    # input that could not be read
    "malformed_json": Rule(
        "malformed", "The body is no JSON", "Send one JSON object, UTF-8, without NaN or repeated keys."
    ),
    "invalid_field": Rule(
        "rule", "A field has no allowed value", "See the field named in errors[]; GET /openapi.json has every shape."
    ),
    "body_too_large": Rule("too_large", "The body is too large", "Split the batch; a body may have 1 MiB."),
    "unsupported_media_type": Rule("unsupported", "The body is not JSON", "Send Content-Type: application/json."),
    "not_found": Rule("missing", "Nothing is there", "GET /openapi.json lists every route."),
    "method_not_allowed": Rule(
        "method", "That route does not take that method", "GET /openapi.json lists every route."
    ),
    # the document's rules (most come from the Rust core)
    "unknown_fact": Rule(
        "unavailable",
        "The log holds a fact that this version does not know",
        "Open the log with the version that wrote it, or newer.",
    ),
    "malformed_fact": Rule("rule", "A fact has the wrong shape", "Run `stoat log verify`; the log may be damaged."),
    "schema_gap": Rule(
        "broken",
        "A shape in which facts were stored can't be read any more",
        "This is a defect of this version: install another one, and report it with the message.",
    ),
    "rate_unsupported": Rule(
        "rule",
        "Not a frame rate that a timeline can have",
        'Use a whole number from 1 to 240 or a fraction such as "30000/1001".',
    ),
    "unknown_project": Rule("missing", "No such project", "GET /api/v1/projects lists them."),
    "project_exists": Rule("conflict", "That project exists already", "Choose another id, or leave it out."),
    "unknown_track": Rule("missing", "No such track in this project", "GET the project to see its tracks."),
    "unknown_clip": Rule("missing", "No such clip in this project", "GET the project to see its clips."),
    "unknown_group": Rule("missing", "No clip of this project is in that group", "GET the project to see its clips."),
    "unknown_effect": Rule("missing", "No such effect in this project", "GET the project to see its effects."),
    "unknown_layout": Rule("rule", "No layout has that name", "GET /api/v1/compose/layouts lists them."),
    "unknown_effect_type": Rule("rule", "No effect has that name", "GET /api/v1/effects lists them."),
    "unknown_transition": Rule(
        "missing", "No such transition in this project", "GET the project to see its transitions."
    ),
    "unknown_transition_type": Rule("rule", "No transition has that name", "GET /api/v1/transitions lists them."),
    "unknown_media": Rule(
        "missing", "No such file in the library", "Scan its folder with POST /api/v1/videos/scan, then search for it."
    ),
    "media_missing": Rule(
        "conflict", "The file has gone since it was scanned", "Put it back, or scan again and use another source."
    ),
    "media_unreadable": Rule(
        "rule", "The file can't be used as media", "Look at the library entry's error, or replace the file."
    ),
    "id_taken": Rule("conflict", "That id is in use in this project", "Choose another id, or leave it out."),
    "invalid_id": Rule("rule", "Not an id", "Use 1 to 64 letters, digits, _ and -."),
    "track_locked": Rule("conflict", "The track is locked", "Unlock it with update_track {locked: false}."),
    "clips_overlap": Rule(
        "conflict", "Two clips of one track would overlap", "Choose another time, trim a clip, or use another track."
    ),
    "not_adjacent": Rule(
        "rule", "No clip lies right beside this one", "Move the clips together first, or trim this one by itself."
    ),
    "transition_broken": Rule(
        "conflict",
        "The clips of a transition would come apart",
        "Ripple, roll or slide so that they go on touching, or remove_transition first.",
    ),
    "transitions_overlap": Rule(
        "conflict",
        "Two transitions of a clip would share a moment, or one is longer than its clip",
        "Make it shorter, align it to start or end at its cut, or use update_transition on the one that is there.",
    ),
    "no_handles": Rule(
        "rule",
        "A transition needs more of a source beyond the cut than there is",
        "Make it shorter, align it to start or end at the cut, or trim or slip the clip so that more is left there.",
    ),
    "lies_beneath": Rule(
        "rule",
        "A clip would lie beneath one that it is to cover",
        "Put its track higher with reorder_tracks, or name the clips the other way round.",
    ),
    "empty_range": Rule(
        "rule", "The range is empty or runs backwards", "The end must lie behind the start: out_point behind in_point."
    ),
    "outside_source": Rule(
        "rule", "The range reaches past the end of the source", "GET the video to see its duration."
    ),
    "outside_timeline": Rule(
        "rule",
        "The time lies outside what a timeline can hold",
        "Use a time from 0 to 10 days; of a film, one before its end: GET the project to see its duration.",
    ),
    "wrong_kind": Rule(
        "rule",
        "The source does not have what the track needs",
        "Put sound on an audio track and pictures on a video track.",
    ),
    "out_of_range": Rule("rule", "The value is outside its range", "See the field named in errors[]."),
    "bad_parameter": Rule(
        "rule",
        "That parameter is not taken",
        "GET /api/v1/effects/{type}/schema, or for layouts GET /api/v1/compose/layouts, shows what is taken.",
    ),
    "limit_exceeded": Rule("rule", "A limit was reached", "See the message for which."),
    "not_a_permutation": Rule(
        "rule", "The list must name every present id exactly once", "GET the project to see them."
    ),
    "glyphs_missing": Rule(
        "rule",
        "No font on this machine can draw all of the text",
        "Install a font that has the characters named, or leave them out.",
    ),
    # history
    "nothing_to_undo": Rule(
        "conflict",
        "That actor has nothing left to undo",
        'GET the history, or undo with actor "*" for anybody\'s edits.',
    ),
    "nothing_to_redo": Rule("conflict", "That actor has nothing left to redo", "GET the history."),
    "edit_has_dependents": Rule(
        "conflict",
        "Later edits stand on that edit",
        "Undo the edits named in conflicts[] first, or revert with cascade to take them back together.",
    ),
    "edit_cannot_return": Rule(
        "conflict",
        "What the edit stood on has gone",
        "Restore the edits that it stood on first, or make the edit anew.",
    ),
    "edit_not_active": Rule(
        "conflict", "Nothing of that edit is left to take back", "GET the history to see which edits count."
    ),
    "edit_not_revertible": Rule("rule", "A project can't be without that edit", "To end the project, DELETE it."),
    "unknown_version": Rule("missing", "The project has no such version", "GET the project to see its newest version."),
    "unknown_edit": Rule("missing", "No such edit", "GET the project's history."),
    "version_conflict": Rule(
        "conflict",
        "The project has moved on",
        "Read the project again and send the edit with its current version, or, as a batch of ops, "
        'with on_conflict "rebase": it is accepted where nothing that it is about has changed.',
    ),
    "edit_conflict": Rule(
        "conflict",
        "Somebody else changed what this edit is about",
        "Look at facts and current; send suggested_ops, or other ops, with the current version.",
    ),
    "merge_conflict": Rule(
        "conflict",
        "Some edits can't be decided again here",
        "See replayed[]: name those edits in skip, and send their suggested_ops as edits.",
    ),
    "not_a_fork": Rule(
        "rule", "The projects have no common past", "Merge a fork into what it was forked from, or the other way round."
    ),
    "stale_etag": Rule(
        "stale",
        "If-Match names another version",
        'GET it again for its current ETag, and try with that; a batch of ops may say on_conflict "rebase".',
    ),
    "key_reused": Rule(
        "rule", "That Idempotency-Key came with another body before", "Use a new key for a new request."
    ),
    "ambiguous_id": Rule(
        "conflict", "More than one project has a thing of that id", "Name the project: /projects/{id}/clips/{clip}."
    ),
    "snapshot_unusable": Rule("unavailable", "A snapshot can't be used", "Nothing to do: the log is folded instead."),
    # files
    "path_not_allowed": Rule(
        "rule", "The path is not one that may be used", "Use a plain file under the media or output roots."
    ),
    "output_exists": Rule("conflict", "A file of that name is there already", "Choose another output_path."),
    # jobs and rendering
    "unknown_job": Rule("missing", "No such job", "GET /api/v1/render/jobs lists them."),
    "job_finished": Rule("conflict", "The job has ended already", "GET the job to see how."),
    "output_not_ready": Rule("conflict", "The job has no output", "Wait until its status is completed."),
    "format_unsupported": Rule(
        "rule", "Films are not made like that", "GET /api/v1/render/presets shows what goes with what."
    ),
    "encoder_unavailable": Rule(
        "conflict",
        "The FFmpeg of this machine has no encoder for it that works",
        "GET /api/v1/render/encoders shows which do.",
    ),
    "nothing_changed": Rule(
        "rule",
        "The picture is the same in both",
        "GET /projects/{id}/diff says what else differs.",
    ),
    "nothing_to_render": Rule("rule", "The timeline is empty", "Add a clip first."),
    "source_missing": Rule(
        "conflict",
        "A source of the timeline can't be used any more",
        "Put the file back and scan its folder, or replace_source in the clips that show it.",
    ),
    "malformed_request": Rule(
        "malformed", "The request to the planner is malformed", "This is a defect: report it with the correlation id."
    ),
    "render_failed": Rule(
        "unavailable", "The render failed", "See the job's error; GET /health/ready shows what is wrong."
    ),
    "source_changed": Rule("conflict", "A source has other content than when it was scanned", "Scan its folder again."),
    "unit_failed": Rule(
        "unavailable", "FFmpeg could not make a part of the film", "See the job's error for its words."
    ),
    "unit_timeout": Rule(
        "unavailable", "A part of the film took far too long", "Look at the machine's load, then retry."
    ),
    "unit_lost": Rule(
        "unavailable", "A part of the film was lost with its executors", "Look at the executors' logs, then retry."
    ),
    "segment_lost": Rule(
        "unavailable", "A finished part of the film went missing", "Check DATA_DIR's disk, then retry."
    ),
    "result_wrong": Rule(
        "unavailable", "FFmpeg's result is not what was planned", "This is a defect: report it with the job's error."
    ),
    "queue_full": Rule("busy", "Too many renders are waiting", "Try again when one has ended."),
    # feeds
    "cursor_ahead": Rule(
        "conflict",
        "The log does not reach that far",
        "Begin again from a position that the log has: it may have been restored from an older backup.",
    ),
    "unknown_webhook": Rule("missing", "No such webhook", "GET /api/v1/webhooks lists them."),
    "unknown_dead_letter": Rule(
        "missing", "No such dead letter", "GET /api/v1/webhooks/{id}/dead-letters lists those that wait."
    ),
    "url_not_allowed": Rule(
        "rule",
        "Webhooks may not go to that URL",
        "Use https and a host with public addresses; STOAT_WEBHOOK_ALLOW_PRIVATE allows others.",
    ),
    "webhook_failing": Rule(
        "unavailable", "The endpoint goes on failing", "Mend it, then POST /api/v1/webhooks/{id}/enable."
    ),
    "webhook_gone": Rule("conflict", "The endpoint says that it is gone", "Remove the webhook, or enable it again."),
    # the machine
    "invalid_setting": Rule("rule", "A setting has no allowed value", "The README's table lists every STOAT_ setting."),
    "storage_full": Rule("full", "The disk is full", "Free space under DATA_DIR; reads go on working."),
    "log_newer": Rule(
        "unavailable",
        "A newer version made this log",
        "Open it with the version that made it, or newer; `stoat --version` says which this one is.",
    ),
    "log_unavailable": Rule("unavailable", "The log can't be written", "GET /health/ready says why."),
    "log_not_durable": Rule(
        "unavailable",
        "The log's server can lose what it has accepted",
        "Set fsync and full_page_writes to on in postgresql.conf, or STOAT_DURABILITY=normal if that may happen.",
    ),
    "outcome_unknown": Rule(
        "unavailable",
        "Nobody can say now whether the edit was kept",
        "Send it again with the same Idempotency-Key, or read the project first.",
    ),
    "extra_missing": Rule(
        "unavailable",
        "A package that this setting needs is not installed",
        "Run .venv/bin/pip install 'psycopg[binary,pool]' or unset STOAT_LOG.",
    ),
    "view_unavailable": Rule(
        "unavailable", "A view can't be read now", "Try again in a moment; GET /health/ready says how far it is."
    ),
    "broker_unavailable": Rule(
        "unavailable", "NATS can't be reached", "GET /health/ready says why; accepted work goes on when it is back."
    ),
    "ffmpeg_unavailable": Rule("unavailable", "FFmpeg is missing or unusable", "Run `stoat doctor`."),
    "log_corrupt": Rule(
        "unavailable", "The log does not prove itself", "Restore a backup; `stoat log verify` names the position."
    ),
    "draining": Rule("unavailable", "The server is shutting down", "Try again in a moment."),
    "internal_error": Rule("broken", "Something went wrong here", "Report it with the correlation id."),
}


@dataclass(eq=False)
class Refused(Exception):
    """A request was refused by a named rule and changed nothing.

    ``path`` is the field at fault; ``ids`` what it is about; ``extra`` goes into the answer beside the standard fields.
    """

    code: str
    message: str
    path: str | None = None
    ids: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Only codes of the table exist."""
        super().__init__(self.message)
        RULES[self.code]

    def __str__(self) -> str:
        """``code: message``, for logs."""
        return f"{self.code}: {self.message}"


@contextmanager
def calling(**names: str) -> Iterator[None]:
    """Inside, a refusal names its field as whoever asked calls it: ``calling(project="source")``."""
    try:
        yield
    except Refused as refused:
        refused.path = names.get(refused.path or "", refused.path)
        raise
