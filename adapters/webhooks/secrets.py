"""The secrets that deliveries are signed with, and the signing, as Standard Webhooks has it.

No secret is stored. Each is derived from a key that lies in a file of its own beside the log, so that the log, its
backups and the exports from it never hold one; to make all of them worthless, remove that file. A backup of the log
alone does not restore them: endpoints then have to be given new ones.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from adapters.render.durable import sync
from domain.errors import Refused

PREFIX = "whsec_"
_KEY_BYTES = 32


class Secrets:
    """Derives a webhook's secrets from the key in a file."""

    def __init__(self, file: Path) -> None:
        """With the key that is there, or a new one."""
        self._key = _read(file) if file.exists() else _made(file)

    def secret(self, webhook: str, generation: int) -> str:
        """A webhook's secret of a generation, from 1, as its endpoint is configured with it."""
        return PREFIX + base64.b64encode(self._derived(webhook, generation)).decode()

    def signature(self, webhook: str, generation: int, message: str, timestamp: int, body: bytes) -> str:
        """The ``webhook-signature`` of a message: by the newest secret, and by the one before where there is one."""
        signed = f"{message}.{timestamp}.".encode() + body
        known = range(generation, max(0, generation - 2), -1)
        return " ".join(_signed(self._derived(webhook, number), signed) for number in known)

    def _derived(self, webhook: str, generation: int) -> bytes:
        return hmac.digest(self._key, f"{webhook}/{generation}".encode(), hashlib.sha256)


def _signed(secret: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()


def _read(file: Path) -> bytes:
    text = file.read_text(errors="replace").strip()
    if not re.fullmatch(f"[0-9a-f]{{{2 * _KEY_BYTES}}}", text):
        why = f"{file} holds no key: restore it, or remove it and give every endpoint a new secret"
        raise Refused("invalid_setting", why, str(file))
    return bytes.fromhex(text)


def _made(file: Path) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(key.hex())
    sync(fresh)
    fresh.rename(file)
    sync(file.parent)
    return key
