"""kill -9 of the worker in the middle of reading in a large file, or of undoing it: all of it is there once, or none."""

from __future__ import annotations

import os
import signal

import pytest

from tests.core.test_reminders_killed import Scene, kill_when, wait_for

LONG = bool(os.environ.get("STAFETT_LONG"))
CASES = 600
KILLED = range(1, CASES, 100) if LONG else (500,)
"""How many cases are written when the worker dies."""
ORIGINS = "select 1 from deviations_origin"


@pytest.fixture
def scene(world, valkey, tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        made = Scene(valkey.url(5), tmp_path / "mail")
    yield made
    made.close()


def _is_all_there(scene: Scene, count: int) -> None:
    assert scene.count(ORIGINS) == count
    numbers = scene.rows(
        "select number from deviations_deviation where number is not null and number <> '' order by number"
    )
    assert [int(number.split("-")[1]) for (number,) in numbers] == list(range(1, count + 1))
    events = scene.rows("select pgh_obj_id from deviations_deviationevent group by 1 having count(*) <> 1")
    assert not events
    assert scene.count("select 1 from deviations_deviationimport") == 1


def _dies_and_is_carried_out(scene: Scene, kind: str, *, half: int, whole: int) -> None:
    under_way = "select 1 from deviations_importjob where status = 'running' and is_writing and done >= {}"
    for number, point in enumerate(KILLED):
        worker = scene.worker()
        scene.send("deviations.carry_out_imports")
        kill_when(scene, worker, under_way.format(point), 1)
        assert scene.count(ORIGINS) == half, "something is half done"
        if number % 2:  # who dies three times is given up
            scene.run("-c", _ANEW)
    last = scene.worker()
    try:
        scene.send("deviations.carry_out_imports", "deviations.carry_out_imports")
        wait_for(scene, f"select 1 from deviations_importjob where kind = '{kind}' and status = 'done'", 1)
    finally:
        os.killpg(last.pid, signal.SIGKILL)
        last.wait()
    assert scene.count(ORIGINS) == whole
    assert scene.count("select 1 from deviations_importjob where content is not null") == 0


@pytest.mark.django_db(transaction=False)
def test_kill_worker__while_it_reads_a_file_in_and_while_it_undoes_it(scene):
    scene.run("-m", "tests.scenes.imports", "bring", str(CASES))
    _dies_and_is_carried_out(scene, "bring", half=0, whole=CASES)
    _is_all_there(scene, CASES)
    scene.run("-m", "tests.scenes.imports", "undo")
    _dies_and_is_carried_out(scene, "undo", half=CASES, whole=0)
    assert scene.count("select 1 from core_tombstone") == CASES
    assert scene.count("select 1 from deviations_deviation") == 0
    assert scene.count("select 1 from deviations_monthlycount having sum(count) <> 0") == 0


_ANEW = """
import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django; django.setup()
from deviations.models import ImportJob
ImportJob.objects.update(tries=0)
"""
