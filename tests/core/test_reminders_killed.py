"""kill -9 of the worker in the middle neither loses nor repeats a notice; a repeated e-mail keeps its Message-ID.

Real processes: a Celery worker on a real broker, a database of its own, and SIGKILL at a
random point of the work.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import admin_sql, copy_database, url_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = 25
ROUNDS = 200 if os.environ.get("STAFETT_LONG") else 4
PATIENCE = 60  # seconds for one round


class Scene:
    """A database copied from the test database, and workers that die."""

    def __init__(self, broker: str, mail: Path) -> None:
        self.name = f"killed_{os.getpid()}"
        self.mail = mail
        given = settings.DATABASES["default"]
        connection.close()
        copy_database(given["NAME"], self.name)
        self.env = os.environ | {
            "DATABASE_URL": url_of(self.name), "BROKER_URL": broker, "APP_MODE": "demo", "EMAIL_FILE_PATH": str(mail),
            "CACHE_URL": "", "DATABASE_CONN_MAX_AGE": "0",
        }  # fmt: skip

    def rows(self, sql: str) -> list[tuple]:
        link = psycopg2.connect(url_of(self.name).replace("postgres:///", "postgresql:///"))
        try:
            cursor = link.cursor()
            cursor.execute(sql)
            return cursor.fetchall()
        finally:
            link.close()

    def count(self, sql: str) -> int:
        return self.rows(f"select count(*) from ({sql}) as counted")[0][0]

    def run(self, *args: str) -> None:
        subprocess.run([sys.executable, *args], env=self.env, check=True, timeout=120)

    def worker(self) -> subprocess.Popen[bytes]:
        args = ["-W", "ignore", "-m", "celery", "-q", "-A", "config", "worker", "-P", "solo", "-l", "ERROR"]
        return subprocess.Popen(
            [sys.executable, *args, "-n", f"w{random.random()}@x"], env=self.env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def send(self, *tasks: str) -> None:
        calls = "; ".join(f"app.send_task('{task}')" for task in tasks)
        self.run("-W", "ignore", "-c", f"from config.celery import app; {calls}")

    def close(self) -> None:
        admin_sql(f'drop database if exists "{self.name}" with (force)')


def kill_when(scene: Scene, worker: subprocess.Popen[bytes], sql: str, at_least: int) -> None:
    """SIGKILL the worker as soon as the work has come so far (or is over)."""
    until = time.monotonic() + PATIENCE
    while scene.count(sql) < at_least and time.monotonic() < until:
        time.sleep(0.002)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(scene: Scene, sql: str, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if scene.count(sql) >= count:
            return
        time.sleep(0.1)
    pytest.fail(f"only {scene.count(sql)} of {count}: {sql}")


@pytest.fixture
def scene(world, valkey, tmp_path, django_db_blocker):
    # The world was committed when the database was set up; this test writes only to its copy.
    with django_db_blocker.unblock():
        made = Scene(valkey.url(3), tmp_path / "mail")
    yield made
    made.close()


LEDGER = "select 1 from core_reminderentry"
TOLD = "select 1 from core_notice where event = 'endorsement_due'"
SENT = "select 1 from core_mail where sent_at is not null"


@pytest.mark.django_db(transaction=False)
def test_kill_worker__loses_and_repeats_nothing(scene):
    scene.run("-m", "tests.scenes.overdue", str(CASES))
    chance = random.Random(7)  # the same points each time; ./test --long tries many more
    deaths = sorted(chance.sample(range(1, CASES), min(ROUNDS, CASES - 1)))
    for point in deaths:
        worker = scene.worker()
        scene.send("core.give_reminders")
        kill_when(scene, worker, LEDGER, point)
        assert scene.count(LEDGER) == scene.count(TOLD), "a ledger row stands without its notice"
    last = scene.worker()
    scene.send("core.give_reminders", "core.give_reminders")
    wait_for(scene, LEDGER, CASES)
    scene.send("core.write_daily_mail", "core.write_daily_mail", "core.deliver_mail")
    wait_for(scene, SENT, 1)
    time.sleep(0.5)
    os.killpg(last.pid, signal.SIGKILL)
    last.wait()

    assert scene.count(LEDGER) == scene.count(TOLD) == CASES
    assert (
        scene.count(
            "select object_id from core_notice where event = 'endorsement_due' group by 1 having count(*) > 1"
        )
        == 0
    )
    unmailed = scene.count("select 1 from core_notice where event = 'endorsement_due' and mail_id is null")
    assert unmailed == 0
    assert scene.count("select recipient_id from core_mail group by 1 having count(*) > 1") == 0


@pytest.mark.django_db(transaction=False)
def test_kill_worker__while_sending_repeats_with_same_message_id(scene):
    """The worker dies after the message has left and before that is recorded: it is sent again, and can be dropped."""
    scene.run("-m", "tests.scenes.overdue", "3")
    scene.run("-c", _WRITE)
    scene.run("-c", _SEND_AND_DIE)
    assert scene.count(SENT) == 0
    scene.run("-c", _SEND)
    assert scene.count(SENT) == 1
    found = Counter(
        identity
        for file in scene.mail.iterdir()
        for identity in re.findall(r"^Message-ID: (.+)$", file.read_text(), re.MULTILINE)
    )
    assert list(found.values()) == [2]


_SETUP = "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django; django.setup(); "
_WRITE = (
    _SETUP + "from core.tasks import give_reminders, write_daily_mail; give_reminders(); write_daily_mail()"
)
_SEND = _SETUP + "from core.tasks import deliver_mail; deliver_mail()"
_SEND_AND_DIE = f"""
import os, signal, subprocess, sys
child = '''{_SETUP}
import signal
from core.models import Mail
from core.tasks import deliver_mail
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
Mail.save = die
deliver_mail()
'''
done = subprocess.run([sys.executable, "-c", child])
assert done.returncode == -signal.SIGKILL, done.returncode
"""
