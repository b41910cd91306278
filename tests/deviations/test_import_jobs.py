"""Large files by a worker: ordered, carried out once, one at a time, seen while it lasts and when it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.workflow import TransitionDenied
from deviations import importing
from deviations.importing import jobs
from deviations.models import Deviation, DeviationImport, ImportJob
from deviations.tasks import carry_out_imports
from organization.roles import Role
from tests.deviations import stories
from tests.deviations.test_import import GOOD, HEADINGS, ROOT, bring, columns, csv_of, line, table_of, upload
from tests.world import end_roles_of


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def editor(place):
    return place.actor(Role.QUALITY_MANAGER)


@pytest.fixture
def _all_is_large(monkeypatch):
    monkeypatch.setattr("deviations.importing.AT_ONCE", 0)


def given(place, by):
    return {"municipality": place.municipality, "by": by, "now": timezone.now()}


def ordered(place, by, *lines):
    file = importing.keep(table_of(*lines), system="Gammelt", municipality=place.municipality, by=by)
    reading = importing.check(file, importing.guess(HEADINGS, {}), {}, **given(place, by))
    return importing.order_import(file, reading.found.fingerprint, **given(place, by))


def fresh(job):
    return ImportJob.objects.without_file().get(pk=job.pk)


# --- From the file to the report, as a person does it ----------------------------------------------
@pytest.mark.usefixtures("_all_is_large")
def test_import_pages__of_a_large_file_follow_the_worker(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(GOOD, line(Avviksnr="2")))
    waits = client.post(f"{ROOT}kolonner/", columns()).url
    page = client.get(waits).content.decode()
    assert "Venter på å begynne" in page
    assert 'hx-trigger="every' in page
    assert "0 av 2" in page
    assert "En import er i gang" in client.get(ROOT).content.decode()
    assert carry_out_imports() == 1
    seen = client.get(waits)
    found = client.get(seen.url)
    assert "Dette vil skje" in found.content.decode()
    assert not Deviation.objects.exists()
    job = client.post(seen.url, {"seen": found.context["found"].fingerprint}).url
    assert "Sakene leses inn" in client.get(job).content.decode()
    assert carry_out_imports() == 1
    report = client.get(job).url
    assert "2 saker er lest inn" in client.get(report).content.decode()
    undoing = client.post(f"{report}angre/").url
    assert carry_out_imports() == 1
    assert "2 saker er fjernet" in client.get(client.get(undoing).url).content.decode()
    assert not Deviation.objects.exists()


@pytest.mark.usefixtures("_all_is_large")
def test_import_pages__of_a_large_file_with_errors_show_them_by_line(as_role):
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(GOOD, line(Avviksnr="2", Enhet="Sykehuset")))
    waits = client.post(f"{ROOT}kolonner/", columns()).url
    carry_out_imports()
    page = client.get(client.get(waits).url)
    assert page.status_code == 200
    assert "Kommunen har ingen enhet som heter «Sykehuset»" in page.content.decode()
    assert 'name="code_unit_0"' in page.content.decode()


@pytest.mark.usefixtures("_all_is_large")
def test_import_job__leads_a_page_that_asks_by_itself_on(as_role, place, editor):
    job = ordered(place, editor, GOOD)
    carry_out_imports()
    answer = as_role(Role.QUALITY_MANAGER).get(job.get_absolute_url(), headers={"hx-request": "true"})
    assert answer["HX-Redirect"].endswith(f"/import/{DeviationImport.objects.get().pk}/")


# --- Once, and one at a time --------------------------------------------------------------------------
def test_order__one_at_a_time_in_a_municipality(place, editor, world):
    first = ordered(place, editor, GOOD)
    with pytest.raises(importing.Busy) as busy:
        ordered(place, editor, line(Avviksnr="2"))
    assert busy.value.job == first
    there = world.neighbor
    ordered(there, there.actor(Role.QUALITY_MANAGER), line(Enhet="granne-enhet"))
    assert carry_out_imports() == 2
    assert Deviation.objects.count() == 2


def test_order__the_database_holds_the_same(place, editor):
    first = ordered(place, editor, GOOD)
    again = ImportJob(
        municipality=place.municipality, kind="undo", system="x", file_name="x", ordered_by_id=editor.person_id,
        ordered_at=first.ordered_at, heard_at=first.heard_at, total=1,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="en import i gang"):
        again.validate_constraints()


def test_carry_out__what_is_done_is_not_done_again(place, editor):
    job = ordered(place, editor, GOOD)
    assert importing.carry_out(job.pk)
    assert not importing.carry_out(job.pk)
    assert Deviation.objects.count() == 1
    assert fresh(job).content is None


def test_import__small_ones_wait_for_the_large(as_role, place, editor):
    job = ordered(place, editor, GOOD)
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(line(Avviksnr="2")))
    checked = client.post(f"{ROOT}kolonner/", columns())
    answer = client.post(f"{ROOT}kolonner/", {"seen": checked.context["found"].fingerprint})
    assert answer.url == job.get_absolute_url()
    assert not Deviation.objects.exists()


def test_import__nothing_while_another_process_is_at_it(place, editor, monkeypatch):
    job = ordered(place, editor, GOOD)
    monkeypatch.setattr("deviations.importing.alone._asked", lambda *_asked: False)
    assert not importing.carry_out(job.pk)
    assert fresh(job).status == "waiting"
    with pytest.raises(Refused, match="en import i gang"):
        bring(place, editor, line(Avviksnr="2"))
    assert not Deviation.objects.exists()


# --- When it fails ----------------------------------------------------------------------------------
def test_carry_out__a_failure_is_tried_again_and_then_shown(as_role, place, editor, monkeypatch, caplog):
    job, client = ordered(place, editor, GOOD), as_role(Role.QUALITY_MANAGER)

    def breaks(*_given, **_options):
        raise OSError("disken er full")

    monkeypatch.setattr("deviations.importing.writing._write_beside", breaks)
    assert carry_out_imports() == 0
    assert (fresh(job).status, fresh(job).tries) == ("waiting", 1)
    assert "prøves igjen innen et minutt" in client.get(job.get_absolute_url()).content.decode()
    assert carry_out_imports() == 0
    assert carry_out_imports() == 1
    assert not Deviation.objects.exists()
    assert "disken er full" in caplog.text
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Det gikk galt 3 ganger på rad" in page
    assert "Den siste jobben mislyktes" in client.get(ROOT).content.decode()
    monkeypatch.undo()
    assert client.post(f"{job.get_absolute_url()}igjen/").url == job.get_absolute_url()
    assert carry_out_imports() == 1
    assert Deviation.objects.count() == 1


def test_carry_out__a_worker_that_always_dies_is_not_let_try_for_ever(place, editor):
    job = ordered(place, editor, GOOD)
    ImportJob.objects.filter(pk=job.pk).update(status="running", tries=3)
    assert carry_out_imports() == 0
    assert fresh(job).has_failed
    assert not Deviation.objects.exists()


def test_carry_out__what_has_moved_since_is_refused_with_the_lines(as_role, place, editor):
    job = ordered(place, editor, line(Status="Åpen", **{"Lukket dato": ""}))
    for role in (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR):
        end_roles_of(place.person(role), timezone.localdate())
    assert carry_out_imports() == 1
    page = as_role(Role.QUALITY_MANAGER).get(job.get_absolute_url()).content.decode()
    assert "Noe er endret siden fila ble kontrollert" in page
    assert "Ingen leder kan ta imot saken" in page
    assert "Prøv igjen" not in page
    assert fresh(job).content is None


def test_carry_out__for_who_no_longer_looks_after_the_catalogue_does_nothing(place, editor):
    job = ordered(place, editor, GOOD)
    end_roles_of(place.person(Role.QUALITY_MANAGER), timezone.localdate())
    assert carry_out_imports() == 1
    assert fresh(job).has_failed
    assert not Deviation.objects.exists()


def test_carry_out__an_undoing_that_is_refused_says_why(as_role, place, editor):
    brought = bring(place, editor, line(Status="Åpen", **{"Lukket dato": ""}))
    job = importing.order_undo(brought, by=editor, now=timezone.now())
    stories.perform("receive", Deviation.objects.get(), by=place.actor(Role.LEADER), now=timezone.now())
    assert carry_out_imports() == 1
    assert (
        "Noen har arbeidet med" in as_role(Role.QUALITY_MANAGER).get(job.get_absolute_url()).content.decode()
    )
    assert Deviation.objects.count() == 1


def test_import_job__says_when_nobody_works_on_it(as_role, place, editor):
    job, client = ordered(place, editor, GOOD), as_role(Role.QUALITY_MANAGER)
    assert "Ingen arbeider med den nå" not in client.get(job.get_absolute_url()).content.decode()
    ImportJob.objects.update(heard_at=timezone.now() - timedelta(minutes=5))
    assert "Ingen arbeider med den nå" in client.get(job.get_absolute_url()).content.decode()


@pytest.mark.enable_socket
def test_order__stands_though_the_queue_is_away(
    place, editor, monkeypatch, django_capture_on_commit_callbacks, tmp_path
):
    away = Celery(broker=f"redis+socket://{tmp_path}/nobody?virtual_host=0", set_as_current=False)
    monkeypatch.setattr("celery.current_app.send_task", away.send_task)
    with django_capture_on_commit_callbacks(execute=True):
        job = ordered(place, editor, GOOD)
    assert fresh(job).is_open


def test_stop__what_nobody_has_begun_on(as_role, place, editor):
    job, client = ordered(place, editor, GOOD), as_role(Role.QUALITY_MANAGER)
    assert client.post(f"{job.get_absolute_url()}stopp/").url == ROOT
    assert carry_out_imports() == 0
    assert "Den er stoppet" in client.get(job.get_absolute_url()).content.decode()
    assert client.post(f"{job.get_absolute_url()}stopp/").status_code == 409
    assert client.post(f"{job.get_absolute_url()}igjen/").status_code == 409
    assert fresh(job).content is None


def test_drop_files__of_what_nobody_has_come_back_to(place, editor):
    job = ordered(place, editor, GOOD)
    ImportJob.objects.update(status="failed", ended_at=timezone.now() - timedelta(hours=23))
    carry_out_imports()
    assert fresh(job).has_file
    ImportJob.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    carry_out_imports()
    assert not fresh(job).has_file


# --- Whose it is -----------------------------------------------------------------------------------------
def test_import_job__is_for_those_who_look_after_the_catalogue(as_role, place, world, editor):
    theirs = ordered(world.neighbor, world.neighbor.actor(Role.QUALITY_MANAGER), line(Enhet="granne-enhet"))
    ours, client = ordered(place, editor, GOOD), as_role(Role.QUALITY_MANAGER)
    for path in ("", "igjen/", "stopp/"):
        call = client.post if path else client.get
        assert call(f"{theirs.get_absolute_url()}{path}").status_code == 404
        call = as_role(Role.LEADER).post if path else as_role(Role.LEADER).get
        assert call(f"{ours.get_absolute_url()}{path}").status_code == 403
    brought = bring(world.neighbor, world.neighbor.actor(Role.QUALITY_MANAGER), line(Enhet="granne-enhet"))
    with pytest.raises(TransitionDenied):
        importing.order_undo(brought, by=editor, now=timezone.now())


def test_import_job__is_asked_for_without_its_file(as_role, place, editor):
    job, client = ordered(place, editor, GOOD), as_role(Role.QUALITY_MANAGER)
    client.get(job.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        client.get(job.get_absolute_url())
    assert len(asked) <= 12
    assert not [query for query in asked if '"content",' in query["sql"]]


def test_tell__on_a_connection_of_its_own(place, editor):
    job = ordered(place, editor, GOOD)
    with jobs._telling(job) as tell, CaptureQueriesContext(connection) as asked:
        tell(1, is_writing=True)
    assert not asked
