"""What an agenda tells of the council's earlier decisions that nobody has finished."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from archive.models import ArchiveMessage
from core.actors import System
from core.models import AccessLog
from core.retention import REDACTED, forget
from governance.council.papers import agenda_data
from governance.filing.history import table_then
from governance.following_up import Assignment, set_follow_up
from governance.models import Meeting
from governance.pdf import render_agenda
from governance.scoring.agenda import kept_agenda
from governance.standing import MOST, meetings_told_of, standing_of
from governance.workflow import meeting_workflow
from organization.roles import Role
from tests import stories
from tests.governance.follow_ups import DONE, decided, perform, row_of, shielded

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def secretary(place):
    return place.actor(Role.SECRETARIAT)


def next_meeting(place) -> Meeting:
    """Return a meeting that comes after those that have decided, with a case of its own."""
    at = stories.meeting(place, days=60)
    stories.on_agenda(place, at, title="Ny sak")
    return at


def summoned(place) -> Meeting:
    by = place.actor(Role.SECRETARIAT)
    return meeting_workflow.perform("summon", next_meeting(place), by=by, now=timezone.now())


def shown(meeting, actor) -> list[tuple[str, str, str]]:
    found = standing_of(Meeting.objects.get(pk=meeting.pk), actor, now=timezone.now())
    return [(line.title, line.state.label if line.state else "", line.said) for line in found.lines]


def test_agenda__of_papers_that_went_out_without_it_tells_nothing_afterwards(world, place, secretary):
    waits = decided(place, title="Venter", days=5)
    at = summoned(place)
    assert shown(at, secretary)
    Meeting.objects.filter(pk=at.pk).update(tells_standing=False)
    assert shown(at, secretary) == []
    assert not meetings_told_of([waits.pk]).exists()


def test_page__notes_who_reads_of_a_shielded_follow_up(place, as_role):
    shielded(place)
    at = summoned(place)
    client, before = as_role(Role.SECRETARIAT), AccessLog.objects.filter(what="meeting_standing").count()
    assert client.get(at.get_absolute_url()).status_code == 200
    assert AccessLog.objects.filter(what="meeting_standing").count() == before + 1


def test_agenda__tells_what_waits_the_most_urgent_first(world, place, secretary):
    decided(place, title="Senere", days=30)
    begun = decided(place, title="Snart", days=5)
    done = decided(place, title="Gjort")
    late = decided(place, title="Sen", days=-2)
    stories.decided(place, "reject", title="Uten oppfølging")
    decided(world.neighbor, title="Naboens")
    perform("begin_follow_up", begun, place.actor(Role.HR))
    perform("finish_follow_up", done, place.actor(Role.HR), **DONE)
    at = next_meeting(place)
    assert [title for title, _state, _said in shown(at, secretary)] == ["Sen", "Snart", "Senere"]
    assert [state for _title, state, _said in shown(at, secretary)] == ["Forsinket", "Under arbeid", "Åpen"]
    perform("lapse_follow_up", late, secretary, reason="Konkurs.")
    assert [title for title, _state, _said in shown(at, secretary)] == ["Snart", "Senere"]


def test_agenda__stands_as_it_went_out_and_so_do_the_papers_of_the_archive(place, secretary):
    decision = decided(place, title="Avtalen")
    row = row_of(decision)
    moved = Assignment(
        responsible=place.person(Role.ARCHIVIST), due_on=row.due_on + timedelta(days=9), reason="HR er i permisjon.",
        began=row.changed_at,
    )  # fmt: skip
    set_follow_up(decision, moved, by=secretary, now=timezone.now())
    at = summoned(place)
    went_out = shown(at, secretary)
    assert went_out == [("Avtalen", "Åpen", "Ansvarlig eller frist endret: HR er i permisjon.")]
    perform("finish_follow_up", decision, place.actor(Role.ARCHIVIST), **DONE)
    assert shown(at, secretary) == went_out
    assert shown(next_meeting(place), secretary) == []
    (line,) = standing_of(at, secretary, now=timezone.now()).lines
    assert (line.state.row.responsible, line.state.row.due_on) == (moved.responsible, moved.due_on)
    sent = ArchiveMessage.objects.get(key=f"meeting/{at.pk}/summons").content
    assert "HR er i permisjon." in str(sent)
    then = table_then(at.pk, at.summoned_at, {}).standing
    assert [(one.title, one.said) for one in then.lines] == [(went_out[0][0], went_out[0][2])]


def test_agenda__of_a_shielded_case_gives_number_and_public_title(as_role, place, secretary):
    decision = shielded(place)
    set_follow_up(
        decision,
        Assignment(responsible=place.person(Role.HR), due_on=None, reason="Hemmelig AS ber om tid.", began=row_of(decision).changed_at),
        by=secretary, now=timezone.now(),
    )  # fmt: skip
    at = summoned(place)
    page = reverse("governance:meeting_detail", args=[at.pk])
    elsewhere = as_role(Role.PORTFOLIO_MANAGER).get(page).content.decode()
    assert "Anskaffelse" in elsewhere
    assert decision.number in elsewhere
    for words in ("Hemmelig", "Kodenavn", str(place.person(Role.HR))):
        assert words not in elsewhere
    assert "Hemmelig AS ber om tid." in as_role(Role.SECRETARIAT).get(page).content.decode()
    data = agenda_data(at, [], [], standing_of(at, System("archive"), now=timezone.now()), kept_agenda([]))
    assert data["standing"] == [{"number": decision.number, "title": "Anskaffelse"}]
    assert "Hemmelig" not in str(ArchiveMessage.objects.get(key=f"meeting/{at.pk}/summons").content)


def test_agenda__is_for_those_who_see_the_lines(world, place):
    decided(place, title="Vår egen")
    at = summoned(place)
    assert shown(at, place.actor(Role.EMPLOYEE))[0][0] == "Vår egen"
    for other in (world.neighbor, world.stranger):
        assert shown(at, other.actor(Role.SECRETARIAT)) == []


def test_agenda__waits_for_the_papers_and_is_not_there_when_the_meeting_is_cancelled(
    as_role, place, secretary
):
    decided(place, title="Avtalen")
    at = next_meeting(place)
    page = reverse("governance:meeting_detail", args=[at.pk])
    assert as_role(Role.EMPLOYEE).get(page).context["standing"] is None
    assert as_role(Role.SECRETARIAT).get(page).context["standing"].lines
    meeting_workflow.perform("cancel", at, by=secretary, now=timezone.now(), data={"reason": "Sykdom."})
    assert as_role(Role.SECRETARIAT).get(page).context["standing"] is None


def test_agenda__is_bounded_with_a_link_to_the_rest(as_role, place, django_assert_max_num_queries):
    for number in range(MOST + 2):
        decided(place, title=f"Sak {number}", days=number + 1)
    at = summoned(place)
    client = as_role(Role.SECRETARIAT)
    for name in ("meeting_detail", "meeting_minutes"):
        address = reverse(f"governance:{name}", args=[at.pk])
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES, info=name):
            text = client.get(address).content.decode()
    text = client.get(reverse("governance:meeting_detail", args=[at.pk])).content.decode()
    assert "og 2 til" in text
    assert f"Sak {MOST - 1}" in text
    assert f"Sak {MOST}" not in text
    lines = client.get(reverse("governance:decision_log"), {"oppfolging": "waiting"}).context["lines"]
    assert len(lines) == MOST + 2
    standing = standing_of(at, place.actor(Role.SECRETARIAT), now=timezone.now())
    content = render_agenda(agenda_data(at, [], [], standing, kept_agenda([])), timezone.now())
    assert content.startswith(b"%PDF")


def test_forget_case__leaves_nothing_in_the_agendas_that_told_of_it(place, secretary):
    decision = decided(place, title="Avtalen")
    set_follow_up(
        decision,
        Assignment(responsible=None, due_on=row_of(decision).due_on, reason="HR er i permisjon.", began=row_of(decision).changed_at),
        by=secretary, now=timezone.now(),
    )  # fmt: skip
    told = summoned(place)
    perform("lapse_follow_up", decision, secretary, reason="Konkurs.")
    untold = summoned(place)
    forget(
        decision.initiative, columns=["title"], legal_basis="lov", by=System("retention"), now=timezone.now()
    )
    assert shown(told, secretary)[0][2] == f"Ansvarlig eller frist endret: {REDACTED}"
    sent = dict(ArchiveMessage.objects.filter(kind="summons").values_list("object_id", "content"))
    assert sent[told.pk] == {}
    assert sent[untold.pk] != {}
