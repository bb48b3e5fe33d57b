"""What to try next, for a person at a terminal: by code where the server speaks of its routes and its JSON."""

from domain.errors import RULES

_HINTS = {
    "invalid_field": "Correct the field that is named; --help has every option, /docs on the server every op.",
    "body_too_large": "Split it into smaller batches.",
    "unsupported_media_type": "Use the `stoat` of the server's own version: `stoat --version`.",
    "not_found": "Use the `stoat` of the server's own version: `stoat --version`.",
    "method_not_allowed": "Use the `stoat` of the server's own version: `stoat --version`.",
    "unknown_project": "`stoat project list` has them all.",
    "project_exists": "Give another one: --id ID, or --new-id.",
    "unknown_track": "`stoat project show PROJECT` has its tracks.",
    "unknown_clip": "`stoat project show PROJECT` has its clips.",
    "unknown_effect": "`stoat project show PROJECT --json` has its effects with their ids.",
    "unknown_effect_type": "`stoat effects` has them all.",
    "unknown_group": "`stoat project show PROJECT --json` has the clips with their groups.",
    "unknown_transition": "`stoat project show PROJECT --json` has its transitions.",
    "unknown_transition_type": "`stoat transitions` has them all.",
    "unknown_layout": "`stoat layouts` has them all.",
    "unknown_media": "`stoat scan` its folder, then `stoat search` for it.",
    "media_unreadable": "`stoat scan` its folder says what is the matter; replace the file.",
    "path_not_allowed": "Use a plain file under the STOAT_MEDIA_ROOTS or STOAT_OUTPUT_ROOTS that the server was given.",
    "track_locked": "Unlock it: `stoat edit` with update_track and locked false.",
    "outside_source": "`stoat search` shows how long it is.",
    "outside_timeline": "Use a time from 0 to 10 days; of a film, one before its end.",
    "out_of_range": "Correct the field that is named.",
    "bad_parameter": "`stoat effects TYPE` shows what an effect takes, `stoat layouts` what a layout takes.",
    "not_a_permutation": "`stoat project show PROJECT` has them.",
    "nothing_to_undo": '`stoat project history PROJECT`, or undo with --actor "*" for anybody\'s edits.',
    "nothing_to_redo": "`stoat project history PROJECT` says what was undone, and by whom.",
    "edit_has_dependents": "Revert those in the way first, or take them back together with --cascade.",
    "edit_not_active": "`stoat project history PROJECT` shows which edits count.",
    "edit_not_revertible": "Revert a later edit, or begin a project of its own with `stoat project fork`.",
    "unknown_version": "`stoat project history PROJECT` has every version.",
    "unknown_edit": "`stoat project history PROJECT` has every edit.",
    "version_conflict": "Look at `stoat project show PROJECT` and give its version; or --rebase, where others "
    "left alone what the ops touch.",
    "edit_conflict": "Send what is proposed here, or other ops, with --expected-version and the current version.",
    "nothing_changed": "`stoat project diff PROJECT` says what else differs.",
    "merge_conflict": "Leave those edits out with --skip EDIT, and send what is proposed for them with `stoat edit`.",
    "stale_etag": "Look at it again, and say which version you mean.",
    "ambiguous_id": "Say which project you mean.",
    "output_exists": "Choose another --out.",
    "unknown_job": "Start it again.",
    "job_finished": "Start another one.",
    "format_unsupported": "`stoat presets` shows what goes with what.",
    "encoder_unavailable": "`stoat encoders` shows which work.",
    "render_failed": "`stoat doctor` shows what this machine lacks.",
    "unknown_webhook": "`stoat webhook list` has them all.",
    "unknown_dead_letter": "`stoat webhook dead-letters WEBHOOK` has those that wait.",
    "webhook_failing": "Mend it, then `stoat webhook enable WEBHOOK`.",
    "log_unavailable": "Run `stoat doctor` where the server runs.",
    "outcome_unknown": "Look at `stoat project history PROJECT` before you send it again.",
    "view_unavailable": "Try again in a moment; `stoat projections` shows how far they are.",
    "broker_unavailable": "Run `stoat doctor`; what was accepted goes on when NATS is back.",
}


def hint(code: str, otherwise: str = "") -> str:
    """What to try after a refusal; ``otherwise`` where the code is none of this version's."""
    rule = RULES.get(code)
    return _HINTS.get(code) or (rule.suggestion if rule else otherwise)
