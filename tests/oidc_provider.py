"""A small provider of OpenID Connect in a process of its own: authorization code with PKCE, and told faults.

``python -m tests.oidc_provider`` prints the port it listens on, on this machine only.  It checks what a provider checks
(client, secret, address to return to, code used once, PKCE) and signs with a real key.  A test says by ``PUT /next`` who
logs in next, and what shall be wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.issuers import key

CLIENT_ID, CLIENT_SECRET = "stafett", "en-hemmelighet-for-tester"
RETURN_PATHS = ("/konto/oidc/heim/login/callback/", "/konto/oidc/granne/login/callback/")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.next: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        answers = {
            "/.well-known/openid-configuration": self._configuration, "/jwk": self._keys,
            "/asked": lambda: self._json(self.server.asked),
        }  # fmt: skip
        if url.path == "/authorize":
            self._authorize(asked)
        elif url.path in answers:
            answers[url.path]()
        else:
            self._json({}, 404)

    def do_PUT(self) -> None:
        self.server.next = json.loads(self._body())
        self._json({})

    def do_POST(self) -> None:
        self._token(dict(parse_qsl(self._body().decode())))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _configuration(self) -> None:
        server = self.server
        if server.next.get("fault") == "down":
            self._json({}, 500)
            return
        said = {
            "issuer": server.address, "authorization_endpoint": f"{server.address}/authorize",
            "token_endpoint": f"{server.address}/token", "jwks_uri": f"{server.address}/jwk",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip
        self._json({**said, **server.next.get("configuration", {})})

    def _keys(self) -> None:
        self._json({"keys": [key("provider").jwk]})

    def _authorize(self, asked: dict[str, str]) -> None:
        self.server.asked = asked
        back = asked.get("redirect_uri", "")
        right = (
            asked.get("client_id") == CLIENT_ID and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256" and "openid" in asked.get("scope", "").split()
            and urlsplit(back).path in RETURN_PATHS
        )  # fmt: skip
        if not right:
            self._json({"error": "invalid_request"}, 400)
            return
        if self.server.next.get("fault") == "cancelled":
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{back}?{urlencode(answer)}")
        self.end_headers()

    def _token(self, sent: dict[str, str]) -> None:
        asked = self.server.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        right = (
            asked is not None and sent.get("grant_type") == "authorization_code"
            and (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
            and sent.get("redirect_uri") == asked["redirect_uri"]
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        )  # fmt: skip
        if not right or asked is None:
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json(self._tokens(asked))

    def _tokens(self, asked: dict[str, str]) -> Any:
        now, wanted = int(time.time()), self.server.next
        claims = {
            "iss": self.server.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"),
            **wanted.get("claims", {}),
        }  # fmt: skip
        signer = key("stranger") if wanted.get("fault") == "signature" else key("provider")
        id_token = signer.sign(
            {name: value for name, value in claims.items() if value is not None}, kid="provider"
        )
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}
        return wanted.get("answer", answer)

    def _json(self, value: Any, status: int = 200) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal."""


if __name__ == "__main__":
    running = Server()
    sys.stdout.write(f"{running.server_port}\n")
    sys.stdout.flush()
    running.serve_forever()
