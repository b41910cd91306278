"""Two connections at once, and workers that are killed: each message is made once."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from archive.history import exporting, making
from archive.models import ArchiveExport, ArchiveMessage
from core.errors import Refused
from governance.hearings import operations as hearings
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by
from tests.archive.test_export_kinds import forget_messages, told
from tests.core.test_reminders_killed import Scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = 12
DEATHS = 40 if os.environ.get("STAFETT_LONG") else 6


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each on a connection of its own, begun at the same moment."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_start__of_two_at_the_same_moment_one_is_refused(together):
    place = together.home
    files_by(place)
    stories.received(place)
    forget_messages(place)
    by = place.actor(Role.ARCHIVIST)

    def begin() -> str:
        try:
            exporting.start(place.municipality.pk, exporting.Choice(), by=by, now=timezone.now())
        except Refused as refused:
            return str(refused.reasons[0])
        return ""

    answers = sorted(at_once(begin, begin))
    assert answers[0] == ""
    assert "eksport i gang" in answers[1]
    assert ArchiveExport.objects.count() == 1


def test_workers__two_at_the_same_export_make_each_message_once(together):
    place = together.home
    files_by(place)
    for _number in range(CASES):
        stories.received(place)
    before = told(place)
    forget_messages(place)
    by = place.actor(Role.ARCHIVIST)
    made = exporting.start(place.municipality.pk, exporting.Choice(), by=by, now=timezone.now())
    ended = at_once(
        lambda: exporting.carry_out(made.pk, now=timezone.now()),
        lambda: exporting.carry_out(made.pk, now=timezone.now()),
    )
    assert any(ended)
    assert told(place) == before
    assert ArchiveExport.objects.get().status == "done"


def test_answer__given_while_its_case_is_exported_gets_a_number_of_its_own(together, monkeypatch):
    """Whoever files about a record waits until its messages are made; the key of neither is taken by the other."""
    place = together.home
    files_by(place)
    initiative = stories.under_preparation(place)
    (hearing,) = hearings.ask_hearings(
        initiative, roles=[Role.IKT_LEADER], due_on=None, by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )
    by = place.actor(Role.IKT_LEADER)
    hearings.answer_hearing(hearing, answer="Nei.", position="remarks", by=by, now=timezone.now())
    forget_messages(place)
    archivist = place.actor(Role.ARCHIVIST)
    made = exporting.start(place.municipality.pk, exporting.Choice(), by=archivist, now=timezone.now())
    there, real = Barrier(2), making._fill

    def meeting_the_other(rows: list[ArchiveMessage]) -> None:
        there.wait()
        real(rows)

    def answer() -> None:
        there.wait()
        hearings.answer_hearing(hearing, answer="Ja.", position="remarks", by=by, now=timezone.now())

    monkeypatch.setattr(making, "_fill", meeting_the_other)
    at_once(lambda: exporting.carry_out(made.pk, now=timezone.now()), answer)
    prefix = f"initiative/{initiative.pk}/hearing/{hearing.pk}/"
    rows = ArchiveMessage.objects.filter(key__startswith=prefix).order_by("key")
    assert [(row.key, row.export_id) for row in rows] == [(f"{prefix}1", made.pk), (f"{prefix}2", None)]
    assert ["Nei." in str(row.content) for row in rows] == [True, False]


# --- Killed --------------------------------------------------------------------------------------
@pytest.fixture
def scene(world, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        made = Scene("", tmp_path / "mail")
    made.env |= {"APP_MODE": "test", "MEDIA_ROOT": str(tmp_path / "media")}
    yield made
    made.close()


@pytest.mark.django_db(transaction=False)
def test_kill_process__in_the_middle_of_an_export(scene, tmp_path):
    args = [sys.executable, "-W", "ignore", "-m", "tests.scenes.archive_exports", str(CASES), str(DEATHS)]
    done = subprocess.run(args, env=scene.env, check=True, timeout=590, stdout=subprocess.PIPE, text=True)
    said = json.loads(done.stdout.splitlines()[-1])
    assert Counter(said["died"]).total() == DEATHS
    assert sorted(key for (key,) in scene.rows("select key from archive_archivemessage")) == said["keys"]
    openers = scene.rows("select folder_key from archive_archivemessage where opens_folder")
    assert len(openers) == len(set(openers)) == CASES
    assert set(scene.rows("select status from archive_archiveexport")) == {("done",)}
    assert scene.count("select 1 from archive_exportgap") == 0
    _files_hold_each_message_once(scene, tmp_path / "media")


def _files_hold_each_message_once(scene: Scene, media: Path) -> None:
    rows = scene.rows(
        "select number, first, last, file, sha256, counts from archive_exportfile order by number"
    )
    assert [number for number, *_rest in rows] == list(range(1, len(rows) + 1))
    assert all(last < after for (_a, _b, last, *_c), (_d, after, *_e) in pairwise(rows))
    assert sum(sum(counts.values()) for *_rest, counts in rows) == 2 * CASES
    kept = {str(path.relative_to(media)) for path in (media / "archive" / "exports").rglob("*.zip")}
    assert kept == {file for _a, _b, _c, file, *_rest in rows}
    for *_rest, file, sha256, _counts in rows:
        assert hashlib.sha256((media / file).read_bytes()).hexdigest() == sha256
