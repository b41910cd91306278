"""A free port, kept free until the web server takes it."""

from __future__ import annotations

import socket
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass
class Port:
    """A port that others see as taken, while our web server may still listen on it."""

    number: int
    _holder: socket.socket

    def release(self) -> None:
        self._holder.close()


def is_free(number: int) -> bool:
    """Tell whether nobody uses the port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
    return True


def reserve(wanted: int) -> Port:
    """Return the wanted port, or the next free one.

    The web server listens with SO_REUSEPORT, so two of them could share a port without
    noticing.  The port is therefore held from the moment it was seen free.
    """
    candidates = range(wanted, min(wanted + 50, 65536)) if wanted else []
    for number in candidates:
        holder = _hold(number) if is_free(number) else None
        if holder is not None:
            return Port(number, holder)
    holder = _hold(0)
    if holder is None:
        raise RuntimeError("There is no free port on 127.0.0.1")
    return Port(holder.getsockname()[1], holder)


def _hold(number: int) -> socket.socket | None:
    holder = socket.socket()
    # Without SO_REUSEADDR: with it, the probe of another ./run would succeed beside us.
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        holder.bind((HOST, number))
    except OSError:
        holder.close()
        return None
    return holder
