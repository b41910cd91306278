"""Issuers of tokens in tests: real RSA keys, and a real server on this machine that hands out the public ones."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterator


class Key:
    """A key pair with a name."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half, as issuers publish it."""
        public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**public, "kid": self.kid, "use": "sig", "alg": "RS256"}

    @property
    def pem(self) -> bytes:
        """The public half as text, which is what an attacker signs HS256 with."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, claims: dict[str, Any], *, algorithm: str = "RS256", **headers: Any) -> str:
        """Sign what is given as it is, also what no library would put into a token."""
        return jwt.PyJWS().encode(
            json.dumps(claims).encode(),
            self.private,
            algorithm=algorithm,
            headers={"kid": self.kid, **headers},
        )


@cache
def key(kid: str) -> Key:
    """Return the key of that name, made once."""
    return Key(kid)


class KeyServer(ThreadingHTTPServer):
    """Hands out what stands in ``answer``, and counts how often it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keys)
        self.asked, self.status = 0, 200
        self.answer: bytes = b""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/jwk"

    def publish(self, *keys: Key) -> None:
        self.answer = json.dumps({"keys": [one.jwk for one in keys]}).encode()


class _Keys(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.address + "/elsewhere")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal."""


@contextmanager
def key_server(*keys: Key) -> Iterator[KeyServer]:
    """Run a server of keys until the block ends."""
    server = KeyServer()
    server.publish(*keys)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
