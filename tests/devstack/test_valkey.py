"""The embedded Valkey, and one that somebody else runs."""

from __future__ import annotations

import pytest
import redis

from devstack.valkey import ExternalBroker, Valkey, program


@pytest.fixture
def start(tmp_path):
    made: list[Valkey] = []

    def start_one(**options):
        server = Valkey(tmp_path / "valkey", **options)
        made.append(server)
        return server.start()

    yield start_one
    for server in made:
        server.stop()


def client(server, database=2):
    return redis.Redis.from_url(server.cache_url(database), decode_responses=True)


def test_queue_survives_a_restart(start):
    first = start()
    with client(first) as connection:
        connection.set("word", "blåbær")
    first.stop()
    assert first.process.poll() is not None

    with client(start()) as connection:
        assert connection.get("word") == "blåbær"


def test_nothing_survives__not_wanted(start):
    first = start(persist=False)
    with client(first) as connection:
        connection.set("word", "blåbær")
    first.stop()

    with client(start(persist=False)) as connection:
        assert connection.get("word") is None


def test_databases_are_apart(start):
    server = start()
    with client(server, 0) as queue, client(server, 2) as cache:
        queue.set("word", "kø")

        assert cache.get("word") is None


def test_server_has_no_port_and_a_private_socket(start):
    server = start()
    with client(server) as connection:
        assert connection.config_get("port") == {"port": "0"}
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert server.socket.stat().st_mode & 0o777 == 0o700


def test_failure_is_told_in_the_servers_own_words(tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no memory left >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("VALKEY_BIN", str(broken))

    with pytest.raises(RuntimeError, match="exited with 3: no memory left"):
        Valkey(tmp_path / "valkey").start()


def test_program_is_that_of_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("VALKEY_BIN", str(tmp_path / "mine"))

    assert program() == (tmp_path / "mine").resolve()


@pytest.mark.parametrize(
    ("address", "queue", "cache"),
    [
        ("redis://:word@queue:6379/5", "redis://:word@queue:6379/0", "redis://:word@queue:6379/2"),
        ("rediss://queue", "rediss://queue/0", "rediss://queue/2"),
        (
            "redis+socket:///run/v.sock?virtual_host=5",
            "redis+socket:///run/v.sock?virtual_host=0",
            "unix:///run/v.sock?db=2",
        ),
    ],
)
def test_external_server_has_the_same_addresses(address, queue, cache):
    broker = ExternalBroker(address)

    assert broker.url(0) == queue
    assert broker.cache_url(2) == cache
