"""The HTTP client of the measurements."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import BadAnswer, Target, body_of, latencies, throughput, warm


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Cookie"]))
        body = b"x" * 70_000
        self.send_response(500 if self.path == "/wrong" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Keep the test's output clean."""


@pytest.fixture
def port():
    Handler.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_measure_latencies__one_figure_per_request_after_the_first(port):
    assert len(latencies(Target(port, "/page?a=1", "sessionid=abc"), 5)) == 5
    assert Handler.asked == [("/page?a=1", "sessionid=abc")] * 6


def test_return_body__of_one_answer(port):
    assert body_of(Target(port, "/")) == b"x" * 70_000


def test_measure_throughput__stops_in_time(port):
    assert throughput(Target(port, "/"), seconds=0.2, connections=2) > 1


def test_warm__every_connection(port):
    warm(Target(port, "/"), connections=3, times=2)
    assert len(Handler.asked) == 6


def test_measure__refuses_anything_but_200(port):
    with pytest.raises(BadAnswer, match="500"):
        latencies(Target(port, "/wrong"), 1)
