"""Which addresses belong to the public internet, and which URLs may be written to.

The table is that of the IANA registries of special-purpose addresses, and not Python's ``is_global``, which differs
from version to version and takes several kinds of tunnel to the inside for public.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from domain.errors import Refused

LONGEST_URL = 2_000

_PRIVATE_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services, at an address like any other
        "169.254.0.0/16",  # link-local, and the metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_MAPPED, _COMPATIBLE = IPv6Network("::ffff:0:0/96"), IPv6Network("::/96")
_NAT64, _SIX_TO_FOUR = IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16")


def is_public(text: str) -> bool:
    """Whether an address, as a resolver gave it, is one of the public internet. One that holds an IPv4 address is as
    public as that one; one with a scope is not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _inner(address)
        return _public_v4(inner) if inner is not None else _public_v6(address)
    return _public_v4(address)


def _public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _PRIVATE_V4)


def _public_v6(address: IPv6Address) -> bool:
    return address in _GLOBAL_V6 and not any(address in network for network in _PRIVATE_V6)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address end up at, where its form says so."""
    number = int(address)
    if any(address in network for network in (_MAPPED, _COMPATIBLE, _NAT64)):
        return IPv4Address(number & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address(number >> 80 & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True)
class Target:
    """Where a webhook goes. ``host`` is a name or an address as it was written, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS = {"http": 80, "https": 443}


def target(url: str, *, allow_private: bool) -> Target:
    """A URL taken apart, or refused as ``url_not_allowed``. What its host resolves to is another question."""
    if not (url.isascii() and url.isprintable() and " " not in url) or len(url) > LONGEST_URL:
        raise _refused(f"A URL is at most {LONGEST_URL} printable ASCII characters without blanks")
    parts = _split(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _refused("A URL begins with https:// and a host")
    if parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise _refused("A URL has no user, password, fragment or backslash: the log keeps it, and events are signed")
    port = parts.port or _PORTS[parts.scheme]
    if not allow_private and (parts.scheme, port) != ("https", 443):
        raise _refused("Only https on port 443 is allowed here")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _refused(f"No URL: {error}") from None
    return parts


def _refused(message: str) -> Refused:
    return Refused("url_not_allowed", message, "url")
