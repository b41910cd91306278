"""Children that never outlive us, steps that show how far they are, locks and ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from devstack.locks import AlreadyRunning, Claim, exclusive, take, take_over
from devstack.ports import is_free, reserve
from devstack.process import Child, Interrupted, StepFailed, before_exec, end_group, run_step, spawn

PARENT = """
import os, sys, time
from pathlib import Path
from devstack.process import Child
child = Child.start("child", ["sleep", "60"], env=os.environ, log=Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def wait_until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_child_dies_with_its_parent__killed_without_warning(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert is_alive(child)

    parent.kill()
    parent.communicate()

    assert wait_until(lambda: not is_alive(child))


def test_child_is_ended_with_everything_it_started(tmp_path):
    script = "trap '' TERM; sleep 60 & echo $!; wait; wait"
    child = Child.start("stubborn", ["sh", "-c", script], env=os.environ, log=tmp_path / "log")
    child.grace = 0.2
    assert wait_until(lambda: (tmp_path / "log").read_text().strip())
    grandchild = int((tmp_path / "log").read_text())

    child.ask_to_end()
    child.stop()

    assert child.process.poll() == -signal.SIGKILL
    assert wait_until(lambda: not is_alive(grandchild))


def test_child_is_asked_before_it_is_killed(tmp_path):
    script = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done"
    process = spawn(["sh", "-c", script], env=os.environ, log=tmp_path / "log", prepare=before_exec())
    assert wait_until(lambda: "up" in (tmp_path / "log").read_text())

    end_group(process, grace=5)

    assert process.returncode == 0
    assert "bye" in (tmp_path / "log").read_text()


def test_step_tells_that_it_is_done(tmp_path, capsys):
    run_step("Counting", ["sh", "-c", "echo one"], env=os.environ, log=tmp_path / "logs" / "count.log")

    assert (tmp_path / "logs" / "count.log").read_text() == "one\n"
    assert "✓ Counting" in capsys.readouterr().out


def test_step_tells_that_it_is_at_work__more_than_a_second(tmp_path, capsys):
    run_step("Counting", ["sleep", "1.2"], env=os.environ, log=tmp_path / "log")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  … Counting"
    assert lines[1].startswith("  ✓ Counting (1.")


def test_step_fails_with_its_log(tmp_path, capsys):
    with pytest.raises(StepFailed) as caught:
        run_step("Counting", ["sh", "-c", "echo why; exit 3"], env=os.environ, log=tmp_path / "log")

    assert caught.value.log.read_text() == "why\n"
    assert "✗ Counting" in capsys.readouterr().out


def test_step_is_interrupted(tmp_path):
    stop = threading.Event()
    stop.set()
    began = time.monotonic()

    with pytest.raises(Interrupted):
        run_step("Sleeping", ["sleep", "60"], env=os.environ, log=tmp_path / "log", stop=stop)

    assert time.monotonic() - began < 5


def test_claim_is_held_by_one(tmp_path):
    first = Claim(tmp_path)
    with pytest.raises(AlreadyRunning, match=f"already starting .process {os.getpid()}."):
        Claim(tmp_path)

    first.announce("http://127.0.0.1:8123")
    with pytest.raises(AlreadyRunning, match=r"already running at http://127\.0\.0\.1:8123"):
        Claim(tmp_path)

    first.release()
    Claim(tmp_path).release()


def test_claim_says_who_holds_it(tmp_path):
    claim = Claim(tmp_path)
    claim.announce("http://127.0.0.1:8123")
    claim.announce("http://a")

    assert json.loads((tmp_path / "run.lock").read_text()) == {"pid": os.getpid(), "address": "http://a"}
    claim.release()


def test_lock_is_waited_for(tmp_path):
    held = take(tmp_path / "lock")
    assert take(tmp_path / "lock") is None
    with pytest.raises(TimeoutError, match="still holds"):
        take_over(tmp_path / "lock", timeout=0.1)

    threading.Timer(0.2, os.close, [held]).start()

    os.close(take_over(tmp_path / "lock", timeout=5))


def test_lock_keeps_others_out_while_inside(tmp_path):
    with exclusive(tmp_path / "lock"):
        assert take(tmp_path / "lock") is None

    os.close(take(tmp_path / "lock"))


def test_port_is_the_next_one__wanted_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        port = reserve(taken)

        assert port.number != taken
        assert not is_free(taken)
    port.release()


def test_port_is_held_until_the_web_server_takes_it():
    port = reserve(0)
    assert not is_free(port.number)
    with socket.socket() as web_server:
        web_server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        web_server.bind(("127.0.0.1", port.number))
        web_server.listen()

    assert not is_free(port.number)
    port.release()
    assert is_free(port.number)
