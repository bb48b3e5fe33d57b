"""One delivery against real servers: where it goes, what it refuses, and that it ends."""

import asyncio
import shutil
import ssl
import subprocess
import time
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from adapters.webhooks import post as module
from adapters.webhooks.post import NotDelivered, Post, Resolver
from domain.errors import Refused
from tests.contracts.receiver import receiving


def answering(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that gives these for any name."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


async def send(url: str, *addresses: str, allow_private: bool = False, trust: ssl.SSLContext | None = None) -> None:
    post = Post(allow_private=allow_private, resolve=answering(*(addresses or ("127.0.0.1",))), trust=trust)
    try:
        await post.send(url, {"X-Test": "1"}, b"hello")
    finally:
        await post.close()


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::1",), ("64:ff9b::7f00:1",), ("169.254.169.254",), ()],
)
async def test_nothing_is_sent_where_any_address_is_inside(addresses: tuple[str, ...]) -> None:
    post = Post(allow_private=False, resolve=answering(*(addresses or ("fe80::1%lo",))))
    with pytest.raises(Refused) as refusal:
        await post.addresses("https://looks-fine.example/")
    assert refusal.value.code == "url_not_allowed"
    with pytest.raises(NotDelivered, match="not public"):
        await post.send("https://looks-fine.example/", {}, b"")
    await post.close()


async def test_a_name_without_an_address_is_refused() -> None:
    resolver = Resolver()
    post = Post(allow_private=True, resolve=resolver)
    with pytest.raises(Refused) as refusal:
        await post.addresses("https://nobody.invalid/")
    assert refusal.value.code == "url_not_allowed"
    await post.close()
    resolver.close()


async def test_the_name_is_asked_for_once_and_the_checked_address_is_used() -> None:
    asked: list[str] = []

    async def changing(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with receiving() as endpoint:
        post = Post(allow_private=True, resolve=changing)
        await post.send(endpoint.url.replace("127.0.0.1", "hook.example") + "/in?x=1", {}, b"hello")
        await post.close()
    (letter,) = endpoint.letters
    assert asked == ["hook.example"]
    assert (letter.path, letter.body) == ("/in?x=1", b"hello")
    assert letter.headers["host"] == "hook.example:" + endpoint.url.rsplit(":", 1)[1]


async def test_another_address_is_tried_where_one_does_not_connect() -> None:
    with receiving() as endpoint:
        await send(endpoint.url, "127.0.0.9", "127.0.0.1", allow_private=True)
        assert len(endpoint.letters) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with the key and the certificate of hook.example, made now: it trusts itself."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    named = ["-days", "2", "-subj", "/CN=hook.example", "-addext", "subjectAltName=DNS:hook.example"]
    subprocess.run([*made, *named], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
async def test_tls_asks_for_the_name_and_takes_only_its_certificate(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    with receiving(server) as endpoint:
        await send(endpoint.url.replace("127.0.0.1", "hook.example"), allow_private=True, trust=trust)
        assert (endpoint.names, len(endpoint.letters)) == (["hook.example"], 1)
        with pytest.raises(NotDelivered, match="CERTIFICATE_VERIFY_FAILED"):
            await send(endpoint.url.replace("127.0.0.1", "other.example"), allow_private=True, trust=trust)
        assert len(endpoint.letters) == 1


async def test_a_redirect_is_not_followed() -> None:
    with receiving() as inside, receiving() as endpoint:

        def elsewhere(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(307)
            handler.send_header("Location", inside.url)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        endpoint.answer = lambda _: elsewhere
        with pytest.raises(NotDelivered, match="307"):
            await send(endpoint.url, allow_private=True)
        assert inside.letters == []


async def test_no_more_than_64_kilobytes_of_an_answer_are_read() -> None:
    written: list[int] = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                written.append(handler.wfile.write(b"x" * 65536))
        except OSError:
            pass

    with receiving() as endpoint:
        endpoint.answer = lambda _: endless
        await send(endpoint.url, allow_private=True)
        await asyncio.to_thread(lambda: [time.sleep(0.01) for _ in range(200) if not written])
    assert sum(written) < 32 << 20  # what the sockets hold, and no more


async def test_a_silent_endpoint_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    with receiving() as endpoint:
        endpoint.answer = lambda _: lambda handler: time.sleep(1)
        with pytest.raises(NotDelivered, match="No answer"):
            await send(endpoint.url, allow_private=True)


async def test_one_that_trickles_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.5)

    def trickling(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(20):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)

    with receiving() as endpoint:
        endpoint.answer = lambda _: trickling
        with pytest.raises(NotDelivered, match="No answer"):
            await send(endpoint.url, allow_private=True)


async def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)

    async def hanging(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    post = Post(allow_private=True, resolve=hanging)
    with pytest.raises(NotDelivered, match="No answer"):
        await post.send("https://hook.example/", {}, b"")
    monkeypatch.setattr(module, "RESOLVING", 0.1)
    with pytest.raises(Refused, match="url_not_allowed"):
        await post.addresses("https://hook.example/")
    await post.close()


@pytest.mark.parametrize(("status", "gone"), [(302, False), (404, False), (410, True), (500, False)])
async def test_only_a_2xx_is_a_delivery(status: int, gone: bool) -> None:
    with receiving() as endpoint:
        endpoint.answer = lambda _: status
        with pytest.raises(NotDelivered) as fault:
            await send(endpoint.url, allow_private=True)
    assert fault.value.gone is gone


async def test_a_connection_that_breaks_is_no_delivery() -> None:
    with receiving() as endpoint:
        endpoint.answer = lambda _: lambda handler: handler.connection.close()
        with pytest.raises(NotDelivered):
            await send(endpoint.url, allow_private=True)
    with pytest.raises(NotDelivered, match="No connection"):
        await send(endpoint.url, allow_private=True)
