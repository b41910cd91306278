"""kill -9 at each step of the outbox, in real processes: nothing is lost, nothing is doubled, nothing stays half done."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.core.test_reminders_killed import Scene
from tests.scenes.archive import BY_THE_CLOCK, POINTS

if TYPE_CHECKING:
    from pathlib import Path

LONG = bool(os.environ.get("STAFETT_LONG"))
DEATHS, SEED = (200, 5) if LONG else (8, 3)


@pytest.fixture
def scene(world, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        made = Scene("", tmp_path / "mail")
    made.env |= {
        "APP_MODE": "test", "MEDIA_ROOT": str(tmp_path / "media"), "ARCHIVE_FOLDER": str(tmp_path / "arkiv"),
    }  # fmt: skip
    yield made
    made.close()


@pytest.mark.django_db(transaction=False)
def test_kill_process__at_each_step_of_the_outbox(scene, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.scenes.archive", str(DEATHS), str(SEED), str(tmp_path / "arkiv")],
        env=scene.env, check=True, timeout=590, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    died = Counter(json.loads(done.stdout.splitlines()[-1]))
    assert died.total() == DEATHS
    if LONG:
        points = {f"{module}.{name} {'after' if after else 'before'}" for module, name, after in POINTS}
        assert set(died) == points | {BY_THE_CLOCK}
    _every_message_is_in_the_archive_once(scene)
    _every_package_is_what_it_says(scene, tmp_path / "media")
    _folder_holds_nothing_half_done(tmp_path / "arkiv" / "911111111")


def _every_message_is_in_the_archive_once(scene: Scene) -> None:
    rows = scene.rows("select key, status, archive_reference, folder_key from archive_archivemessage")
    assert {status for _key, status, *_rest in rows} == {"receipted"}, rows
    assert all(number for _key, _status, number, _folder in rows)
    journaled = Counter(key for (key,) in scene.rows("select key from archive_trialrecord"))
    assert journaled == Counter({key for key, *_rest in rows} | {folder for *_rest, folder in rows})
    # Each state is entered once: no step was taken twice, none was skipped, and no try left a mark.
    steps = Counter(scene.rows("select pgh_obj_id, status from archive_archivemessageevent"))
    assert set(steps.values()) == {1}
    for status in ("ready", "packed", "sent", "receipted"):
        assert len([1 for _pk, entered in steps if entered == status]) == len(rows)
    counted = Counter(scene.rows("select message_id, kind from archive_answer where counted"))
    assert set(counted.values()) == {1}
    assert {pk for pk, kind in counted if kind == "receipt"} == {pk for pk, _status in steps}
    assert scene.count("select 1 from archive_answer where kind = 'put_aside'") == 0
    assert scene.count("select 1 from archive_trialanswer") == 0
    told = scene.rows("select archive_reference from governance_initiative where archive_reference <> ''")
    assert len(told) == 2


def _every_package_is_what_it_says(scene: Scene, media: Path) -> None:
    rows = scene.rows("select message_id, sha256, file, sent_at from archive_shipment")
    assert Counter(pk for pk, *_rest in rows) == Counter(
        pk for (pk,) in scene.rows("select id from archive_archivemessage")
    )
    assert all(sent_at for *_rest, sent_at in rows)
    for _pk, sha256, file, _sent_at in rows:
        assert hashlib.sha256((media / file).read_bytes()).hexdigest() == sha256
    kept = {str(path.relative_to(media)) for path in (media / "archive").rglob("*") if path.is_file()}
    assert kept == {file for _pk, _sha256, file, _sent_at in rows}


def _folder_holds_nothing_half_done(folder: Path) -> None:
    assert list((folder / "ut").iterdir()) == []
    assert list((folder / "inn").iterdir()) == []
    bytes_of: dict[str, set[str]] = {}
    for path in (folder / "tatt").iterdir():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        bytes_of.setdefault(path.name.partition(".")[0], set()).add(digest)
    # A package that was handed over twice was the same one.
    assert {len(digests) for digests in bytes_of.values()} == {1}
