"""Names of things. Every id is 1 to 64 of ``A-Z a-z 0-9 _ -``, so it is safe in a path, a subject and a URL."""

import hashlib
import re
from base64 import b32encode
from typing import NewType

ProjectId = NewType("ProjectId", str)
TrackId = NewType("TrackId", str)
ClipId = NewType("ClipId", str)
EffectId = NewType("EffectId", str)
MediaId = NewType("MediaId", str)
EditId = NewType("EditId", str)
JobId = NewType("JobId", str)
UnitKey = NewType("UnitKey", str)
WebhookId = NewType("WebhookId", str)

PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
_VALID = re.compile(PATTERN[:-1] + r"\Z")


def is_id(text: str) -> bool:
    """Whether ``text`` may name a thing."""
    return _VALID.match(text) is not None


def derived(kind: str, edit: EditId, index: int) -> str:
    """The id of the thing that op ``index`` of an edit makes: the same edit always names it the same."""
    digest = hashlib.blake2b(f"{edit}/{kind}/{index}".encode(), digest_size=10).digest()
    return f"{kind}_{b32encode(digest).decode().lower()}"


def project_stream(project: ProjectId) -> str:
    """The stream that holds a project's facts."""
    return f"project-{project}"


def media_stream(media: MediaId) -> str:
    """The stream that holds a media file's facts."""
    return f"media-{media}"


def render_stream(job: JobId) -> str:
    """The stream that holds a render's facts."""
    return f"render-{job}"


def webhook_stream(webhook: WebhookId) -> str:
    """The stream that holds a webhook's facts."""
    return f"webhook-{webhook}"
