"""A message that an export makes says the same as the one that was written when it happened."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from archive.history import exporting
from archive.history.sources import count_missing
from archive.models import ArchiveMessage
from archive.shipping import package_of
from archive.trial.official import problems_of
from benefits.filing import file_report
from core.attachments import attach
from governance import council
from governance.models import Initiative
from governance.workflow import initiative_workflow
from organization.models import Unit
from organization.roles import Role
from tests import stories
from tests.archive.scene import files_by, heard_twice
from tests.archive.test_whole_case import held
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.governance import regional

SAME = (
    "key", "kind", "title", "object_id", "payload", "content", "folder_key", "opens_folder", "municipality_id", "created_at",
    "content_type_id",
)  # fmt: skip


def told(*places) -> dict[str, dict[str, Any]]:
    """Return what stands in the outboxes, by key."""
    rows = ArchiveMessage.objects.filter(municipality__in=[place.municipality for place in places])
    return {row["key"]: row for row in rows.values(*SAME)}


def forget_messages(*places) -> None:
    """Let it be as if nothing had been filed."""
    ArchiveMessage.objects.filter(municipality__in=[place.municipality for place in places]).delete()


def export(place, **given):
    by = place.actor(Role.ARCHIVIST)
    made = exporting.start(place.municipality.pk, exporting.Choice(**given), by=by, now=timezone.now())
    assert exporting.carry_out(made.pk, now=timezone.now())
    made.refresh_from_db()
    return made


def is_made_anew(rules, *places) -> dict[str, dict[str, Any]]:
    """Take the messages away, let an export make them, and see that they are the same, and fit for an archive.

    The stories write some hearings straight into the table, so that the export may find more than was there.
    """
    before = told(*places)
    assert before
    forget_messages(*places)
    for place in places:
        assert list(export(place).gaps.values_list("key", "told")) == []
    made = told(*places)
    assert {key: made.get(key) for key in before} == before
    for row in ArchiveMessage.objects.filter(municipality__in=[place.municipality for place in places]):
        own = next(one for one in rules if one.municipality_id == row.municipality_id)
        assert problems_of(package_of(row, own).message) == []
    return before


def test_whole_case__with_its_meeting(world):
    place = world.home
    rules = files_by(place)
    held(place)
    before = is_made_anew([rules], place)
    assert {row["kind"] for row in before.values()} >= {
        "submission", "endorsement", "case_paper", "decision", "summons", "meeting_case", "minutes",
    }  # fmt: skip


def test_addenda__each_has_the_minutes_as_they_were_then(world):
    place = world.home
    rules = files_by(place)
    meeting = held(place).agenda_items.get().meeting
    for text in ("Første rettelse.", "Andre rettelse."):
        council.add_addendum(meeting, text=text, by=place.actor(Role.SECRETARIAT), now=timezone.now())
    before = is_made_anew([rules], place)
    told = [
        [one["text"] for one in before[f"meeting/{meeting.pk}/{name}"]["content"]["entry"]["documents"][0]["variants"][0]["data"]["addenda"]]
        for name in ("minutes", "addendum/1", "addendum/2")
    ]  # fmt: skip
    assert told == [[], ["Første rettelse."], ["Første rettelse.", "Andre rettelse."]]


def test_shielded_case__keeps_its_shielding(world):
    place = world.home
    rules = files_by(place)
    held(
        place, title="Det hemmelige", shield_basis=Initiative.ShieldBasis.SECURITY, public_title="Sak om noe"
    )
    before = is_made_anew([rules], place)
    shielded = [row for row in before.values() if (row["content"]["entry"] or {}).get("shield")]
    assert len(shielded) >= 6
    assert all("hemmelig" not in row["title"] for row in shielded)


def test_returned_case__is_filed_each_time_with_the_files_it_had(world):
    place = world.home
    rules = files_by(place)
    initiative = stories.draft(place)
    by, secretariat = place.actor(Role.EMPLOYEE), place.actor(Role.SECRETARIAT)
    attach(initiative, SimpleUploadedFile("Notat.txt", b"Et notat.", "text/plain"), by=by, now=timezone.now())
    initiative.refresh_from_db()
    initiative_workflow.perform("submit", initiative, by=by, now=timezone.now())
    initiative_workflow.perform(
        "endorse", initiative, by=place.actor(Role.SECTOR_LEADER), now=timezone.now(), data={"remark": "Bra."}
    )
    lacking = {"missing": ["Kostnad"], "deadline": timezone.localdate(), "reason": ""}
    initiative_workflow.perform(
        "return_for_completion", initiative, by=secretariat, now=timezone.now(), data=lacking
    )
    initiative.refresh_from_db()
    later = timezone.now()
    type(initiative).objects.filter(pk=initiative.pk).update(title="Slik det heter nå", changed_at=later)
    attach(initiative, SimpleUploadedFile("Mer.txt", b"Mer.", "text/plain"), by=by, now=timezone.now())
    initiative_workflow.perform(
        "resubmit", initiative, by=by, now=timezone.now(), data={"changes": "Alt.", "reason": "Alt."}
    )
    before = is_made_anew([rules], place)
    first = before[f"initiative/{initiative.pk}/submission"]["content"]["entry"]
    again = before[f"initiative/{initiative.pk}/resubmission/1"]["content"]["entry"]
    assert [len(one["documents"]) for one in (first, again)] == [2, 3]
    assert "nå" in again["title"]
    assert "nå" not in first["title"]


def test_hearing__that_was_answered_twice(world):
    place = world.home
    rules = files_by(place)
    initiative, hearing = heard_twice(place)
    before = is_made_anew([rules], place)
    assert {f"initiative/{initiative.pk}/hearing/{hearing.pk}/{number}" for number in (1, 2)} <= before.keys()


def test_regional_decision__with_the_owner_and_at_home(world):
    places = (world.region, world.home, world.neighbor)
    rules = [files_by(place) for place in places]
    initiative = regional.recommended(world)
    for place, verdict in ((world.home, "approved"), (world.neighbor, "approved")):
        initiative = regional.answer(initiative, place, verdict)
    before = is_made_anew(rules, *places)
    assert sum(row["kind"] == "municipal_decision" for row in before.values()) == 4


def test_rejected_and_withdrawn_case__is_closed(world):
    place = world.home
    rules = files_by(place)
    stories.decided(place, "reject")
    other = stories.received(place)
    by = place.actor(Role.SECRETARIAT)
    initiative_workflow.perform("withdraw", other, by=by, now=timezone.now(), data={"reason": "Nei."})
    before = is_made_anew([rules], place)
    assert sum(row["kind"] == "case_closed" for row in before.values()) == 2


def test_benefit_plan_and_report(world):
    place = world.home
    rules = files_by(place)
    benefit = benefits.baseline_measured(place)
    initiative, by, now = benefit.initiative, _system(), timezone.now()
    initiative.refresh_from_db()
    initiative_workflow.perform("start_realizing", initiative, by=by, now=now)
    now = timezone.now()
    initiative.refresh_from_db()
    file_report(initiative, conclusion="Det virket.", now=now)
    initiative_workflow.perform("close", initiative, by=by, now=now, data={"reason": "Det virket."})
    before = is_made_anew([rules], place)
    assert {"benefit_plan", "benefit_report", "case_closed"} <= {row["kind"] for row in before.values()}


def _system():
    from core.actors import System

    return System("tests")


def test_deviation__each_time_it_was_closed(world):
    place = world.home
    rules = files_by(place, archives_deviations=True)
    case = deviations.closed(place)
    before = is_made_anew([rules], place)
    assert f"deviation/{case.pk}/closed/1" in before


def test_deviations__are_history_only_where_they_are_filed(world):
    place = world.home
    files_by(place)
    deviations.closed(place)
    scope = exporting.Choice().scope(place.municipality.pk)
    assert "deviation" not in count_missing(scope)
    files_by(place, archives_deviations=True)
    assert count_missing(scope)["deviation"] == 1


def test_later_name__is_not_told_of_what_happened_before(world):
    place = world.home
    files_by(place)
    initiative = stories.awaiting_endorsement(place, title="Slik det het")
    type(initiative).objects.filter(pk=initiative.pk).update(
        title="Slik det heter nå", changed_at=timezone.now()
    )
    forget_messages(place)
    export(place)
    row = ArchiveMessage.objects.get(key=f"initiative/{initiative.pk}/submission")
    assert "nå" not in str(row.content)
    assert Unit.objects.filter(pk=row.municipality_id).exists()
    assert ArchiveMessage.objects.filter(created_at__lt=F("status_since")).exists()
