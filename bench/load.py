"""A small HTTP client that costs little: keep-alive connections over loopback, one request at a time on each.

The machine that answers also asks, so what the client costs is part of every figure, of the
floor's as of ours.
"""

from __future__ import annotations

import selectors
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from devstack.ports import HOST

TIMEOUT = 60
AT_LEAST = 3
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class BadAnswer(Exception):
    """The server answered something else than 200."""


@dataclass(frozen=True, slots=True)
class Target:
    """One address on one server, asked by one person."""

    port: int
    path: str
    cookie: str = ""

    @property
    def request(self) -> bytes:
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: {HOST}",
            "Accept: text/html, application/json",
            "X-Forwarded-Proto: https",
            *([f"Cookie: {self.cookie}"] if self.cookie else []),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Connection:
    """One keep-alive connection."""

    def __init__(self, target: Target) -> None:
        self._socket = socket.create_connection((HOST, target.port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = target.request
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self) -> None:
        self._buffer = b""
        self._socket.sendall(self._request)

    def is_answered(self) -> bool:
        """Read what has come, and tell whether that is the whole answer.

        :raises BadAnswer: if it is not a 200 with its length.
        """
        received = self._socket.recv(262_144)
        if not received:
            raise BadAnswer("the server closed the connection")
        self._buffer += received
        head, found, body = self._buffer.partition(_END)
        return bool(found) and len(body) >= _length_of(head)

    @property
    def body(self) -> bytes:
        """What was answered last."""
        return self._buffer.partition(_END)[2]

    def ask(self) -> float:
        """Send the request, wait for the whole answer and return the milliseconds it took."""
        begun = time.perf_counter()
        self.send()
        while not self.is_answered():
            pass
        return (time.perf_counter() - begun) * 1000


def _length_of(head: bytes) -> int:
    status = head[9:12]
    if status != b"200":
        raise BadAnswer(f"status {status.decode(errors='replace')}")
    lowered = head.lower()
    if _LENGTH not in lowered:
        raise BadAnswer("an answer without a length")
    return int(lowered.split(_LENGTH, 1)[1].split(b"\r\n", 1)[0])


def body_of(target: Target) -> bytes:
    """Ask once and return what is answered."""
    with Connection(target) as connection:
        connection.ask()
        return connection.body


def warm(target: Target, connections: int = 6, times: int = 2) -> None:
    """Let every worker meet the page before it is measured."""
    with ExitStack() as stack:
        opened = [stack.enter_context(Connection(target)) for _ in range(connections)]
        for connection in opened * times:
            connection.ask()


def latencies(target: Target, times: int, *, most_seconds: float = 2) -> list[float]:
    """Ask one after the other and return the milliseconds of each; the first is not counted.

    Slow pages are asked fewer times, but at least three.
    """
    measured: list[float] = []
    with Connection(target) as connection:
        connection.ask()
        while len(measured) < times and (len(measured) < AT_LEAST or sum(measured) < most_seconds * 1000):
            measured.append(connection.ask())
    return measured


def throughput(target: Target, *, seconds: float, connections: int = 4) -> float:
    """Ask on several connections as fast as the answers come, and return answers per second."""
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        for _ in range(connections):
            connection = stack.enter_context(Connection(target))
            selector.register(connection, selectors.EVENT_READ, connection)
            connection.send()
        begun, answers = time.perf_counter(), 0
        end = begun + seconds
        while (now := time.perf_counter()) < end:
            for key, _events in selector.select(end - now):
                if key.data.is_answered():
                    answers += 1
                    key.data.send()
        return answers / (time.perf_counter() - begun)
