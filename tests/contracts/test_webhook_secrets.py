"""Signatures are what the Standard Webhooks library takes; secrets lie in one file and nowhere else."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.webhooks.secrets import Secrets
from domain.errors import Refused


@settings(max_examples=50, deadline=None)
@given(body=st.text(max_size=300), message=st.uuids(), generation=st.integers(1, 3))
def test_the_library_takes_what_is_signed_and_nothing_else(body: str, message: object, generation: int) -> None:
    with TemporaryDirectory() as folder:
        secrets = Secrets(Path(folder) / "key")
    now, sent = int(time.time()), body.encode()
    headers = {
        "webhook-id": str(message),
        "webhook-timestamp": str(now),
        "webhook-signature": secrets.signature("hook", generation, str(message), now, sent),
    }
    for known in {generation, max(1, generation - 1)}:  # the secret of now, and the one before
        Webhook(secrets.secret("hook", known)).verify(sent, headers, json_parse=False)
    for other in (secrets.secret("hook", generation + 1), secrets.secret("other", generation)):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(sent, headers, json_parse=False)
    ours = Webhook(secrets.secret("hook", generation))
    for changed, said in ((sent + b" ", headers), (sent, {**headers, "webhook-id": "another"})):
        with pytest.raises(WebhookVerificationError):
            ours.verify(changed, said, json_parse=False)


def test_secrets_outlive_a_restart_and_the_key_is_for_nobody_else(tmp_path: Path) -> None:
    before = Secrets(tmp_path / "key").secret("hook", 1)
    assert Secrets(tmp_path / "key").secret("hook", 1) == before
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key").unlink()
    assert Secrets(tmp_path / "key").secret("hook", 1) != before


@pytest.mark.parametrize("kept", ["", "00" * 16, "zz" * 32, "\0" * 64])
def test_a_key_that_is_damaged_is_not_used(tmp_path: Path, kept: str) -> None:
    (tmp_path / "key").write_text(kept)
    with pytest.raises(Refused, match="invalid_setting"):
        Secrets(tmp_path / "key")
