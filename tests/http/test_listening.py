"""The socket that a server listens on."""

import socket

import pytest

from adapters.cli.serving import listen
from domain.errors import Refused


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_nothing_of_an_answer_waits_for_an_acknowledgement(host: str) -> None:
    with listen(host, 0) as listener, socket.create_connection(listener.getsockname()[:2]):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_refused_by_name() -> None:
    with listen("127.0.0.1", 0) as listener, pytest.raises(Refused, match="cannot listen") as refused:
        listen("127.0.0.1", listener.getsockname()[1])
    assert refused.value.path == "STOAT_PORT"
