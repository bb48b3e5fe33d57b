"""One POST to a server of somebody's: to an address that was checked, within ten seconds, answered in brief.

A name is resolved once. Where any of its addresses is not public nothing is sent; else the connection goes to one of
those very addresses, and only TLS and the Host header still know the name, so no second answer of a resolver counts.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2

from adapters.webhooks.addresses import Target, is_public, target
from domain.errors import Refused

SECONDS = 10.0  # for all of it: resolving, connecting, sending and reading
RESOLVING = 5.0  # seconds, of those
LONGEST_ANSWER = 64 * 1024

Resolve = Callable[[str, int], Awaitable[list[str]]]


class NotDelivered(Exception):
    """It was not taken; the message says why, in words of ours. ``gone``: the endpoint wants no more, ever."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        """With the reason."""
        super().__init__(why)
        self.gone = gone


class Resolver:
    """The system's resolver, in threads of its own: one that hangs keeps nobody else waiting."""

    def __init__(self) -> None:
        """No thread runs before the first question."""
        self._threads = ThreadPoolExecutor(4, "webhook-names")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Every address of a name, in the order in which to try them; OSError when there is none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Post:
    """Sends. ``allow_private``: also to addresses that are not public, to any port, and without TLS."""

    def __init__(self, *, allow_private: bool, resolve: Resolve, trust: ssl.SSLContext | None = None) -> None:
        """``trust`` says whose certificates count; the usual ones if None."""
        self._allow_private = allow_private
        self._resolve = resolve
        # a connection is kept for nobody: another name at the same address must show a certificate of its own
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._http = httpx2.AsyncClient(
            limits=limits, trust_env=False, follow_redirects=False, verify=True if trust is None else trust
        )

    async def close(self) -> None:
        """Give up what is open."""
        await self._http.aclose()

    async def addresses(self, url: str) -> tuple[Target, list[str]]:
        """Where a URL goes, every address checked. Refuses ``url_not_allowed``."""
        where = target(url, allow_private=self._allow_private)
        try:
            async with asyncio.timeout(RESOLVING):
                found = await self._resolve(where.host, where.port)
        except (OSError, UnicodeError):  # a TimeoutError is an OSError
            raise Refused("url_not_allowed", f"The host {where.host[:100]} has no address", "url") from None
        if not self._allow_private and not all(is_public(address) for address in found):
            raise Refused("url_not_allowed", f"The host {where.host[:100]} has an address that is not public", "url")
        return where, found

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Deliver; raises ``NotDelivered`` unless the answer is a 2xx in time."""
        try:
            async with asyncio.timeout(SECONDS):
                where, found = await self.addresses(url)
                status = await self._first_that_connects(where, found, headers, body)
        except TimeoutError:
            raise NotDelivered(f"No answer within {SECONDS:.0f} seconds") from None
        except Refused as refused:
            raise NotDelivered(refused.message) from None
        if not 200 <= status < 300:
            raise NotDelivered(f"The endpoint answered {status}", gone=status == 410)

    async def _first_that_connects(
        self, where: Target, addresses: list[str], headers: dict[str, str], body: bytes
    ) -> int:
        fault = "no address"
        for address in addresses:
            try:
                return await self._once(where, address, headers, body)
            except httpx2.ConnectError as error:
                fault = str(error)
            except httpx2.HTTPError as error:
                raise NotDelivered(f"The connection failed: {type(error).__name__}") from None
        raise NotDelivered(f"No connection: {fault[:200]}")

    async def _once(self, where: Target, address: str, headers: dict[str, str], body: bytes) -> int:
        host = f"[{address}]" if ":" in address else address
        url = f"{where.scheme}://{host}:{where.port}{where.path}"
        sent = {"Host": where.authority, **headers}
        named = {"sni_hostname": where.host}
        async with self._http.stream(
            "POST", url, headers=sent, content=body, extensions=named, timeout=SECONDS
        ) as answer:
            read = 0
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read > LONGEST_ANSWER:
                    break
            return int(answer.status_code)
