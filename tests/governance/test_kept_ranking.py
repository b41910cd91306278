"""The ranked list as it went out with the summons: on the page, in the notice, in the archive, and what is never told."""

from __future__ import annotations

import html
import json

import pytest
from django.db import InternalError
from django.urls import reverse
from django.utils import timezone

from archive.models import ArchiveMessage
from core.actors import System
from core.models import AccessLog
from core.retention import forget
from governance.council.papers import agenda_data
from governance.meeting_presentation import agenda_of
from governance.models import AgendaItem, Assessment, Initiative, Meeting
from governance.pdf import render_agenda
from governance.scoring.agenda import kept_agenda
from governance.standing import standing_of
from organization.roles import Role
from tests import stories
from tests.governance import scorings

MAX_QUERIES = 12
SECRET = "Fru Ødegårds vaktlomme"


def page_of(meeting, name="meeting_detail"):
    return reverse(f"governance:{name}", args=[meeting.pk])


def main_of(answer):
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\xa0", " ").partition("<main")[2]


@pytest.fixture
def meeting(place):
    """A planned meeting with a high case, one of the law's own and one without points."""
    scorings.criteria(place)
    at = stories.meeting(place)
    for title, points in (("Høy", (4,)), ("Lovens egen", (1,)), ("Lav", (1, 2)), ("Uten poeng", None)):
        case = stories.on_agenda(
            place, at, title=title, is_statutory=title == "Lovens egen", statutory_basis="Helseloven § 3"
        )
        if points:
            scorings.score(case, place, *points)
    return at


def test_page__of_papers_that_went_out_without_a_list_makes_none_up(place, meeting, as_role):
    summon(meeting, place)
    AgendaItem.objects.filter(meeting=meeting).update(ranking=None)
    page = main_of(as_role(Role.SECRETARIAT).get(page_of(meeting, "meeting_ranking")))
    assert "Innkallingen til dette møtet hadde ingen rangert liste." in page
    assert "Helseloven" not in page


def summon(meeting, place):
    return stories.meeting_workflow.perform(
        "summon", meeting, by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )


def shield(title):
    case = Initiative.objects.get(title=title)
    Initiative.objects.filter(pk=case.pk).update(
        shield_basis="offl_13", public_title="Et tiltak", title=SECRET
    )
    Assessment.objects.filter(initiative=case).update(note=f"Gjelder {SECRET}")
    return case


def kept(meeting, actor):
    rows = Meeting.objects.with_access(actor).select_related("municipality__governance_rules", "mandate")
    row = rows.get(pk=meeting.pk)
    return row, kept_agenda(agenda_of(row, actor))


def titles(ranking):
    return [(one.line.title, one.place) for one in ranking.rows]


def test_open_meeting__the_list_stands_as_it_went_out(as_role, place, meeting):
    client = as_role(Role.HR)
    summon(meeting, place)
    case = Initiative.objects.get(title="Lav")
    scorings.asked(case, place)
    scorings.score(case, place, 5, role=Role.COUNCIL_MEMBER)
    for name in ("meeting_detail", "meeting_ranking"):
        text = main_of(client.get(page_of(meeting, name)))
        for words in (
            "Lov", "80", "1 bedømmer", "kriterier versjon 1", "Helseloven § 3", "Mål: 1 Mer tid til brukerne.", "Ikke vurdert",
        ):  # fmt: skip
            assert words in text, words
        assert "2 bedømmere" not in text
    assert titles(kept(meeting, place.actor(Role.HR))[1]) == [
        ("Lovens egen", ""), ("Høy", "1"), ("Lav", "2"), ("Uten poeng", "–"),
    ]  # fmt: skip


def test_open_meeting__nothing_where_nothing_is_ranked(as_role, place, planned):
    summon(planned, place)
    assert "Begrunnelse" not in main_of(as_role(Role.HR).get(page_of(planned)))
    actor = place.actor(Role.HR)
    row, ranking = kept(planned, actor)
    data = agenda_data(
        row,
        [line.item for line in agenda_of(row, actor)],
        [],
        standing_of(row, actor, now=timezone.now()),
        ranking,
    )
    assert ranking.is_kept
    assert data["ranking"] == []


def test_open_meeting__not_before_the_papers_are_out(as_role, meeting):
    assert 'id="rangering"' not in main_of(as_role(Role.SECRETARIAT).get(page_of(meeting)))


def test_open_meeting__of_a_shielded_case_the_public_title_and_nothing_else(as_role, place, meeting):
    case = shield("Høy")
    summon(meeting, place)
    client = as_role(Role.HR)
    for name in ("meeting_detail", "meeting_ranking"):
        text = main_of(client.get(page_of(meeting, name)))
        assert SECRET not in text
        assert "Plassene er regnet blant de andre: Et tiltak" in text
    _row, ranking = kept(meeting, place.actor(Role.HR))
    assert titles(ranking) == [("Lovens egen", ""), ("Lav", "1"), ("Uten poeng", "–")]  # no gap
    assert not AccessLog.objects.filter(object_id=case.pk, person=place.person(Role.HR)).exists()
    assert SECRET in main_of(as_role(Role.COUNCIL_MEMBER).get(page_of(meeting)))
    read = AccessLog.objects.filter(object_id=case.pk, person=place.person(Role.COUNCIL_MEMBER))
    assert read.count() == 1


def test_open_meeting__a_neighbor_gets_404(as_role, world, place, meeting):
    summon(meeting, place)
    for name in ("meeting_detail", "meeting_ranking", "meeting_agenda_pdf"):
        assert as_role(Role.SECRETARIAT, world.stranger).get(page_of(meeting, name)).status_code == 404


def test_put_on_agenda__after_the_summons_the_others_keep_their_places(as_role, place, meeting):
    at = summon(meeting, place)
    late = stories.ready_for_council(place, title="Sen")
    scorings.score(late, place, 5)
    stories.perform(
        "put_on_agenda", late, by=place.actor(Role.SECRETARIAT), now=timezone.now(), data={"meeting": at}
    )
    _row, ranking = kept(meeting, place.actor(Role.HR))
    assert titles(ranking)[-1] == ("Sen", "")
    assert titles(ranking)[1] == ("Høy", "1")
    text = main_of(as_role(Role.HR).get(page_of(meeting)))
    assert "Satt på sakslista etter at innkallingen gikk ut, og har ingen plass." in text


def test_print_notice__with_the_list_for_who_reads_all_and_without_what_is_shielded(place, meeting, handed):
    shield("Høy")
    actor = place.actor(Role.COUNCIL_MEMBER)
    summon(meeting, place)
    row, ranking = kept(meeting, actor)
    data = agenda_data(
        row,
        [line.item for line in agenda_of(row, actor)],
        [],
        standing_of(row, actor, now=timezone.now()),
        ranking,
    )
    full = render_agenda(data, timezone.now().replace(microsecond=0))
    assert b"<pdfaid:conformance>A" in full
    assert b"<pdfuaid:part>1" in full
    assert SECRET in json.dumps(handed, ensure_ascii=False)
    assert [one["place"] for one in handed["data"]["ranking"]] == ["", "1", "2", "–"]
    render_agenda(data, timezone.now().replace(microsecond=0), public=True)
    assert SECRET not in json.dumps(handed, ensure_ascii=False)
    assert [one["place"] for one in handed["data"]["ranking"]] == ["", "1", "–"]
    assert handed["data"]["unranked"] == ["DR 1/26 Et tiltak".replace("/26", f"/{row.starts_at:%y}")]


def test_file_summons__the_archive_gets_the_list_and_everybody_the_public_one(place, meeting):
    shield("Høy")
    summon(meeting, place)
    message = ArchiveMessage.objects.get(kind="summons", object_id=meeting.pk)
    told = json.dumps(message.content, ensure_ascii=False)
    assert "kriterier versjon 1" in told


def test_change_kept_list__refused_when_the_minutes_are_locked(place, meeting):
    from governance import council

    at = stories.in_session(meeting, place)
    by = place.actor(Role.SECRETARIAT)
    for item in at.items.order_by("position"):
        council.decide(item, outcome="postpone", text="Utsettes.", by=by, now=timezone.now())
    stories.meeting_workflow.perform("conclude", at, by=by, now=timezone.now())
    leader = place.actor(Role.COUNCIL_LEADER)
    stories.meeting_workflow.perform("approve_minutes", at, by=leader, now=timezone.now())
    with pytest.raises(InternalError):
        AgendaItem.objects.filter(meeting=at).update(ranking=None)


@pytest.mark.parametrize("column", ["note", "statutory_basis"])
def test_forget_words__also_in_the_list_that_went_out(place, meeting, column):
    case = Initiative.objects.get(title="Lovens egen")
    Initiative.objects.filter(pk=case.pk).update(statutory_basis=SECRET)
    Assessment.objects.filter(initiative=case).update(note=SECRET)
    summon(meeting, place)
    row = Assessment.objects.get(initiative=case) if column == "note" else case
    forget(row, columns=[column], legal_basis="lov", by=System("retention"), now=timezone.now())
    items = AgendaItem.objects.filter(meeting=meeting)
    assert items.get(initiative=case).ranking is None
    assert items.filter(ranking__isnull=False).count() == 3
    events = AgendaItem.pgh_event_model.objects.filter(initiative=case, ranking__isnull=False)
    assert not events.exists()
    assert "Lovens egen" not in [one for one, _place in titles(kept(meeting, place.actor(Role.HR))[1])]


@pytest.mark.parametrize("more", [0, 3])
def test_open_meeting__few_queries_whatever_the_number_of_cases(
    as_role, place, meeting, django_assert_max_num_queries, more
):
    for number in range(more):
        scorings.score(stories.on_agenda(place, meeting, title=f"Sak {number}"), place, 3)
    for title in ("Høy", "Lav"):
        Initiative.objects.filter(title=title).update(shield_basis="offl_13", public_title="Et tiltak")
    summon(meeting, place)
    client = as_role(Role.COUNCIL_MEMBER)
    for name in ("meeting_detail", "meeting_ranking"):
        client.get(page_of(meeting, name))
        with django_assert_max_num_queries(MAX_QUERIES, info=name):
            assert client.get(page_of(meeting, name)).status_code == 200
