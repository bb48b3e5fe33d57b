"""A wire to a PostgreSQL server that breaks at a commit: before the server hears of it, or before it answers."""

import contextlib
import socket
import threading
from pathlib import Path
from typing import Literal

SOCKET = ".s.PGSQL.5432"
Moment = Literal["before", "after"]


class Wire:
    """A socket in ``folder`` that leads to the server's in another one.

    ``armed``: the next connection over which a commit goes breaks; with ``stays_broken`` every other one, too.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        """Whole."""
        self.armed: Moment | None = None
        self.stays_broken = False
        self.broke = 0
        self._server = str(server / SOCKET)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listener.close()

    def _is_broken(self) -> bool:
        return self.stays_broken and self.broke > 0

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_broken():
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                threading.Thread(target=self._forth, args=(client, server), daemon=True).start()
                threading.Thread(target=_carry, args=(server, client), daemon=True).start()

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while sent := client.recv(1 << 16):
                if self._is_broken():
                    client.shutdown(socket.SHUT_RDWR)
                    break
                if self.armed and b"COMMIT\0" in sent:
                    moment, self.armed = self.armed, None
                    client.shutdown(socket.SHUT_RDWR)  # the client learns nothing from here on
                    self.broke += 1
                    if moment == "after":
                        server.sendall(sent)
                    break
                server.sendall(sent)
        _end(client, server)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while sent := source.recv(1 << 16):
            target.sendall(sent)
    _end(target)


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_WR)
