"""An export as a whole: begun, stopped, gone on with, packed, and never more than once."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive import reconciliation, shipping
from archive.history import exporting, making, packing
from archive.history.sources import count_missing
from archive.models import ArchiveExport, ArchiveMessage, ExportFile, MessageStatus, Purpose
from archive.trial.official import problems_of
from core.actors import System
from core.errors import Refused
from core.retention import forget
from core.workflow import TransitionDenied
from governance.models import Hearing
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, ship_and_receive
from tests.archive.test_export_kinds import export, forget_messages, told


def begin(place, **given) -> ArchiveExport:
    by = place.actor(Role.ARCHIVIST)
    return exporting.start(place.municipality.pk, exporting.Choice(**given), by=by, now=timezone.now())


# --- Nothing is doubled --------------------------------------------------------------------------
def test_export__keeps_what_has_a_message_and_makes_what_has_none(place):
    rules = files_by(place)
    old, new = stories.received(place), stories.received(place)
    ArchiveMessage.objects.filter(object_id=old.pk).delete()
    ship_and_receive(rules)
    before = set(ArchiveMessage.objects.values_list("pk", "status", "changed_at"))
    made = export(place)
    assert made.totals == {"submission": 1, "endorsement": 1}
    assert before <= set(ArchiveMessage.objects.values_list("pk", "status", "changed_at"))
    assert {row.object_id for row in made.messages.all()} == {old.pk}
    assert ArchiveMessage.objects.filter(object_id=new.pk).count() == 2
    ship_and_receive(rules)
    assert set(made.messages.values_list("status", flat=True)) == {"receipted"}


def test_export__twice_makes_nothing_more(place):
    files_by(place)
    stories.received(place)
    forget_messages(place)
    export(place)
    before = told(place)
    with pytest.raises(Refused, match="ingenting å ta med"):
        begin(place)
    assert told(place) == before


def test_numbered_keys__go_on_from_those_that_stand(place):
    """An older answer that has no message gets the next free number, and keeps it."""
    files_by(place)
    initiative = stories.under_preparation(place)
    first, second = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=8)
    hearing = Hearing.objects.create(
        initiative=initiative, role=Role.IKT_LEADER, person=place.person(Role.IKT_LEADER), asked_at=first, due_on=first.date(),
        position="against", answer="Nei.", answered_at=first, answered_by=place.person(Role.IKT_LEADER), changed_at=first,
    )  # fmt: skip
    hearing.answer, hearing.answered_at, hearing.changed_at = "Ja.", second, second
    hearing.save()
    export(place)
    prefix = f"initiative/{initiative.pk}/hearing/{hearing.pk}/"
    rows = dict(ArchiveMessage.objects.filter(key__startswith=prefix).values_list("key", "created_at"))
    assert rows == {f"{prefix}1": first, f"{prefix}2": second}
    ArchiveMessage.objects.filter(key=f"{prefix}1").delete()
    export(place)
    assert (
        dict(ArchiveMessage.objects.filter(key__startswith=prefix).values_list("key", "created_at")) == rows
    )


def test_two_at_once__the_second_is_refused(place):
    files_by(place)
    stories.received(place)
    forget_messages(place)
    begin(place)
    with pytest.raises(Refused, match="eksport i gang"):
        begin(place)
    assert ArchiveExport.objects.count() == 1


def test_message_without_content__gets_it_under_the_same_key(place):
    """Messages of the time before Stafett could send have a key and nothing else."""
    rules = files_by(place)
    stories.received(place)
    before = told(place)
    ArchiveMessage.objects.update(content={}, folder_key="", opens_folder=False)
    shipping.ship(rules, now=timezone.now())
    assert set(ArchiveMessage.objects.values_list("status", flat=True)) == {"failed"}
    assert export(place).totals == {"submission": 1, "endorsement": 1}
    assert told(place) == before
    ship_and_receive(rules)
    assert set(ArchiveMessage.objects.values_list("status", flat=True)) == {"receipted"}


# --- Order ---------------------------------------------------------------------------------------
def test_folder__is_made_before_what_lies_in_it_and_closed_last(place):
    files_by(place)
    initiative = stories.decided(place, "reject")
    forget_messages(place)
    export(place)
    rows = list(ArchiveMessage.objects.filter(folder_key=f"initiative/{initiative.pk}").order_by("pk"))
    assert [row.opens_folder for row in rows] == [True] + [False] * (len(rows) - 1)
    assert (rows[0].kind, rows[-1].kind) == ("submission", "case_closed")
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)


def test_closing_alone__is_left_out_and_told(place):
    files_by(place)
    initiative = stories.received(place)
    by = place.actor(Role.SECRETARIAT)
    initiative_workflow.perform("withdraw", initiative, by=by, now=timezone.now(), data={"reason": "Nei."})
    forget_messages(place)
    made = export(place, kinds=["case_closed"])
    (gap,) = made.gaps.all()
    assert gap.key == f"initiative/{initiative.pk}/closed"
    assert "Ta med innmeldinger" in gap.told
    assert not ArchiveMessage.objects.exists()
    export(place)
    assert ArchiveMessage.objects.filter(kind="case_closed").exists()


def test_messages_of_the_day__go_before_what_an_export_made(place):
    rules = files_by(place)
    olds = [stories.received(place) for _number in range(3)]
    forget_messages(place)
    export(place)
    new = stories.received(place)
    ids = shipping._free(rules, set())
    assert {row.object_id for row in ArchiveMessage.objects.filter(pk__in=ids)} == {new.pk}
    assert shipping._free(rules, set(), of_the_day=True) == ids
    shipping.ship(rules, now=timezone.now(), of_the_day=True)
    assert not ArchiveMessage.objects.exclude(object_id=new.pk).exclude(status="ready").exists()
    # A message of the day that lies behind an older one in its folder takes that one with it.
    by = place.actor(Role.SECRETARIAT)
    initiative_workflow.perform("withdraw", olds[1], by=by, now=timezone.now(), data={"reason": "Nei."})
    ids = shipping._free(rules, set(), of_the_day=True)
    assert {row.object_id for row in ArchiveMessage.objects.filter(pk__in=ids)} >= {olds[1].pk}
    assert olds[0].pk not in {row.object_id for row in ArchiveMessage.objects.filter(pk__in=ids)}


# --- Stopped, killed, failed ---------------------------------------------------------------------
def test_stop_and_go_on__continues_where_it_was(place):
    files_by(place)
    for _number in range(3):
        stories.received(place)
    before = told(place)
    forget_messages(place)
    made, by = begin(place), place.actor(Role.ARCHIVIST)
    assert exporting._next_records(made, float("inf"), now=timezone.now()) is True
    exporting.stop(made, by=by, now=timezone.now())
    assert exporting.carry_out(made.pk, now=timezone.now()) is False
    with pytest.raises(Refused, match="går ikke nå"):
        exporting.stop(made, by=by, now=timezone.now())
    exporting.go_on(made, by=by, now=timezone.now())
    assert exporting.carry_out(made.pk, now=timezone.now()) is True
    assert told(place) == before


@pytest.mark.parametrize("name", ["_make", "_fill", "_taken"])
def test_killed__at_a_record_leaves_it_whole_for_the_next_run(place, monkeypatch, name):
    class Killed(BaseException):
        pass

    files_by(place)
    for _number in range(3):
        stories.received(place)
    before = told(place)
    forget_messages(place)
    made, real, calls = begin(place), getattr(making, name), []

    def killing(*args):
        calls.append(args)
        result = real(*args)
        if len(calls) == 2:
            raise Killed
        return result

    with monkeypatch.context() as patch:
        patch.setattr(making, name, killing)
        with pytest.raises(Killed):
            exporting.carry_out(made.pk, now=timezone.now())
    assert ArchiveMessage.objects.count() == 2
    assert exporting.carry_out(made.pk, now=timezone.now())
    assert told(place) == before


def test_record_that_cannot_be_told__is_left_out_and_the_rest_goes_on(place, monkeypatch):
    files_by(place)
    bad, good = stories.received(place), stories.received(place)
    forget_messages(place)
    real = making.drafts_of

    def failing(scope, model, pk):
        if pk == bad.pk:
            raise ValueError("Noe er galt.")
        return real(scope, model, pk)

    monkeypatch.setattr(making, "drafts_of", failing)
    made = export(place)
    assert {row.object_id for row in ArchiveMessage.objects.all()} == {good.pk}
    assert "ValueError" in made.gaps.get().told
    monkeypatch.undo()
    export(place)
    assert ArchiveMessage.objects.filter(object_id=bad.pk).count() == 2


# --- Whose it is ---------------------------------------------------------------------------------
def test_export__is_the_archivists_and_takes_the_own_municipality_alone(world):
    place = world.home
    files_by(place)
    stories.received(place)
    stories.received(world.neighbor)
    forget_messages(place, world.neighbor)
    for by in (place.actor(Role.SECRETARIAT), world.neighbor.actor(Role.ARCHIVIST)):
        with pytest.raises(TransitionDenied):
            exporting.start(place.municipality.pk, exporting.Choice(), by=by, now=timezone.now())
    made = export(place)
    assert set(ArchiveMessage.objects.values_list("municipality_id", flat=True)) == {place.municipality.pk}
    assert not ArchiveExport.objects.visible_to(world.neighbor.actor(Role.ARCHIVIST)).exists()
    with pytest.raises(TransitionDenied):
        exporting.stop(made, by=world.neighbor.actor(Role.ARCHIVIST), now=timezone.now())


def test_period__is_of_when_it_happened(place):
    files_by(place)
    initiative = stories.received(place)
    forget_messages(place)
    today = timezone.localdate()
    for given in ({"until": today - timedelta(days=1)}, {"since": today + timedelta(days=1)}):
        with pytest.raises(Refused, match="ingenting å ta med"):
            begin(place, **given)
    assert export(place, since=today, until=today).totals == {"submission": 1, "endorsement": 1}
    assert ArchiveMessage.objects.filter(object_id=initiative.pk).count() == 2


def test_without_a_way__nothing_is_sent(place):
    stories.received(place)
    forget_messages(place)
    with pytest.raises(Refused, match="Regler for arkivet"):
        begin(place)


def test_forgotten_case__is_no_longer_history(place):
    files_by(place)
    initiative = stories.received(place)
    forget_messages(place)
    forget(initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert count_missing(exporting.Choice().scope(place.municipality.pk)) == {}


# --- Packages ------------------------------------------------------------------------------------
def packages_in(part: ExportFile) -> dict[str, bytes]:
    with default_storage.open(part.file.name) as file, zipfile.ZipFile(file) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_packages__have_everything_and_move_nothing(place, monkeypatch):
    monkeypatch.setattr(packing, "IN_A_FILE", 2)
    rules = files_by(place)
    stories.received(place)
    ship_and_receive(rules)
    stories.received(place)
    before = set(ArchiveMessage.objects.values_list("pk", "status", "changed_at"))
    made = export(place, purpose=Purpose.PACKAGES)
    assert set(ArchiveMessage.objects.values_list("pk", "status", "changed_at")) == before
    parts = list(made.files.all())
    assert [part.number for part in parts] == [1, 2]
    keys = []
    for part in parts:
        members = packages_in(part)
        listed = list(
            csv.DictReader(io.StringIO(members.pop(packing.INDEX).decode("utf-8-sig")), delimiter=";")
        )
        assert [f"{line['package']}.zip" for line in listed] == list(members)
        keys += [line["key"] for line in listed]
        for content in members.values():
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                assert problems_of(package.read("arkivmelding.xml")) == []
    assert keys == list(ArchiveMessage.objects.order_by("pk").values_list("key", flat=True))


def test_packages__make_folders_that_were_made_by_hand_in_the_old_archive(place):
    files_by(place)
    stories.received(place)
    ArchiveMessage.objects.filter(kind="submission").update(
        status=MessageStatus.MANUAL, archive_reference="26/17"
    )
    (part,) = export(place, purpose=Purpose.PACKAGES).files.all()
    first, second = [
        zipfile.ZipFile(io.BytesIO(body)) for name, body in packages_in(part).items() if name.endswith(".zip")
    ]
    assert b'xsi:type="saksmappe"' in first.read("arkivmelding.xml")
    assert b"saksaar" not in second.read("arkivmelding.xml")


def test_packages__of_a_later_period_make_their_own_folder(place):
    files_by(place)
    stories.received(place)
    ArchiveMessage.objects.filter(kind="submission").update(created_at=timezone.now() - timedelta(days=30))
    (part,) = export(place, purpose=Purpose.PACKAGES, since=timezone.localdate()).files.all()
    (content,) = [body for name, body in packages_in(part).items() if name.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b'xsi:type="saksmappe"' in package.read("arkivmelding.xml")


def test_packages__say_what_has_no_content(place):
    files_by(place)
    initiative = stories.received(place)
    ArchiveMessage.objects.filter(kind="endorsement").update(content={})
    made = export(place, purpose=Purpose.PACKAGES)
    assert "Send det som mangler" in made.gaps.get().told
    forget(initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    again = export(place, purpose=Purpose.PACKAGES)
    assert {gap.told for gap in again.gaps.all()} == {"Innholdet er slettet etter reglene for lagring."}


def test_packages__are_written_down_by_one_worker(place, monkeypatch):
    files_by(place)
    stories.received(place)
    made = begin(place, purpose=Purpose.PACKAGES)
    real = packing._write_down

    def overtaken(*args):
        monkeypatch.setattr(packing, "_write_down", real)
        assert packing.next_file(
            ArchiveExport.objects.get(pk=made.pk), exporting.scope(made), now=timezone.now()
        )
        return real(*args)

    monkeypatch.setattr(packing, "_write_down", overtaken)
    exporting.carry_out(made.pk, now=timezone.now())
    (part,) = made.files.all()
    assert part.count == 2
    assert default_storage.exists(part.file.name)


def test_packages__do_not_keep_what_is_forgotten_while_they_are_made(place, monkeypatch):
    files_by(place)
    initiative = stories.received(place)
    real = packing._write_down

    def forgotten_first(*args):
        monkeypatch.setattr(packing, "_write_down", real)
        forget(initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
        return real(*args)

    monkeypatch.setattr(packing, "_write_down", forgotten_first)
    made = export(place, purpose=Purpose.PACKAGES)
    (part,) = made.files.all()
    assert list(packages_in(part)) == [packing.INDEX]
    assert {gap.told for gap in made.gaps.all()} == {"Innholdet er slettet etter reglene for lagring."}


def test_files__are_let_go_of_with_what_they_hold_and_after_thirty_days(
    place, django_capture_on_commit_callbacks
):
    files_by(place)
    initiative = stories.received(place)
    first = export(place, purpose=Purpose.PACKAGES).files.get()
    with django_capture_on_commit_callbacks(execute=True):
        forget(initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now())
    second_case = stories.received(place)
    assert second_case.pk
    second = export(place, purpose=Purpose.PACKAGES).files.get()
    assert not default_storage.exists(first.file.name)
    first.refresh_from_db()
    assert not first.file
    reconciliation.reconcile(now=timezone.now() + timedelta(days=31))
    assert not default_storage.exists(second.file.name)


# --- What it costs -------------------------------------------------------------------------------
def test_count_and_messages__cost_the_same_for_few_and_for_many(place):
    files_by(place)
    stories.received(place)
    scope = exporting.Choice().scope(place.municipality.pk)
    costs = []
    for _time in range(2):
        forget_messages(place)
        with CaptureQueriesContext(
            connection,
        ) as counting:
            count_missing(scope)
        cases = sum(1 for _row in scope.sources())
        made = begin(place)
        with CaptureQueriesContext(connection) as carrying:
            exporting.carry_out(made.pk, now=timezone.now())
        costs.append((len(counting), cases, made.total, len(carrying)))
        for _number in range(3):
            stories.received(place)
    (count_one, _s, total_one, carry_one), (count_four, _t, total_four, carry_four) = costs
    assert count_one == count_four
    assert total_four == 4 * total_one
    assert carry_four < 4 * carry_one
