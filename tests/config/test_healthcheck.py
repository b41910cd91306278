"""The container asks itself how it is."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from kombu import Connection

from config import healthcheck
from config.healthcheck import Unwell, check_beat, check_web, check_worker, main


class Answer(BaseHTTPRequestHandler):
    status = 200
    asked: list[tuple[str, str]] = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"database: no answer")

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def web(request):
    handler = type("Handler", (Answer,), {"status": getattr(request, "param", 200), "asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_web_is_well__asked_under_a_name_that_it_answers_to(web):
    check_web({"ALLOWED_HOSTS": ".elvdal.kommune.no, b.no"}, web.server_port)

    assert web.RequestHandlerClass.asked == [("/readyz", "elvdal.kommune.no")]


@pytest.mark.parametrize("web", [503], indirect=True)
def test_web_is_unwell__not_ready(web):
    with pytest.raises(Unwell, match="503: database: no answer"):
        check_web({"ALLOWED_HOSTS": "a.no"}, web.server_port)


def test_web_is_unwell__nobody_listens(web):
    port = web.server_port
    web.server_close()

    with pytest.raises(Unwell, match="does not answer"):
        check_web({"ALLOWED_HOSTS": "a.no"}, port)


@pytest.mark.parametrize("reply", [None, {}])
def test_worker_is_unwell__no_answer(monkeypatch, reply):
    from config.celery import app

    monkeypatch.setattr(app.control, "inspect", lambda **_given: SimpleNamespace(ping=lambda: reply))

    with pytest.raises(Unwell, match=f"celery@{os.uname().nodename}"):
        check_worker()


def test_beat_is_unwell__process_is_gone(tmp_path):
    pid_file = tmp_path / "beat.pid"
    pid_file.write_text("999999999")

    with pytest.raises(Unwell, match="not running"):
        check_beat(pid_file)


def test_beat_is_unwell__never_started(tmp_path):
    with pytest.raises(Unwell, match="not running"):
        check_beat(tmp_path / "beat.pid")


def test_beat_is_well(tmp_path, monkeypatch, valkey):
    from config.celery import app

    pid_file = tmp_path / "beat.pid"
    pid_file.write_text(str(os.getpid()))
    monkeypatch.setattr(app, "connection_for_write", lambda **given: Connection(valkey.url(0), **given))

    check_beat(pid_file)


def test_main_says_what_is_wrong(monkeypatch, capsys):
    def fail():
        raise Unwell("no answer")

    monkeypatch.setitem(healthcheck.CHECKS, "web", fail)

    assert main(["web"]) == 1
    assert "Unwell: no answer" in capsys.readouterr().err
    assert main(["nothing"]) == 2
    assert main([]) == 2


def test_main_is_silent_when_all_is_well(monkeypatch, capsys):
    monkeypatch.setitem(healthcheck.CHECKS, "web", lambda: None)

    assert main(["web"]) == 0
    assert capsys.readouterr() == ("", "")
