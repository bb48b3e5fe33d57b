"""Webhooks go to the public internet and nowhere else, however an address is spelt."""

import asyncio
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.webhooks.addresses import is_public, target
from adapters.webhooks.post import Resolver
from domain.errors import Refused


def words(text: str) -> list[str]:
    return text.split()


INSIDE = words(
    """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 168.63.129.16
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::1 64:ff9b:1::808:808 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 3fff::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 2606:4700::1%eth0 ::ffff:8.8.8.8%eth0 fec0::1 ff02::1 ff0e::1
"""
)
OUTSIDE = words(
    """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 172.15.0.1
172.32.0.1 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::
"""
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.1", "2130706433", "1.2.3.4.5", "[::1]", "8.8.8.8 "])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_every_dress_of_an_ipv4_address_is_judged_like_the_address(address: IPv4Address) -> None:
    number = int(address)
    dresses = (0xFFFF << 32 | number, number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80)
    assert {is_public(str(IPv6Address(dress))) for dress in dresses} == {is_public(str(address))}
    # Python's judgement may be the stricter one somewhere, never the laxer one about what is private by any version
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        known = address in (IPv4Address("192.0.0.9"), IPv4Address("192.0.0.10"))
        assert not is_public(str(address)) or known


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0", "localhost", "127.0.0.1"])
def test_odd_spellings_are_judged_by_what_they_resolve_to(host: str) -> None:
    resolver = Resolver()
    found = asyncio.run(resolver(host, 443))
    resolver.close()
    assert found
    assert not any(is_public(address) for address in found)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "/hook",
        "https://",
        "https:///hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://example.com/",
        "https://example.com:8443/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com/#fragment",
        "https://exa\nmple.com/",
        "https://example.com/\r\nHost: other",
        "https://example.com/a b",
        "https://example.com\\@127.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://[::1/",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_a_url_that_is_none_or_hides_something_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        target(url, allow_private=False)
    assert (refusal.value.code, refusal.value.path) == ("url_not_allowed", "url")


def test_a_url_is_taken_apart_without_changing_it() -> None:
    where = target("https://Example.com/a%20b/?x=1&y=%26", allow_private=False)
    assert (where.host, where.port, where.path, where.authority) == (
        "example.com",
        443,
        "/a%20b/?x=1&y=%26",
        "example.com",
    )
    own = target("http://[::1]:8080", allow_private=True)
    assert (own.host, own.path, own.authority) == ("::1", "/", "[::1]:8080")
