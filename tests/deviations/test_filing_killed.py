"""kill -9 of the web server and of the worker while people report: what was answered is there, once, with all of it.

Real processes: granian on a database of its own, a client that sends each report with its key until it
is answered, as a phone does, and SIGKILL at a random point; then a Celery worker that is killed while it writes
the e-mail about them.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from PIL import Image

from core.retention import files
from devstack.demo import ask_readiness
from devstack.ports import HOST, reserve
from tests.core.test_reminders_killed import SENT, Scene, kill_when, wait_for

if TYPE_CHECKING:
    from pathlib import Path

LONG = bool(os.environ.get("STAFETT_LONG"))
DEATHS, CLIENTS = (60, 3) if LONG else (3, 2)
PATIENCE = 90
TEST_MODE = {"APP_MODE": "test"}
"""Pages without collected static files; the worker writes its mail to a folder as in the demo."""
CSRF = "k" * 32
_ANSWERED = frozenset({200, 302})


class Web:
    """Two web servers in turn: one answers while the other starts again."""

    def __init__(self, scene: Scene) -> None:
        self.env = scene.env | TEST_MODE
        self.servers = [self._start(), self._start()]

    def _start(self) -> tuple[int, subprocess.Popen[bytes]]:
        port = reserve(0)
        args = [
            "-W",
            "ignore",
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--workers",
            "1",
            "--blocking-threads",
            "2",
            "--no-ws",
        ]
        where = ["--no-access-log", "--log-level", "critical", "--host", HOST, "--port", str(port.number)]
        process = subprocess.Popen(
            [sys.executable, *args, *where, "config.wsgi:application"], env=self.env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        port.release()
        return port.number, process

    @property
    def port(self) -> int:
        return self.servers[0][0]

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if ask_readiness(self.port).startswith("200"):
                return
            time.sleep(0.1)
        pytest.fail("the web server did not start")

    def kill(self) -> None:
        _port, process = self.servers.pop(0)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.servers.append(self._start())

    def close(self) -> None:
        for _port, process in self.servers:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class Phone:
    """Somebody who reports one thing after the other, and sends each again until it is answered."""

    web: Web
    given: dict
    session: str
    number: int
    sent: dict[str, dict] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    tries: int = 0

    def report_until(self, over: threading.Event) -> None:
        while not over.is_set():
            self._report(len(self.sent))

    def _report(self, count: int) -> None:
        key, image = str(uuid.uuid4()), _photo(self.number, count)
        fields = {
            "kind": "deviation", "danger": "none", "municipality": self.given["municipality"], "unit": self.given["unit"],
            "submission_key": key, "description": f"Telefon {self.number}, melding {count}: det var glatt ved inngangen.",
        }  # fmt: skip
        if count % 3 == 2:
            fields |= {"anonymity": "anonymous", "follow_code": _code(self.number, count)}
        self.sent[key] = {"photo": hashlib.sha256(image).hexdigest(), "text": fields["description"]}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.tries += 1
            if self._post(fields, image) in _ANSWERED:
                self.answered.add(key)
                return
            time.sleep(0.05)

    def _post(self, fields: dict, image: bytes) -> int:
        body, kind = _form(fields, image)
        cookies = f"{self.given['cookie']}={self.session}; csrftoken={CSRF}"
        headers = {"Content-Type": kind, "Cookie": cookies, "X-CSRFToken": CSRF}
        link = http.client.HTTPConnection(HOST, self.web.port, timeout=20)
        try:
            link.request("POST", "/avvik/meld/", body, headers)
            answer = link.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            link.close()
        return answer.status


def _photo(phone: int, count: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (48, 48), (phone, count % 256, count // 256)).save(buffer, "PNG")
    return buffer.getvalue()


def _code(phone: int, count: int) -> str:
    digits = "ABCDEFGHJK"
    return "".join(digits[int(one)] for one in f"{phone:04d}{count:012d}")


def _form(fields: dict, image: bytes) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="camera"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return "".join(
        [*parts, head]
    ).encode() + image + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@pytest.fixture
def scene(world, valkey, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        made = Scene(valkey.url(4), tmp_path / "mail")
    made.env["MEDIA_ROOT"] = str(tmp_path / "media")
    yield made
    made.close()


@pytest.fixture
def web(scene):
    servers = Web(scene)
    yield servers
    servers.close()


@pytest.mark.django_db(transaction=False)
def test_kill_web_and_worker__while_people_report(scene, web, tmp_path):
    phones = _report_while_the_server_dies(scene, web)
    answered = set().union(*(phone.answered for phone in phones))
    assert answered == {key for phone in phones for key in phone.sent}
    _all_is_there_once(scene, phones, tmp_path / "media")
    _mail_is_written_once(scene, len(answered))


def _report_while_the_server_dies(scene: Scene, web: Web) -> list[Phone]:
    given = json.loads(_output(scene, "-m", "tests.scenes.filing", "sessions", str(CLIENTS)))
    phones = [Phone(web, given, given["sessions"][number], number) for number in range(CLIENTS)]
    over, chance = threading.Event(), random.Random(11)
    web.wait()
    threads = [threading.Thread(target=phone.report_until, args=(over,)) for phone in phones]
    for thread in threads:
        thread.start()
    for _death in range(DEATHS):
        reported = scene.count("select 1 from deviations_deviation") + chance.randint(1, 3)
        _wait_until(lambda wanted=reported: scene.count("select 1 from deviations_deviation") >= wanted)
        time.sleep(chance.random() * 0.08)
        web.kill()
        web.wait()
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    return phones


def _all_is_there_once(scene: Scene, phones: list[Phone], media: Path) -> None:
    sent = {key: one for phone in phones for key, one in phone.sent.items()}
    rows = scene.rows(
        "select submission_key::text, description, id, number, status from deviations_deviation"
    )
    assert sorted(key for key, *_rest in rows) == sorted(sent)
    assert {key: text for key, text, *_rest in rows} == {key: one["text"] for key, one in sent.items()}
    assert {status for *_rest, status in rows} == {"reported"}
    # A report that was not carried out leaves no gap in the numbers.
    assert sorted(int(number.split("-")[1]) for *_rest, number, _status in rows) == list(
        range(1, len(rows) + 1)
    )
    twice = "select 1 from {} group by {} having count(*) {}"
    assert not scene.rows(twice.format("deviations_routing", "deviation_id", "<> 1"))
    # Written and sent in; and touched again where the photo came with a later try.
    assert not scene.rows(twice.format("deviations_deviationevent", "pgh_obj_id", "not in (2, 3)"))
    for event in ("pgh_label = 'insert'", "status = 'draft'"):
        assert scene.count(f"select 1 from deviations_deviationevent where {event}") == len(rows)
    for table in ("deviations_routing", "core_attachment", "core_notice where event = 'reported'"):
        assert scene.count(f"select 1 from {table}") == len(rows), table
    _photos_are_there(scene, media, {pk: sent[key]["photo"] for key, _text, pk, *_rest in rows})


def _photos_are_there(scene: Scene, media: Path, wanted: dict[int, str]) -> None:
    kept = dict(scene.rows("select object_id, file from core_attachment"))
    assert set(kept) == set(wanted)
    files_on_disk = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert set(kept.values()) <= files_on_disk
    scene.run("-c", _SWEEP)
    left = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert left == set(kept.values())


def _mail_is_written_once(scene: Scene, count: int) -> None:
    """The worker dies while it writes the day's e-mail about the reports; afterwards each notice stands in one."""
    bundled = "select 1 from core_notice where mail_id is not null"
    for at_least in (0, 1):
        worker = scene.worker()
        scene.send("core.write_daily_mail")
        kill_when(scene, worker, bundled, at_least)
    last = scene.worker()
    try:
        scene.send("core.write_daily_mail", "core.write_daily_mail", "core.deliver_mail")
        wait_for(scene, "select 1 from core_notice where event = 'reported' and mail_id is not null", count)
        wait_for(scene, SENT, 1)
    finally:
        os.killpg(last.pid, signal.SIGKILL)
        last.wait()
    assert scene.count("select recipient_id from core_mail group by 1 having count(*) > 1") == 0


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("point", ["report", "photo", "bytes"] if LONG else ["bytes"])
def test_kill__at_each_step_of_a_report(scene, tmp_path, point):
    key, media = str(uuid.uuid4()), tmp_path / "media"
    dead = subprocess.run(
        [sys.executable, "-m", "tests.scenes.filing", "report", key, point],
        env=scene.env, check=False, timeout=120,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    assert scene.count("select 1 from deviations_deviation") == int(point != "report")
    assert sum(path.is_file() for path in media.rglob("*")) == int(point == "bytes")
    scene.run("-m", "tests.scenes.filing", "report", key, "none")
    one = {
        "deviations_deviation": 1,
        "core_attachment": 1,
        "deviations_deviationevent": 2 + (point != "report"),
        "deviations_routing": 1,
    }
    assert {table: scene.count(f"select 1 from {table}") for table in one} == one
    assert scene.count("select 1 from core_notice where event = 'reported'") == 1
    scene.run("-c", _SWEEP)
    (kept,) = scene.rows("select file from core_attachment")[0]
    assert [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()] == [kept]


def test_sweep__leaves_what_is_being_attached(tmp_path, db):
    storage = FileSystemStorage(tmp_path)
    young = tmp_path / files.FOLDER / "aa" / "bb" / "young"
    young.parent.mkdir(parents=True)
    young.write_bytes(b"x")
    assert files.sweep_files(timezone.now(), storage=storage) == 0
    assert files.sweep_files(timezone.now() + timedelta(days=2), storage=storage) == 1


def _output(scene: Scene, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, *args], env=scene.env | TEST_MODE, check=True, timeout=120, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def _wait_until(true) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if true():
            return
        time.sleep(0.005)
    pytest.fail("nothing was reported")


_SWEEP = """
import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from core.retention import sweep_files
sweep_files(timezone.now() + timedelta(days=2))
"""
