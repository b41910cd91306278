"""The decision log, the municipalities' own decisions, the rules and the mandate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from governance import council
from governance.models import AgendaItem, CouncilMandate, Decision, GovernanceRules, Initiative, Status
from organization.roles import Role
from tests import stories
from tests.governance import regional
from tests.governance.locks import locked_tables

MAX_QUERIES = 12
NASTY = ["<script>alert(1)</script>", "Ŋálgu 🚀 Čáhci", "x" * 9000, "nul\x00tegn"]


def url(name, *args):
    return reverse(f"governance:{name}", args=args)


# --- The log -------------------------------------------------------------------------------------
def test_decision_log__filters(as_role, place):
    stories.decided(place, "reject", title="Avvist sak")
    stories.decided(place, "prioritize", title="Vedtatt sak")
    client = as_role(Role.EMPLOYEE)

    def titles(**query):
        return [line.title for line in client.get(url("decision_log"), query).context["lines"]]

    assert titles() == ["Vedtatt sak", "Avvist sak"]
    assert titles(utfall="reject") == ["Avvist sak"]
    assert titles(q="vedtatt") == ["Vedtatt sak"]
    assert titles(q="vist av") == ["Avvist sak"]
    assert titles(q="vedtatt avvist") == []
    assert titles(organ="kommunestyre") == []
    assert titles(aar=timezone.localdate().year) == ["Vedtatt sak", "Avvist sak"]
    assert titles(aar=timezone.localdate().year - 1) == []
    assert titles(aar="år null", organ="<b>", q="\x00") == ["Vedtatt sak", "Avvist sak"]


def test_decision_log__search_never_finds_words_one_may_not_read(as_role, place):
    at = stories.meeting(place)
    shielded = stories.on_agenda(
        place, at, shield_basis="offl_23", public_title="Anskaffelse", title="Kodenavn Bjørn"
    )
    stories.in_session(at, place)
    council.decide(
        shielded.agenda_items.get(), outcome="reject", text="Leverandør Hemmelig AS.", by=place.actor(Role.SECRETARIAT),
        now=timezone.now(),
    )  # fmt: skip
    found = as_role(Role.HR).get(url("decision_log"), {"q": "Hemmelig"})
    assert found.context["lines"] == []
    text = as_role(Role.HR).get(url("decision_log")).content.decode()
    assert "Anskaffelse" in text
    assert "Hemmelig AS" not in text
    assert "Kodenavn Bjørn" not in text
    assert len(as_role(Role.COUNCIL_MEMBER).get(url("decision_log"), {"q": "Hemmelig"}).context["lines"]) == 1


def test_decision_log__finds_numbers_and_parts_of_words(as_role, place):
    case = stories.decided(place, "reject", title="Avvist sak")
    line = Decision.objects.select_related("agenda_item").get(initiative=case)
    client = as_role(Role.EMPLOYEE)

    def found(text):
        return [one.decision for one in client.get(url("decision_log"), {"q": text}).context["lines"]]

    numbers = (line.number, line.agenda_item.case_number, case.number)
    for text in (*numbers, " ".join(numbers), f"vist {case.number}", "vedt rådet", "EDTAR."):
        assert found(text) == [line], text
    for text in ("Rådet avslår", "R.det", "%edtar", "(", "[a"):
        assert found(text) == [], text


def test_decision_log__title_that_is_shielded_or_changed_later_is_not_found_any_more(as_role, place):
    case = stories.decided(place, "reject", title="Kodenavn Bjørn")
    item = case.agenda_items.get()
    client = as_role(Role.COUNCIL_MEMBER)

    def found(text):
        return [line.title for line in client.get(url("decision_log"), {"q": text}).context["lines"]]

    assert found("Bjørn") == ["Kodenavn Bjørn"]
    Initiative.objects.filter(pk=case.pk).update(shield_basis="offl_23", public_title="Anskaffelse")
    assert (found("Bjørn"), found("Anskaff")) == ([], ["Anskaffelse"])
    AgendaItem.objects.filter(pk=item.pk).update(case_number="DR 999/99")
    assert (found(item.case_number), found("999/99")) == ([], ["Anskaffelse"])
    assert not Decision.objects.get(initiative=case).events.filter(pgh_label="update").exists()


def test_decision_log__short_search_finds_words_of_titles_and_says_so(as_role, place):
    stories.decided(place, "reject", title="KI i byggesak")
    stories.decided(place, "reject", title="Trekking av lodd")
    client = as_role(Role.EMPLOYEE)
    answer = client.get(url("decision_log"), {"q": "KI"})
    assert [line.title for line in answer.context["lines"]] == ["KI i byggesak"]
    assert "minst tre tegn" in answer.content.decode()
    assert "minst tre tegn" not in client.get(url("decision_log"), {"q": "bygg"}).content.decode()


@pytest.mark.parametrize("query", ["", "?q=tekst"])
def test_decision_log__pages_by_key(as_role, place, secretary, query):
    now = timezone.now()
    for number in range(35):
        Decision.objects.create(
            municipality=place.municipality, number=f"x/{number}", body="council", outcome="note", text=f"Tekst {number}",
            decided_at=now - timedelta(minutes=number), changed_at=now,
        )  # fmt: skip
    client = as_role(Role.EMPLOYEE)
    first = client.get(url("decision_log") + query).context["page"]
    second = client.get(
        first.next_url if first.next_url.startswith("/") else url("decision_log") + first.next_url
    ).context["page"]
    assert [row.number for row in first.rows] == [f"x/{n}" for n in range(30)]
    assert [row.number for row in second.rows] == [f"x/{n}" for n in range(30, 35)]


# --- Follow-up, archive reference and files ---------------------------------------------------------
@pytest.fixture
def followed(place):
    """A decision that the service owner follows up, overdue, of a shielded case; and one without."""
    at = stories.meeting(place)
    case = stories.on_agenda(
        place, at, shield_basis="offl_23", public_title="Anskaffelse", title="Kodenavn Bjørn"
    )
    Initiative.objects.filter(pk=case.pk).update(archive_reference="26/00123")
    stories.in_session(at, place)
    council.decide(
        case.agenda_items.get(), outcome="reject", text="Leverandør Hemmelig AS.", by=place.actor(Role.SECRETARIAT),
        now=timezone.now(), responsible=place.person(Role.COUNCIL_MEMBER), due_on=timezone.localdate() - timedelta(days=2),
    )  # fmt: skip
    stories.decided(place, "reject", title="Uten oppfølging")
    return at


def shown(client, **query):
    return [line.title for line in client.get(url("decision_log"), query).context["lines"]]


def test_decision_log__filters_by_follow_up_and_meeting(as_role, followed):
    client = as_role(Role.SECRETARIAT)
    for which in ("all", "overdue"):
        assert shown(client, oppfolging=which) == ["Anskaffelse"]
    assert shown(client, oppfolging="mine") == []
    assert shown(as_role(Role.COUNCIL_MEMBER), oppfolging="mine") == ["Anskaffelse"]
    client = as_role(Role.SECRETARIAT)
    assert shown(client, moete=followed.number) == ["Anskaffelse"]
    assert shown(client, moete="0/0000") == []
    assert len(shown(client, oppfolging="\x00", moete="x" * 21)) == 2


def test_decision_log__who_may_not_read_learns_nothing_of_follow_up_or_archive(as_role, followed):
    client = as_role(Role.HR)
    for which in ("all", "mine", "overdue"):
        assert shown(client, oppfolging=which) == []
    page = client.get(url("decision_log")).content.decode()
    assert "Anskaffelse" in page
    assert "26/00123" not in page


@pytest.mark.parametrize(("role", "links"), [(Role.ARCHIVIST, True), (Role.COUNCIL_MEMBER, False)])
def test_decision_log__archive_reference_leads_to_the_messages_for_who_keeps_the_archive(
    as_role, place, role, links
):
    case = stories.decided(place, "reject", title="Arkivert sak")
    Initiative.objects.filter(pk=case.pk).update(archive_reference="26/00777")
    page = as_role(role).get(url("decision_log")).content.decode()
    assert "Arkiv 26/00777" in page
    assert (f"{reverse('archive:message_list')}?q=26/00777" in page) is links


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_decision_log__as_a_file_is_as_the_page(as_role, followed, kind):
    answer = as_role(Role.SECRETARIAT).get(url("decision_log"), {"fil": kind})
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert len(content) > 100
    if kind == "csv":
        text = content.decode("utf-8-sig")
        for words in ("Anskaffelse", "Leverandør Hemmelig AS.", "26/00123", "Uten oppfølging"):
            assert words in text, words
        narrowed = as_role(Role.SECRETARIAT).get(url("decision_log"), {"fil": kind, "oppfolging": "overdue"})
        assert "Uten oppfølging" not in b"".join(narrowed.streaming_content).decode()


def test_decision_log__as_a_file_keeps_what_one_may_not_read(as_role, world, followed):
    for client in (as_role(Role.HR), as_role(Role.HR, world.neighbor)):
        text = b"".join(client.get(url("decision_log"), {"fil": "csv"}).streaming_content).decode()
        for words in ("Hemmelig AS", "Kodenavn Bjørn", "26/00123"):
            assert words not in text, words


def test_decision_log__file_costs_as_much_for_many_lines(as_role, followed, django_assert_max_num_queries):
    client = as_role(Role.SECRETARIAT)
    with django_assert_max_num_queries(12):
        b"".join(client.get(url("decision_log"), {"fil": "csv"}).streaming_content)


# --- After the council ---------------------------------------------------------------------------
def answer_page(initiative, place):
    return url("municipal_decision", regional.row_of(initiative, place).pk)


def test_municipal_decision__by_the_own_kommunedirektor(as_role, world):
    initiative = regional.recommended(world)
    page = answer_page(initiative, world.home)
    client = as_role(Role.KOMMUNEDIREKTOR)
    text = client.get(page).content.decode()
    assert "Tiltaket innstilles." in text
    assert "50 %" in text
    data = {
        "verdict": "approved",
        "text": "Vedtas.",
        "body": "kommunedirektor",
        "reference": "",
        "budget_year": "2027",
    }
    assert client.post(page, data).status_code == 302
    row = regional.row_of(initiative, world.home)
    assert (row.verdict, row.budget_year) == ("approved", 2027)
    assert client.post(page, data).status_code == 409


def test_municipal_decision__who_sees_and_who_decides(as_role, world):
    page = answer_page(regional.recommended(world), world.home)
    data = {"verdict": "approved", "text": "Ja", "body": "kommunedirektor"}
    assert as_role(Role.KOMMUNEDIREKTOR, world.neighbor).get(page).status_code == 404
    assert as_role(Role.KOMMUNEDIREKTOR, world.region).get(page).status_code == 200
    assert as_role(Role.KOMMUNEDIREKTOR, world.region).post(page, data).status_code == 403
    assert as_role(Role.CHIEF_OF_FINANCE).get(page).status_code == 200
    assert as_role(Role.CHIEF_OF_FINANCE).post(page, data).status_code == 403
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403


def test_municipal_decision__shows_only_the_own_side(as_role, world):
    initiative = regional.recommended(world, shares={"heim": 70, "granne": 30})
    own = as_role(Role.KOMMUNEDIREKTOR).get(answer_page(initiative, world.home)).content.decode()
    assert "70 %" in own
    assert "30 %" not in own
    assert "Kommunens egen sak" in own
    whole = as_role(Role.SECRETARIAT, world.region).get(answer_page(initiative, world.home)).content.decode()
    assert "30 %" in whole


def test_municipal_decision__new_share_is_shown_beside_the_old(as_role, world):
    initiative = regional.answer(
        regional.recommended(world, shares={"heim": 60, "granne": 40}), world.home, "approved"
    )
    regional.answer(initiative, world.neighbor, "refused")
    text = as_role(Role.KOMMUNEDIREKTOR).get(answer_page(initiative, world.home)).content.decode()
    assert "Før: 60 %" in text
    assert "<strong>100 %</strong>" in text
    gone = as_role(Role.KOMMUNEDIREKTOR, world.neighbor).get(answer_page(initiative, world.neighbor))
    assert gone.status_code == 200
    assert "Avslått" in gone.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"verdict": ""}, "Du må velge"),
        ({"verdict": "refused"}, "Skriv hvorfor kommunen avslår"),
        ({"body": "kommunestyre"}, "Skriv saksnummeret"),
        ({"budget_year": "3000"}, "ikke være større"),
        ({"text": "nul\x00"}, "Null"),
    ],
)
def test_municipal_decision__errors_are_told(as_role, world, data, words):
    page = answer_page(regional.recommended(world), world.home)
    sent = {"verdict": "approved", "text": "Tiltaket innstilles.", "body": "kommunedirektor", **data}
    answer = as_role(Role.KOMMUNEDIREKTOR).post(page, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_municipal_decision__moves_a_single_municipality_on(as_role, place):
    initiative = stories.decided(place, "recommend", financing="budget_application")
    page = answer_page(initiative, place)
    data = {"verdict": "approved", "text": "Vedtas.", "body": "kommunestyre", "reference": "PS 41/26"}
    as_role(Role.KOMMUNEDIREKTOR).post(page, data)
    initiative.refresh_from_db()
    assert initiative.status == Status.ADOPTED
    text = as_role(Role.EMPLOYEE).get(url("decision_log")).content.decode()
    assert "PS 41/26" in text


def test_municipal_decision__few_queries(as_role, world, django_assert_max_num_queries):
    page = answer_page(regional.recommended(world), world.home)
    client = as_role(Role.KOMMUNEDIREKTOR)
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get(page)


# --- Rules and mandate ---------------------------------------------------------------------------
def rules_data(client):
    form = client.get(url("rules_edit")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_edit_rules__saves_with_history(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    data = {
        **rules_data(client),
        "decision_days": "7",
        "requirements": ["strategic_goal"],
    }
    assert client.post(url("rules_edit"), data).status_code == 302
    rules = GovernanceRules.objects.get(municipality=place.municipality)
    assert (rules.decision_days, rules.requirements) == (7, ["strategic_goal"])
    event = rules.pgh_event_model.objects.filter(pgh_obj_id=rules.pk).latest("pgh_id")
    assert event.pgh_context.metadata["action"] == "set_rules"
    assert event.pgh_context.metadata["actor"] == place.person(Role.ADMINISTRATOR).pk


def test_edit_rules__second_editor_sees_both(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    mine = rules_data(client)
    client.post(url("rules_edit"), {**mine, "decision_days": "7"})
    answer = client.post(url("rules_edit"), {**mine, "decision_days": "9"})
    assert answer.status_code == 409
    assert "Noen andre har endret reglene" in answer.content.decode()
    again = {**mine, "decision_days": "9", "stamp": answer.context["form"]["stamp"].value()}
    assert client.post(url("rules_edit"), again).status_code == 302
    assert GovernanceRules.objects.get(municipality=place.municipality).decision_days == 9


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"requirements": ["finnes_ikke"]}, "gyldig"),
        ({"decision_days": "0"}, "ikke være mindre"),
        ({"decision_days": "99999"}, "ikke være større"),
    ],
)
def test_edit_rules__nonsense_is_refused(as_role, place, data, words):
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(url("rules_edit"), {**rules_data(client), **data})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_edit_rules__where_none_were_set(as_role, place):
    GovernanceRules.objects.filter(municipality=place.municipality).delete()
    client = as_role(Role.ADMINISTRATOR)
    assert client.post(url("rules_edit"), rules_data(client)).status_code == 302
    assert GovernanceRules.objects.filter(municipality=place.municipality).exists()


def test_edit_rules__first_save_of_two_at_once_wins(as_role, place):
    GovernanceRules.objects.filter(municipality=place.municipality).delete()
    client = as_role(Role.ADMINISTRATOR)
    data = rules_data(client)
    with locked_tables() as tables:
        assert client.post(url("rules_edit"), data).status_code == 302
    assert "organization_unit" in tables
    assert client.post(url("rules_edit"), {**data, "decision_days": "13"}).status_code == 409
    assert GovernanceRules.objects.filter(municipality=place.municipality).count() == 1


def mandate_data(client, **changes):
    form = client.get(url("mandate_create")).context["form"]
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_register_mandate__ends_the_one_before(as_role, place):
    begins = timezone.localdate() + timedelta(days=3)
    client = as_role(Role.ADMINISTRATOR)
    data = mandate_data(
        client, version="2", valid_from=begins.isoformat(), quorum="2/3", has_casting_vote=None
    )
    answer = client.post(url("mandate_create"), data, follow=True)
    assert "Minst to tredeler" in answer.content.decode()
    assert "Kommer" in answer.content.decode()
    first, second = CouncilMandate.objects.filter(municipality=place.municipality).order_by("valid_from")
    assert (first.valid_to, second.has_casting_vote) == (begins, False)
    assert client.post(url("mandate_create"), data).status_code == 422
    answer = client.post(url("mandate_create"), {**data, "version": "3"})
    assert answer.status_code == 409
    assert "må begynne etter" in answer.content.decode()


# --- A decision of a political body --------------------------------------------------------------
POLITICAL = {
    "verdict": "approved", "text": "Kommunestyret bevilger beløpet.", "body": "kommunestyre", "reference": " PS  41/26 ",
    "budget_year": "2027", "amount": "1 250 000", "conditions": "Halvårlig rapport til kommunestyret.",
    "document_url": "https://heim.example/moter/ps-41-26.pdf",
}  # fmt: skip


def test_political_decision__keeps_day_amount_conditions_and_document(as_role, world):
    initiative = regional.recommended(world)
    day = timezone.localdate() - timedelta(days=9)
    client, page = as_role(Role.KOMMUNEDIREKTOR), answer_page(initiative, world.home)
    assert client.post(page, POLITICAL | {"decided_on": day.isoformat()}).status_code == 302
    decision = Decision.objects.get(initiative=initiative, body="kommunestyre")
    assert (decision.day, decision.reference, decision.amount, decision.budget_year) == (
        day,
        "PS 41/26",
        1_250_000,
        2027,
    )
    shown = [client.get(page).content.decode(), client.get(decision.get_absolute_url()).content.decode()]
    for text in shown:
        for words in ("PS 41/26", "Halvårlig rapport", 'href="https://heim.example/moter/ps-41-26.pdf"'):
            assert words in text, words
    assert as_role(Role.KOMMUNEDIREKTOR, world.neighbor).get(decision.get_absolute_url()).status_code == 404
    assert (
        decision.number in as_role(Role.SECRETARIAT, world.region).get(url("decision_log")).content.decode()
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"decided_on": "2199-01-01"}, "decided_on"),
        ({"decided_on": "31.02.2026"}, "decided_on"),
        ({"reference": "  "}, "reference"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "mye"}, "amount"),
        ({"conditions": "x" * 4001}, "conditions"),
        ({"document_url": "javascript:alert(1)"}, "document_url"),
        ({"verdict": "refused"}, "amount"),
    ],
)
def test_political_decision__names_what_is_wrong(as_role, world, wrong, field):
    initiative = regional.recommended(world)
    answer = as_role(Role.KOMMUNEDIREKTOR).post(answer_page(initiative, world.home), POLITICAL | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert regional.row_of(initiative, world.home).is_pending


def test_political_decision__registered_twice_is_refused_with_where_the_first_stands(as_role, world):
    day = timezone.localdate() - timedelta(days=3)
    initiative = regional.recommended(world, shares={"heim": 60, "granne": 40})
    client, page = as_role(Role.KOMMUNEDIREKTOR), answer_page(initiative, world.home)
    data = POLITICAL | {"decided_on": day.isoformat()}
    assert client.post(page, data).status_code == 302
    first = Decision.objects.get(initiative=initiative, body="kommunestyre")
    regional.answer(initiative, world.neighbor, "refused", reference="PS 41/26", decided_on=day)
    assert regional.row_of(initiative, world.home).is_pending
    again = client.post(page, data | {"reference": "PS 41/26"})
    assert again.status_code == 409
    assert f"er alt ført, som vedtak {first.number}" in again.content.decode()
    assert regional.row_of(initiative, world.home).is_pending
    assert client.post(page, data | {"reference": "PS 52/26"}).status_code == 302


def test_database__holds_one_decision_of_a_body_by_its_reference_and_day(world):
    initiative = regional.recommended(world)
    regional.answer(initiative, world.home, "approved", reference="Delegert 7/26")
    first = Decision.objects.get(initiative=initiative, body="kommunedirektor")
    same = {name: getattr(first, name) for name in ("initiative", "municipality", "body", "outcome", "decided_at", "changed_at")}  # fmt: skip
    day = {"reference": first.reference, "decided_on": first.decided_on}
    with pytest.raises(IntegrityError, match="decision_once"), transaction.atomic():
        Decision.objects.create(**same, **day, number="x/1", text="Igjen.")
    Decision.objects.create(**same, **(day | {"reference": "Delegert 8/26"}), number="x/2", text="En annen.")
