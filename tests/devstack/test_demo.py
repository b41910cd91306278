"""What ./run decides, without starting the product; tests/devstack/test_run.py starts it."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading

import pytest

from devstack import __main__ as command_line
from devstack import demo, people
from devstack.console import Progress, say, tail
from devstack.demo import ChildDied, Demo, attempt, main, reset, stop_on_signals, wanted_port, web_command
from devstack.locks import Claim
from devstack.paths import BASE, demo_home
from devstack.pg import WrongVersion
from devstack.process import Child, Interrupted, StepFailed

ADDRESS = "http://127.0.0.1:8123"


@pytest.fixture
def stop():
    return threading.Event()


def test_product_gets_what_it_needs(tmp_path, stop):
    made = Demo(tmp_path, {"PATH": "/bin", "STATIC_ROOT": "/x"}, stop)
    env = made.environment(ADDRESS)

    assert env["APP_MODE"] == "demo"
    assert env["PUBLIC_URL"] == ADDRESS
    assert env["DATABASE_URL"] == made.postgres.url
    assert (env["BROKER_URL"], env["CACHE_URL"]) == (made.valkey.url(0), made.valkey.cache_url(2))
    assert env["MEDIA_ROOT"] == str(tmp_path / "media")
    assert env["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    assert env["PATH"] == "/bin"
    assert "STATIC_ROOT" not in env


def test_servers_of_others_are_used_and_none_started(tmp_path, stop):
    theirs = {"DATABASE_URL": "postgres://theirs/db", "BROKER_URL": "redis://theirs:6379/5"}
    made = Demo(tmp_path, theirs, stop)
    env = made.environment(ADDRESS)

    assert (made.postgres, made.valkey) == (None, None)
    assert {name: env[name] for name in theirs} == theirs
    assert env["CACHE_URL"] == "redis://theirs:6379/2"
    assert (
        Demo(tmp_path, theirs | {"CACHE_URL": "redis://other"}, stop).environment(ADDRESS)["CACHE_URL"]
        == "redis://other"
    )


def test_home_is_in_the_clone_unless_another_is_chosen(tmp_path):
    assert demo_home({}) == BASE / ".demo"
    assert demo_home({"STAFETT_HOME": str(tmp_path)}) == tmp_path


def test_web_server_answers_this_machine_only():
    command = web_command(8123)

    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "8123"
    assert 1 <= int(command[command.index("--workers") + 1]) <= 4


@pytest.mark.parametrize(("given", "expected"), [("", 8000), ("0", 0), ("8123", 8123)])
def test_port_is_the_wanted_one(given, expected):
    assert wanted_port({"PORT": given}) == expected
    assert wanted_port({}) == 8000


@pytest.mark.parametrize("given", ["many", "-1", "65536", "80.5"])
def test_port_is_refused(given):
    with pytest.raises(RuntimeError, match=f"PORT={given} is no port"):
        wanted_port({"PORT": given})


@pytest.fixture
def signals():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield numbers
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("PG_OS_USER", "no-such-user")])
def test_mistake_is_told_without_a_traceback(tmp_path, capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setattr("devstack.account.os.geteuid", lambda: 0)

    assert main([], {"STAFETT_HOME": str(tmp_path), name: value}) == 1
    assert value in capsys.readouterr().err


def test_signal_stops_us(signals):
    for number in signals:
        signal.signal(number, signal.SIG_DFL)  # whoever started the tests may have ignored it
        stop = stop_on_signals()
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(5)


def test_hangup_is_ignored__started_by_nohup(signals):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = stop_on_signals()
    os.kill(os.getpid(), signal.SIGHUP)

    assert not stop.wait(0.1)


def test_death_of_a_child_is_told_with_its_last_words(tmp_path, stop):
    made = Demo(tmp_path, {"DATABASE_URL": "postgres://x", "BROKER_URL": "redis://x"}, stop)
    made.children.append(
        Child.start("beat", ["sh", "-c", "echo no schedule; exit 3"], env={}, log=tmp_path / "log")
    )
    made.children[0].process.wait()

    with pytest.raises(ChildDied, match=r"(?s)beat stopped by itself \(exit code 3\).*\| no schedule"):
        made._check_alive()


def test_everything_is_stopped__one_child_died(tmp_path, stop):
    made = Demo(tmp_path, {"DATABASE_URL": "postgres://x", "BROKER_URL": "redis://x"}, stop)
    for name, script in (("worker", "exec sleep 60"), ("beat", "exit 3")):
        made.children.append(
            Child.start(name, ["sh", "-c", script], env={"PATH": "/bin:/usr/bin"}, log=tmp_path / name)
        )

    made._stop_all()

    assert [child.process.poll() is not None for child in made.children] == [True, True]


@pytest.fixture
def end(tmp_path, capsys):
    """Return a function that lets a run end in some way, and gives its exit code and last words."""

    def end_with(problem):
        def run():
            if problem:
                raise problem

        return attempt(run, tmp_path), "".join(capsys.readouterr())

    return end_with


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (None, 0, "The data is kept in"),
        (Interrupted(), 130, "Stopped before it was ready"),
        (ChildDied("web stopped by itself"), 1, "web stopped by itself"),
        (WrongVersion("written by PostgreSQL 17"), 1, "./run --reset"),
        (RuntimeError("no such user"), 1, "no such user"),
        (OSError("disk full"), 1, "disk full"),
    ],
)
def test_end_is_told_in_words_and_as_a_code(end, problem, code, words):
    assert end(problem)[0] == code
    assert words in end(problem)[1]


def test_failed_step_is_told_with_its_log(end, tmp_path):
    log = tmp_path / "migrate.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))

    code, told = end(StepFailed("Building the database", log))

    assert code == 1
    assert "Building the database failed" in told
    assert "line 99" in told
    assert "line 10\n" not in told


def test_reset_throws_away_data_and_keeps_the_claim(tmp_path):
    claim = Claim(tmp_path)
    for name in ("pg", "valkey", "media", "mail", "logs", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()

    reset(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "run.lock"]
    claim.release()


def test_reset_leaves_the_database_of_others_alone(tmp_path, capsys):
    code = main(["--reset"], {"STAFETT_HOME": str(tmp_path), "DATABASE_URL": "postgres://theirs/db"})

    assert code == 1
    assert "empty the one in DATABASE_URL yourself" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_people_are_printed_as_json(capsys):
    assert command_line.main(["people"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert {tuple(person) for person in printed} == {people.FIELDS}
    assert len({person["username"] for person in printed}) == len(printed) >= 17
    assert all(person["username"].startswith(f"{person['role']}.") for person in printed)


def test_people_are_overseen_by_municipality():
    given = [(f"radsmedlem-helse{number}.elvdal", "Elvdal") for number in range(9)] + [
        ("ansatt.region", "Elvelandet")
    ]
    overview = people.as_overview({"username": name, "municipality": place} for name, place in given)

    lines = overview.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == ["Elvdal", "Elvelandet"]
    assert max(len(line) for line in lines) <= people.WIDTH
    assert overview.split()[1:10] == [name for name, place in given if place == "Elvdal"]
    assert people.as_overview([]) == ""


def test_unknown_command_is_refused(capsys):
    assert command_line.main(["nonsense"]) == 2
    assert command_line.main([]) == 2
    assert "demo | people | test" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_redrawn_on_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    clock = iter([0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
    monkeypatch.setattr("devstack.console.time.monotonic", lambda: next(clock))
    progress = Progress("Building")
    for _ in range(4):
        progress.tick()
    progress.done()

    assert terminal.getvalue() == "\r  … Building 1 s\r  … Building 2 s\r\033[K  ✓ Building (2.5 s)\n"


def test_output_survives_a_terminal_that_is_gone(monkeypatch):
    class Gone(io.StringIO):
        def write(self, _text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())

    assert say("anybody there?") is None


def test_tail_tells_why_there_is_nothing(tmp_path):
    assert "no log" in tail(tmp_path / "missing")
    (tmp_path / "empty").touch()
    assert "is empty" in tail(tmp_path / "empty")


def test_readiness_is_asked_without_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert demo.ask_readiness(9).startswith("no answer")
