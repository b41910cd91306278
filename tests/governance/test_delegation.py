"""The delegation matrix: what an organ may decide by itself, asked on the page, in the guard and by the database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.workflow import TransitionBlocked, TransitionDenied
from governance import delegation, principles, rules_operations
from governance.models import CostLine, CouncilMandate, Decision, Delegation, Initiative, Organ, Status
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories
from tests.governance.locks import at_once

WHOLE = Decimal(90_000)  # what a story costs: 50 000 and four years of 10 000


def set_matrix(place, organ=Organ.SECRETARIAT, **values):
    Delegation.objects.filter(mandate__municipality=place.municipality, organ=organ).update(**values)


def send(case, place):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform("send_to_fast_track", case, by=by, now=now, data={"reason": "Lite."})


def on_fast_track(place, **fields):
    return send(stories.received(place, **fields), place)


def approve(case, place):
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    return stories.perform("approve_fast_track", case, by=by, now=now, data={"text": "Vedtatt."})


def write_decision(case, *, amount=WHOLE, body="secretariat", outcome="prioritize", **more):
    """Write past every guard, as raw SQL could."""
    now = timezone.now()
    count = Decision.objects.count()
    return Decision.objects.create(
        municipality=case.municipality, number=f"raw/{count}", initiative=case, body=body, outcome=outcome, text="Rå.",
        amount=amount, decided_at=now, changed_at=now, **more,
    )  # fmt: skip


# --- What is measured ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "case", "words"),
    [
        ({"amount": 89_999}, {}, "over grensen"),
        ({"yearly_frame": 89_999}, {}, "igjen av årsrammen"),
        ({"operation_limit": 9_999}, {}, "Ny fast drift"),
        ({"categories": ["study"]}, {}, "Kategorien «Utvikling»"),
        ({}, {"is_principle": True, "principle_reason": "Ny praksis."}, "prinsipiell"),
        ({}, {"financing": "budget_application"}, "trenger budsjett"),
        ({"yearly_frame": 0}, {}, "igjen av årsrammen"),
    ],
)
def test_fast_track__outside_the_matrix_is_refused_by_guard_and_by_database(place, given, case, words):
    received = stories.received(place, **case)
    set_matrix(place, **given)
    with pytest.raises(TransitionBlocked, match=words):
        send(received, place)
    with pytest.raises(DatabaseError), transaction.atomic():
        write_decision(received)


@pytest.mark.parametrize(
    "given",
    [
        {"amount": WHOLE},
        {"yearly_frame": WHOLE},
        {"operation_limit": 10_000},
        {"categories": ["development"]},
    ],
)
def test_fast_track__just_within_the_matrix_is_let_through_by_both(place, given):
    set_matrix(place, **given)
    case = approve(on_fast_track(place), place)
    assert case.status == Status.ADOPTED
    assert case.decisions.get().amount == WHOLE


def test_fast_track__may_decide_principle_where_the_matrix_says_so(place):
    set_matrix(place, decides_principle=True)
    case = on_fast_track(place, is_principle=True, principle_reason="Ny praksis.")
    assert approve(case, place).status == Status.ADOPTED


def test_matrix__each_municipality_has_its_own(world, place):
    set_matrix(place, amount=1)
    assert on_fast_track(world.neighbor).status == Status.FAST_TRACK


def test_fast_track__measure_made_dearer_after_it_was_sent_is_refused(place):
    case = on_fast_track(place)
    CostLine.objects.filter(initiative=case).update(amount=400_000)
    with pytest.raises(TransitionBlocked, match="over grensen"):
        approve(case, place)
    assert not case.decisions.exists()


def test_fast_track__mandate_changed_after_it_was_sent_counts_anew(place):
    case = on_fast_track(place)
    CouncilMandate.objects.filter(municipality=place.municipality).update(
        valid_from=timezone.localdate() - timedelta(days=9)
    )
    rows = {
        Organ(row.organ): row for row in Delegation.objects.filter(mandate__municipality=place.municipality)
    }
    given = {
        organ: {name: getattr(row, name) for name in ("amount", "yearly_frame", "operation_limit", "categories", "decides_principle", "conditions")}
        for organ, row in rows.items()
    }  # fmt: skip
    given[Organ.SECRETARIAT]["amount"] = Decimal(80_000)
    rules_operations.adopt_mandate(
        place.municipality, by=place.actor(Role.ADMINISTRATOR), now=timezone.now(), version="2", adopted_by="",
        valid_from=timezone.localdate(), quorum=(1, 2), has_casting_vote=True, delegations=given,
    )  # fmt: skip
    with pytest.raises(TransitionBlocked, match="over grensen på 80"):
        approve(case, place)


def test_fast_track__after_the_mandate_has_ended_nobody_decides(place):
    case = on_fast_track(place)
    CouncilMandate.objects.filter(municipality=place.municipality).update(valid_to=timezone.localdate())
    with pytest.raises(TransitionBlocked, match="Ingen fullmakt gjelder"):
        approve(case, place)
    with pytest.raises(DatabaseError, match="No delegation is in force"), transaction.atomic():
        write_decision(case)


def test_fast_track__decided_twice_is_one_decision(place):
    case = on_fast_track(place)
    approve(case, place)
    with pytest.raises(TransitionBlocked, match="kan ikke gjøres nå"):
        approve(case, place)
    assert case.decisions.count() == 1


def test_mandate__new_version_keeps_the_matrix_unless_it_settles_another(place):
    set_matrix(place, amount=70_000, conditions="Meldes rådet.")
    made = rules_operations.adopt_mandate(
        place.municipality, by=place.actor(Role.ADMINISTRATOR), now=timezone.now(), version="2", adopted_by="",
        valid_from=timezone.localdate() + timedelta(days=3), quorum=(1, 2), has_casting_vote=True,
    )  # fmt: skip
    row = made.delegations.get(organ=Organ.SECRETARIAT)
    assert (row.amount, row.conditions, made.delegations.count()) == (70_000, "Meldes rådet.", 4)


# --- The frame -------------------------------------------------------------------------------------
def test_frame__is_of_its_own_year_and_its_own_municipality(world, place):
    approve(on_fast_track(place), place)
    today = timezone.localdate()
    other = stories.received(place)
    assert delegation.used_of_frame(other, Organ.SECRETARIAT, today) == WHOLE
    assert delegation.used_of_frame(other, Organ.SECRETARIAT, today.replace(year=today.year - 1, day=1)) == 0
    away = stories.received(world.neighbor)
    assert delegation.used_of_frame(away, Organ.SECRETARIAT, today) == 0


def test_frame__two_at_once_on_connections_of_their_own_do_not_overdraw_it(committed):
    from tests import world

    place = world.build().home
    cases = [on_fast_track(place), on_fast_track(place)]
    set_matrix(place, yearly_frame=WHOLE + 10_000)
    outcomes = at_once(*[partial(approve, case, place) for case in cases])
    assert sorted(type(one).__name__ for one in outcomes) == ["Initiative", "TransitionBlocked"]
    assert [row.amount for row in Decision.objects.filter(body="secretariat")] == [WHOLE]


def test_frame__two_raw_inserts_at_once_do_not_overdraw_it(committed):
    from tests import world

    place = world.build().home
    cases = [stories.received(place), stories.received(place)]
    set_matrix(place, yearly_frame=WHOLE + 10_000)

    def insert(case, number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into governance_decision (municipality_id, number, initiative_id, body, outcome, text, amount, "
                "reference, casting_vote, decided_at, changed_at) values "
                "(%s, %s, %s, 'secretariat', 'prioritize', 'x', %s, '', false, now(), now())",
                [case.municipality_id, f"raw/{number}", case.pk, WHOLE],
            )
            cursor.execute("select pg_sleep(0.3)")

    def tried(case, number):
        try:
            insert(case, number)
        except DatabaseError as error:
            return str(error)
        return ""

    said = sorted(at_once(*[partial(tried, case, number) for number, case in enumerate(cases)]))
    assert said[0] == ""
    assert "overdrawn" in said[1]


# --- Money is adopted within a delegation, or after the council, and by no third way -------------------
def move(case, status):
    Initiative.objects.filter(pk=case.pk).update(status=status)


def test_adopt__money_without_a_decision_is_refused_by_the_database(place):
    case = on_fast_track(place)
    with pytest.raises(DatabaseError, match="no third way"), transaction.atomic():
        move(case, Status.ADOPTED)


def test_adopt__without_money_needs_no_amount(place):
    case = on_fast_track(place)
    CostLine.objects.filter(initiative=case).delete()
    Initiative.objects.filter(pk=case.pk).update(operation_per_year=None)
    move(case, Status.ADOPTED)
    case.refresh_from_db()
    assert case.is_adopted


def test_adopt__by_the_director_without_the_council_is_refused_by_the_database(place):
    case = on_fast_track(place)
    write_decision(case, body="kommunedirektor", amount=None)
    with pytest.raises(DatabaseError, match="no third way"), transaction.atomic():
        move(case, Status.ADOPTED)


def test_adopt__what_needs_budget_is_not_adopted_by_the_council_alone(place):
    case = stories.decided(place, "recommend", financing="budget_application")
    assert case.status == Status.RECOMMENDED
    with pytest.raises(DatabaseError, match="no third way"), transaction.atomic():
        move(case, Status.ADOPTED)
    write_decision(case, body="kommunestyre", amount=None, reference="PS 41/26")
    move(case, Status.ADOPTED)


def test_adopt__by_the_council_within_its_amount_and_not_over_it(place):
    within = stories.decided(place, "prioritize")
    assert within.status == Status.ADOPTED
    assert within.decisions.get().amount == WHOLE
    set_matrix(place, Organ.COUNCIL, amount=WHOLE - 1)
    over = stories.decided(place, "prioritize")
    assert over.status == Status.PRIORITIZED
    assert over.decisions.get().amount is None
    with pytest.raises(DatabaseError, match="no third way"), transaction.atomic():
        move(over, Status.ADOPTED)


def test_decision__raised_afterwards_by_raw_sql_is_refused(place):
    case = approve(on_fast_track(place), place)
    with pytest.raises(DatabaseError, match="over the limit"), transaction.atomic():
        Decision.objects.filter(initiative=case).update(amount=2_000_000)
    with pytest.raises(DatabaseError, match="whole life"), transaction.atomic():
        Decision.objects.filter(initiative=case).update(amount=1)


# --- Matters of principle ----------------------------------------------------------------------------
def test_principle__is_judged_by_the_secretariat_with_a_reason(as_role, place):
    case = stories.received(place)
    page = reverse("governance:initiative_principle", args=[case.pk])
    client = as_role(Role.SECRETARIAT)
    assert client.post(page, {"is_principle": "yes", "reason": ""}).status_code == 422
    assert client.post(page, {"is_principle": "yes", "reason": "Ny praksis."}).status_code == 302
    case.refresh_from_db()
    assert (case.is_principle, case.principle_reason) == (True, "Ny praksis.")
    event = case.pgh_event_model.objects.filter(pgh_obj_id=case.pk, is_principle=True).latest("pgh_id")
    assert event.pgh_context.metadata["action"] == "judge_principle"
    offer = initiative_workflow.offer("send_to_fast_track", case, place.actor(Role.SECRETARIAT))
    assert any("prinsipiell" in str(reason) for reason in offer.reasons)


def test_principle__is_not_for_others_and_not_after_the_decision(as_role, world, place):
    case = stories.received(place)
    page = reverse("governance:initiative_principle", args=[case.pk])
    assert as_role(Role.EMPLOYEE).get(page).status_code == 403
    assert as_role(Role.SECRETARIAT, world.stranger).get(page).status_code == 404
    judged = {"is_principle": True, "reason": "Ny.", "now": timezone.now()}
    with pytest.raises(TransitionDenied):
        principles.judge_principle(case, by=place.actor(Role.EMPLOYEE), **judged)
    adopted = approve(send(case, place), place)
    with pytest.raises(TransitionBlocked, match="kan ikke endres nå"):
        principles.judge_principle(adopted, by=place.actor(Role.SECRETARIAT), **judged)
    assert as_role(Role.SECRETARIAT).post(page, {"is_principle": "no", "reason": "x"}).status_code == 409


# --- The pages -----------------------------------------------------------------------------------------
def test_step_page__shows_the_check_line_by_line(as_role, place, django_assert_max_num_queries):
    case = on_fast_track(place)
    set_matrix(place, operation_limit=9_000, conditions="Økonomisjefen har bekreftet dekning.")
    client = as_role(Role.SECRETARIAT)
    page = reverse("governance:initiative_transition", args=[case.pk, "approve_fast_track"])
    client.get(page)
    with django_assert_max_num_queries(12):
        answer = client.get(page)
    text = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 409
    for words in ("Utenfor fullmakten", "Inntil 150 000 kr", "90 000 kr med drift i 4 år", "0 kr brukt, 1 000 000 kr igjen", "Ny fast drift på 10 000 kr", "Økonomisjefen har bekreftet"):  # fmt: skip
        assert words in text, words


def test_triage_page__shows_the_check_within_twelve_queries(as_role, place, django_assert_max_num_queries):
    for number in range(3):
        approve(on_fast_track(place, title=f"Del {number}"), place)
    case = stories.received(place)
    client, page = as_role(Role.SECRETARIAT), reverse("governance:triage_case", args=[case.pk])
    client.get(page, {"valg": "send_to_fast_track"})
    with django_assert_max_num_queries(12):
        text = client.get(page, {"valg": "send_to_fast_track"}).content.decode()
    assert "Innenfor fullmakten" in text
    assert "Del 2" in text


def test_step_page__names_what_was_decided_for_the_same_people_this_year(as_role, place):
    first = approve(on_fast_track(place, title="Dørlås, del 1"), place)
    second = on_fast_track(place, title="Dørlås, del 2")
    page = reverse("governance:initiative_transition", args=[second.pk, "approve_fast_track"])
    text = as_role(Role.SECRETARIAT).get(page).content.decode().replace("\xa0", " ")
    assert first.card_title in text
    assert "Sammen med denne blir de 180 000 kr" in text


def test_step_page__names_nothing_of_others(as_role, world, place):
    approve(on_fast_track(world.neighbor, title="Hos naboen"), world.neighbor)
    case = on_fast_track(place)
    page = reverse("governance:initiative_transition", args=[case.pk, "approve_fast_track"])
    text = as_role(Role.SECRETARIAT).get(page).content.decode()
    assert "Hos naboen" not in text
    assert "Sammen med denne" not in text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.SECRETARIAT, 200), (Role.COUNCIL_LEADER, 200), (Role.EMPLOYEE, 403)]
)
def test_frame_page__is_for_the_secretariat_and_the_leader_of_the_council(as_role, place, role, status):
    assert as_role(role).get(reverse("governance:delegation_frame")).status_code == status


def test_frame_page__shows_each_decision_and_what_was_left(
    as_role, world, place, django_assert_max_num_queries
):
    client, page = as_role(Role.SECRETARIAT), reverse("governance:delegation_frame")
    client.get(page)
    for title in ("Første", "Andre"):
        approve(on_fast_track(place, title=title), place)
    approve(
        on_fast_track(place, title="Sikring av dør", shield_basis="offl_24", public_title="Sikringstiltak"),
        place,
    )
    approve(on_fast_track(world.neighbor, title="Hos naboen"), world.neighbor)
    with django_assert_max_num_queries(12):
        answer = client.get(page)
    text = answer.content.decode().replace("\xa0", " ")
    for words in (
        "Første",
        "Andre",
        "910 000 kr",
        "820 000 kr",
        "730 000 kr",
        "270 000 kr",
        "Sikringstiltak",
    ):
        assert words in text, words
    assert "Hos naboen" not in text
    assert "Sikring av dør" not in text
    last_year = str(timezone.localdate().year - 1)
    assert "Ingen vedtak på fullmakt" in client.get(page, {"aar": last_year}).content.decode()
    assert client.get(page, {"aar": "-1"}).status_code == 200


def mandate_data(client, **changes):
    form = client.get(reverse("governance:mandate_create")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    begins = (timezone.localdate() + timedelta(days=3)).isoformat()
    values |= {"version": "2", "valid_from": begins, **changes}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_mandate_form__registers_the_matrix_and_shows_what_changed(as_role, place):
    client = as_role(Role.ADMINISTRATOR)
    data = mandate_data(
        client, secretariat_amount="120 000", secretariat_operation_limit="20 000", secretariat_categories=["study"],
        council_amount="", counted_years="5",
    )  # fmt: skip
    assert client.post(reverse("governance:mandate_create"), data).status_code == 302
    made = CouncilMandate.objects.get(municipality=place.municipality, version="2")
    row = made.delegations.get(organ=Organ.SECRETARIAT)
    assert (row.amount, row.operation_limit, row.categories, made.counted_years) == (
        120_000,
        20_000,
        ["study"],
        5,
    )
    assert made.delegations.get(organ=Organ.COUNCIL).amount is None
    text = client.get(reverse("governance:mandate_list")).content.decode().replace("\xa0", " ")
    assert "<ins>inntil 120 000 kr per tiltak" in text
    assert "<del" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secretariat_amount": "-1"}, "ikke være mindre"),
        ({"secretariat_amount": ""}, "fylles ut"),
        ({"secretariat_amount": "2 mill."}, "Årsrammen kan ikke være mindre"),
        ({"council_amount": "mange"}, "beløpet"),
        ({"political_categories": ["finnes_ikke"]}, "gyldig"),
        ({"counted_years": "21"}, "ikke være større"),
        ({"secretariat_conditions": "x" * 1001}, "1000"),
    ],
)
def test_mandate_form__nonsense_in_the_matrix_is_refused(as_role, place, changes, words):
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(reverse("governance:mandate_create"), mandate_data(client, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_matrix__negative_amount_is_refused_by_the_database(place):
    with pytest.raises(DatabaseError), transaction.atomic():
        set_matrix(place, amount=-1)
    with pytest.raises(DatabaseError), transaction.atomic():
        set_matrix(place, yearly_frame=None)
