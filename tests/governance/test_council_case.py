"""One case at a time, and the minutes: what works, and what is refused with what was typed kept."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import agenda, council
from governance.models import Decision, Meeting
from governance.workflow import meeting_workflow
from organization.roles import Role

MAX_QUERIES = 12
NASTY = ["<script>alert(1)</script>", "Ŋálgu 🚀 Čáhci", "x" * 9000, "nul\x00tegn"]


def url(name, *args):
    return reverse(f"governance:{name}", args=args)


def approve(meeting, place):
    return meeting_workflow.perform(
        "approve_minutes", meeting, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now()
    )


# --- One case ------------------------------------------------------------------------------------
def test_decide_case__undisputed_takes_a_tick_and_a_press(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert (data["outcome"], data["text"]) == ("prioritize", "1. Tiltaket prioriteres.")
    answer = client.post(page, {**data, "asked": "on", "unanimous": "on", "chair_is_for": ""}, follow=True)
    decision = Decision.objects.get()
    assert (decision.text, decision.votes_for, decision.casting_vote) == (
        "1. Tiltaket prioriteres.",
        3,
        False,
    )
    second = going.items.exclude(pk=item.pk).get()
    assert answer.redirect_chain[-1][0] == url("meeting_item", going.pk, second.pk)
    assert "er ført: Prioritert" in answer.content.decode()


def test_decide_case__last_one_leads_back_to_the_meeting(as_role, going, item, secretary):
    council.decide(item, outcome="reject", text="Nei", by=secretary, now=timezone.now())
    last = going.items.exclude(pk=item.pk).get()
    answer = as_role(Role.COUNCIL_LEADER).post(
        url("meeting_item", going.pk, last.pk),
        {"outcome": "reject", "text": "Nei", "asked": "on", "unanimous": "on"},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == going.get_absolute_url()
    assert "Nå kan møtet avsluttes" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"outcome": ""}, "Du må velge"),
        ({"text": ""}, "Du må fylle ut «Vedtak»"),
        ({"outcome": "hold"}, "Skriv når saken skal vurderes på nytt"),
        ({"outcome": "hold", "review_on": "1.1.2020"}, "Velg en dato etter møtet"),
        ({"unanimous": ""}, "Skriv hvor mange som stemte for"),
        ({"unanimous": "", "votes_for": "-1"}, "ikke være mindre"),
        ({"unanimous": "", "votes_for": "1", "votes_against": "1", "votes_blank": "1"}, "Stemmene står likt"),
        ({"due_on": "1.1.2020"}, "Fristen kan ikke være før møtet"),
        ({"responsible": "Ingen Slik"}, "Fant ingen treff"),
        ({"outcome": "note"}, "gyldig"),
    ],
)
def test_decide_case__error_is_told_and_the_text_kept(as_role, going, item, data, words):
    sent = {
        "outcome": "prioritize",
        "text": "Rådet ønsker mer.",
        "asked": "on",
        "unanimous": "on",
        "discussion": "Lang drøfting Ŋ",
        **data,
    }
    answer = as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Lang drøfting Ŋ" in answer.content.decode()
    assert not Decision.objects.exists()


def test_decide_case__votes_that_do_not_add_up_keep_what_was_typed(as_role, going, item):
    data = {
        "outcome": "prioritize",
        "text": "Rådet ønsker mer.",
        "votes_for": "2",
        "votes_against": "0",
        "asked": "on",
    }
    answer = as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Stemmene går ikke opp: 2 stemmer og 3 til stede i saken" in text
    assert "Rådet ønsker mer." in text


def test_decide_case__below_quorum_is_refused_with_reason(as_role, going, item, secretary):
    leader = going.attendances.get(seat="leader")
    council.register_attendance(
        going, present={leader.pk}, absent=set(), substitutes={}, by=secretary, now=timezone.now()
    )
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    assert "Ikke vedtaksført" in client.get(page).content.decode()
    answer = client.post(
        page, {"outcome": "reject", "text": "Møysommelig skrevet", "asked": "on", "unanimous": "on"}
    )
    assert answer.status_code == 409
    assert "mandatet krever 2" in answer.content.decode()
    assert "Møysommelig skrevet" in answer.content.decode()


def test_decide_case__tie_with_the_chairs_vote(as_role, going, item, secretary):
    two = {row.pk for row in going.attendances.filter(seat__in=["leader", "member"])}
    council.register_attendance(
        going, present=two, absent=set(), substitutes={}, by=secretary, now=timezone.now()
    )
    data = {
        "outcome": "reject",
        "text": "Nei",
        "votes_for": "1",
        "votes_against": "1",
        "chair_is_for": "on",
        "asked": "on",
    }
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 302
    assert Decision.objects.get().casting_vote
    assert (
        "dobbeltstemme avgjorde"
        in as_role(Role.EMPLOYEE).get(url("meeting_item", going.pk, item.pk)).content.decode()
    )


def test_decide_case__double_submit_decides_once(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {"outcome": "reject", "text": "Nei", "asked": "on", "unanimous": "on"}
    assert client.post(page, data).status_code == 302
    answer = client.post(page, data)
    assert answer.status_code == 409
    assert "alt avgjort" in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.EMPLOYEE, Role.KOMMUNEDIREKTOR])
def test_decide_case__by_others_is_forbidden(as_role, going, item, role):
    client, page = as_role(role), url("meeting_item", going.pk, item.pk)
    assert 'name="outcome"' not in client.get(page).content.decode()
    assert (
        client.post(page, {"outcome": "reject", "text": "Nei", "asked": "on", "unanimous": "on"}).status_code
        == 403
    )
    assert not Decision.objects.exists()


@pytest.mark.parametrize("text", NASTY)
def test_decide_case__odd_text_is_kept_whole_or_refused(as_role, going, item, text):
    page = url("meeting_item", going.pk, item.pk)
    data = {"outcome": "reject", "text": text, "asked": "on", "unanimous": "on"}
    answer = as_role(Role.SECRETARIAT).post(page, data)
    if answer.status_code == 302:
        assert Decision.objects.get().text == text
        assert "<script>alert" not in as_role(Role.EMPLOYEE).get(page).content.decode()
    else:
        assert answer.status_code == 422
        assert not Decision.objects.exists()


@pytest.mark.parametrize("typed", NASTY)
def test_decide_case__odd_name_of_responsible_is_refused(as_role, going, item, typed):
    data = {"outcome": "reject", "text": "Nei", "asked": "on", "unanimous": "on", "responsible": typed}
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 422


def test_decide_case__responsible_is_of_the_own_municipality(as_role, world, going, item):
    foreign = world.neighbor.person(Role.SERVICE_OWNER)
    data = {"outcome": "reject", "text": "Nei", "asked": "on", "unanimous": "on", "responsible": foreign.name}
    assert as_role(Role.SECRETARIAT).post(url("meeting_item", going.pk, item.pk), data).status_code == 422


def test_compare_with_recommendation__shows_what_changed_and_writes_nothing(as_role, going, item):
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {
        "do": "preview",
        "outcome": "prioritize",
        "text": "1. Tiltaket avslås.",
        "discussion": "Tatt vare på",
    }
    part = client.post(page, data, headers={"HX-Request": "true"}).content.decode()
    assert "<ins>" in part
    assert "<html" not in part
    whole = client.post(page, data).content.decode()
    assert "<ins>" in whole
    assert "Tatt vare på" in whole
    assert not Decision.objects.exists()
    assert "Likt innstillingen" in client.get(page).content.decode()


def test_declare_impartiality__takes_the_member_out_of_the_count(as_role, going, item):
    member = going.attendances.get(seat="member")
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, item.pk)
    data = {
        "do": "declare", "habilitet-attendance": member.pk, "habilitet-ground": "family",
        "habilitet-explanation": "Søster av leverandøren", "habilitet-answer": "yes",
    }  # fmt: skip
    text = client.post(page, data, follow=True).content.decode()
    assert "Inhabil, fratrer" in text
    assert "2 av 3 deltar i saken" in text
    assert "Søster av leverandøren" not in as_role(Role.EMPLOYEE).get(page).content.decode()
    answer = as_role(Role.SECRETARIAT).post(page, {**data, "habilitet-explanation": ""})
    assert answer.status_code == 422


def test_note_case__is_taken_note_of(as_role, going, secretary):
    notice = agenda.add_item(going, title="Avgjort på fullmakt", kind="RS", by=secretary, now=timezone.now())
    client, page = as_role(Role.SECRETARIAT), url("meeting_item", going.pk, notice.pk)
    assert "Tas til orientering." in client.get(page).content.decode()
    assert client.post(page, {"text": "Tas til orientering."}).status_code == 302
    assert Decision.objects.get().outcome == "note"


# --- Minutes -------------------------------------------------------------------------------------
def written(meeting, **texts):
    data = {"version": Meeting.objects.get(pk=meeting.pk).version, "notes": texts.get("notes", "")}
    for row in meeting.items.all():
        data[f"discussion_{row.pk}"] = texts.get("discussion", "")
        data[f"impartiality_{row.pk}"] = texts.get("impartiality", "")
    return data


def test_write_minutes__until_they_are_approved(as_role, place, held):
    client, page = as_role(Role.SECRETARIAT), url("meeting_minutes", held.pk)
    data = written(held, notes="Ingen merknader.", discussion="Rådet var enig <b>")
    assert client.post(page, data).status_code == 302
    text = client.get(page).content.decode()
    assert "Ingen merknader." in text
    assert "Rådet var enig &lt;b&gt;" in text
    approve(held, place)
    assert client.post(page, written(held, notes="Endret")).status_code == 409
    held.refresh_from_db()
    assert held.notes == "Ingen merknader."


def test_write_minutes__second_writer_sees_both_texts(as_role, held):
    client, page = as_role(Role.SECRETARIAT), url("meeting_minutes", held.pk)
    mine = written(held, discussion="Min tekst")
    client.post(page, written(held, discussion="Deres tekst"))
    answer = client.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Min" in text
    assert "Deres" in text
    again = {name: answer.context["form"][name].value() for name in mine}
    assert client.post(page, again).status_code == 302
    assert set(held.items.values_list("discussion", flat=True)) == {"Min tekst"}


def test_write_minutes__by_the_leader_is_forbidden(as_role, held):
    client = as_role(Role.COUNCIL_LEADER)
    page = url("meeting_minutes", held.pk)
    assert "Godkjenn protokollen" in client.get(page).content.decode()
    assert client.post(page, written(held)).status_code == 403


def test_open_minutes_pdf__is_pdf(as_role, place, held):
    approve(held, place)
    answer = as_role(Role.EMPLOYEE).get(url("meeting_minutes_pdf", held.pk))
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
