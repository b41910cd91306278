"""Pages of planners and measurers: what they accept, what they refuse and in which words, and what they cost."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits import operations
from benefits.inbox import measurements_to_make, ownership_to_answer
from benefits.models import Benefit, Measurement
from benefits.reminders import REMINDERS
from core import reminders
from core.models import Notice
from core.workflow import TransitionDenied
from organization.forms import person_label
from organization.roles import Role
from tests import stories as initiatives
from tests import world as worlds
from tests.benefits import stories


@pytest.fixture
def place(world):
    return world.home


def url(name, row):
    return reverse(f"benefits:{name}", args=[row.pk])


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def indicator_answers(place, **values):
    today = timezone.localdate()
    return {
        "name": "Minutter per vakt", "quantity": "count", "unit": "minutter", "method": "Stikkprøve", "direction": "down",
        "target": "10,5", "baseline_on": (today - timedelta(days=9)).isoformat(), "first_on": (today + timedelta(days=9)).isoformat(),
        "last_on": (today + timedelta(days=400)).isoformat(), "every": "quarter", **values,
    }  # fmt: skip


def test_answer_ownership__from_the_inbox(place, as_role):
    benefit = stories.identified(place)
    actor = place.actor(Role.SERVICE_OWNER)
    assert [row.pk for row in ownership_to_answer.rows(actor)] == [benefit.pk]
    client = as_role(Role.SERVICE_OWNER)
    assert "Ta på deg gevinsten" in text_of(client.get(benefit.get_absolute_url()))
    step = reverse("benefits:benefit_transition", args=[benefit.pk, "refuse_ownership"])
    assert client.post(step, {"reason": ""}).status_code == 422
    client.post(step, {"reason": "Anslaget er for høyt."})
    assert not ownership_to_answer.rows(actor).exists()
    assert "Anslaget er for høyt." in text_of(client.get(benefit.get_absolute_url()))


def test_add_indicator__reads_norwegian_numbers(place, as_role):
    benefit = stories.identified(place)
    answer = as_role(Role.SERVICE_OWNER).post(url("indicator_create", benefit), indicator_answers(place))
    assert answer.status_code == 302
    assert benefit.indicators.get().target == Decimal("10.5")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"target": "mange"}, "Skriv et tall"), ({"quantity": "percent", "target": "101"}, "0 til 100"),
        ({"target": "-1"}, "under null"), ({"first_on": "2020-01-01"}, "etter nullpunktet"),
        ({"last_on": "2020-01-01"}, "før den første"), ({"last_on": "2999-01-01"}, "Sjekk årstallet"), ({"method": ""}, "Hvordan måles det?"),
    ],
)  # fmt: skip
def test_add_indicator__says_what_is_wrong_and_keeps_the_rest(place, as_role, values, words):
    benefit = stories.identified(place)
    answer = as_role(Role.SERVICE_OWNER).post(
        url("indicator_create", benefit), indicator_answers(place, **values)
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Minutter per vakt" in text_of(answer)
    assert not benefit.indicators.exists()


@pytest.mark.parametrize(("target", "words"), [("40", "likt nullpunktet"), ("50", "lavere skal være bedre")])
def test_change_indicator__target_the_wrong_way_from_the_baseline(place, as_role, target, words):
    indicator = stories.baseline_measured(place).indicators.get()
    answer = as_role(Role.SERVICE_OWNER).post(
        url("indicator_edit", indicator), indicator_answers(place, target=target)
    )
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_change_profile__order_and_money_with_spaces_and_commas(place, as_role):
    fields = {
        "kroner_per_year": 100_000,
        "hours_per_year": None,
        "kind": "avoided_cost",
        "form": "budget",
        "full_effect_from": 2027,
    }
    benefit, client = stories.identified(place, **fields), as_role(Role.SERVICE_OWNER)
    wrong = {"low_2027": "300 000", "likely_2027": "200 000", "high_2027": "400 000", "low_2028": "1"}
    answer = client.post(url("profile_edit", benefit), wrong)
    assert answer.status_code == 422
    assert "ikke i rekkefølge" in text_of(answer)
    assert "Skriv hva som er sannsynlig i 2028" in text_of(answer)
    right = {"low_2027": "100 000,50", "likely_2027": "0,2 mill.", "high_2027": "400000 kr"}
    assert client.post(url("profile_edit", benefit), right).status_code == 302
    row = benefit.estimates.get()
    assert (row.low, row.likely, row.high) == (Decimal("100000.50"), Decimal(200_000), Decimal(400_000))


def test_change_profile__two_at_once_lose_nothing(place, as_role):
    benefit, client = stories.identified(place, full_effect_from=2027), as_role(Role.SERVICE_OWNER)
    seen = re.search(
        r'name="base" value="([^"]+)"', client.get(url("profile_edit", benefit)).content.decode()
    )
    first = client.post(url("profile_edit", benefit), {"likely_2027": "20", "base": seen[1]})
    assert first.status_code == 302
    second = client.post(url("profile_edit", benefit), {"likely_2027": "30", "base": seen[1]})
    assert second.status_code == 409
    assert "2027: 20 – 20 – 20" in text_of(second)
    assert 'value="30' in second.content.decode()
    again = re.search(r'name="base" value="([^"]+)"', second.content.decode())
    assert (
        client.post(url("profile_edit", benefit), {"likely_2027": "30", "base": again[1]}).status_code == 302
    )
    assert benefit.estimates.get().likely == 30


def test_change_indicator__two_at_once_lose_nothing(place, as_role):
    indicator = stories.planned(place).indicators.get()
    page, client = url("indicator_edit", indicator), as_role(Role.SERVICE_OWNER)
    seen = re.search(r'name="base" value="([^"]+)"', client.get(page).content.decode())[1]
    mine = indicator_answers(place, base=seen, source=indicator.source)
    assert client.post(page, {**mine, "name": "Minutter per døgn"}).status_code == 302
    kept = client.post(page, {**mine, "name": indicator.name, "source": "Turnusprogrammet"})
    assert kept.status_code == 302, "another field is no clash"
    clash = client.post(page, {**mine, "name": "Minutter per uke"})
    assert clash.status_code == 409
    assert "Minutter per døgn" in text_of(clash)
    indicator.refresh_from_db()
    assert (indicator.name, indicator.source) == ("Minutter per døgn", "Turnusprogrammet")


def test_change_plan__asks_the_new_owner_and_wants_the_whole_cut(place, as_role):
    benefit = stories.accept(stories.identified(place), place)
    client = as_role(Role.PORTFOLIO_MANAGER)
    shown = client.get(url("plan_edit", benefit)).context
    values = {f.html_name: f.value() for f in shown["form"] if f.value() not in {None, ""}} | {
        "base": shown["base"]
    }
    values["service_owner"] = person_label(place.person(Role.LEADER))
    answer = client.post(url("plan_edit", benefit), {**values, "cut_amount": "100 000"})
    assert answer.status_code == 422
    assert "Fyll ut både beløp" in text_of(answer)
    cut = {"cut_amount": "100 000", "cut_account": "3200", "cut_year": timezone.localdate().year}
    assert client.post(url("plan_edit", benefit), {**values, **cut}).status_code == 302
    benefit.refresh_from_db()
    assert (benefit.ownership, benefit.service_owner, benefit.cut_amount) == (
        "asked",
        place.person(Role.LEADER),
        100_000,
    )


def test_approve_plan__from_the_page(place, as_role):
    benefit = stories.accept(stories.identified(place), place)
    client, address = (
        as_role(Role.PORTFOLIO_MANAGER),
        reverse("benefits:plan_approve", args=[benefit.initiative_id]),
    )
    assert "indikator" in text_of(client.get(address))
    assert client.post(address).status_code == 409
    stories.add_indicator(benefit, place)
    assert client.post(address).status_code == 302
    assert "Versjon 1" in text_of(client.get(reverse("benefits:plan_detail", args=[benefit.initiative_id])))


def test_measure__one_field_is_enough(place, as_role):
    benefit = stories.planned(place)
    row, client = stories.point(benefit), as_role(Role.SERVICE_OWNER)
    shown = client.get(row.get_absolute_url()).context["form"]
    day = shown["measured_on"].value().isoformat()
    assert client.post(row.get_absolute_url(), {"value": "1 040,5", "measured_on": day}).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.measured_on) == (Decimal("1040.5"), row.due_on)


@pytest.mark.parametrize(
    ("value", "day", "words"),
    [("", 0, "Minutter til dobbeltføring"), ("førti", 0, "Skriv et tall"), ("-3", 0, "under null"), ("3", 1, "fram i tid"), ("1" * 30, 0, "for langt"), ("3", -500, "før nullpunktet")],
)  # fmt: skip
def test_measure__says_what_is_wrong_and_keeps_what_was_typed(place, as_role, value, day, words):
    row = stories.point(stories.baseline_measured(place), 1)
    measured_on = (timezone.localdate() + timedelta(days=day)).isoformat()
    answer = as_role(Role.SERVICE_OWNER).post(
        row.get_absolute_url(), {"value": value, "measured_on": measured_on, "comment": "Talt to ganger"}
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Talt to ganger" in text_of(answer)


def test_verify__from_the_page_of_the_benefit(place, as_role):
    row = stories.measure(stories.baseline_measured(place), place, 30, 1)
    client = as_role(Role.CHIEF_OF_FINANCE)
    assert "Bekreft" in text_of(client.get(row.indicator.benefit.get_absolute_url()))
    assert client.post(url("measurement_verify", row)).status_code == 302
    missing = stories.point(row.indicator.benefit, 2)
    assert client.post(url("measurement_verify", missing)).status_code == 409


def test_remind__of_the_measurement_once_and_up_the_line(place):
    benefit = stories.planned(
        place,
        indicator={
            "baseline_on": timezone.localdate(),
            "first_on": timezone.localdate() + timedelta(days=90),
        },
    )
    row, now = stories.point(benefit), timezone.now()
    for _again in range(2):
        reminders.run(day=row.due_on, now=now, only=REMINDERS)
    told = Notice.objects.filter(event__startswith="measurement_due")
    assert [notice.recipient for notice in told] == [place.person(Role.SERVICE_OWNER)]
    assert told.get().url == row.get_absolute_url()
    reminders.run(day=row.due_on + timedelta(days=40), now=now, only=REMINDERS)
    assert place.person(Role.LEADER) in {notice.recipient for notice in told.all()}


def test_inbox__calls_for_what_is_due_and_is_empty_when_it_is_measured(world):
    place = world.home
    benefit = stories.planned(place, indicator={"every": "once"})
    actor = place.actor(Role.SERVICE_OWNER)
    assert [row.pk for row in measurements_to_make.rows(actor)] == [stories.point(benefit).pk]
    assert not measurements_to_make.rows(world.neighbor.actor(Role.SERVICE_OWNER)).exists()
    stories.measure(benefit, place, 40)
    assert not measurements_to_make.rows(actor).exists()


def test_see_benefit__missing_is_missing_and_the_owner_who_left_is_named(place, as_role):
    benefit = stories.baseline_measured(place)
    worlds.end_roles_of(place.person(Role.SERVICE_OWNER), timezone.localdate())
    page = text_of(as_role(Role.CHANGE_AGENT).get(benefit.get_absolute_url()))
    assert "mangler" in page
    assert "Nullpunkt" in page
    assert "<svg" in page


@pytest.mark.parametrize("name", ["benefit", "plan"])
def test_open_page__costs_the_same_however_much_there_is(place, as_role, name):
    benefit = stories.realizing(place)
    client = as_role(Role.SERVICE_OWNER)
    address = (
        benefit.get_absolute_url()
        if name == "benefit"
        else reverse("benefits:plan_detail", args=[benefit.initiative_id])
    )
    client.get(address)
    few = _queries(client, address)
    for number in range(3):
        other = Benefit.objects.create(
            initiative=benefit.initiative, title=f"Nr. {number}", beneficiary="citizens", kind="quality", form="not_priced",
            service_owner=benefit.service_owner, created_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
        stories.add_indicator(other, place, name=f"Teller {number}", every="month")
        stories.add_indicator(benefit, place, name=f"Målt {number}", every="month")
    assert Measurement.objects.count() > 20
    assert _queries(client, address) == few
    assert few <= 12


def _queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_save_version__tells_what_changed(place, as_role):
    benefit = stories.planned(place)
    stories.add_indicator(benefit, place, name="Bedre indikator", is_main=True)
    operations.approve_plan(benefit.initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    page = text_of(
        as_role(Role.CHANGE_AGENT).get(reverse("benefits:plan_detail", args=[benefit.initiative_id]))
    )
    assert "indikator endret" in page


def test_change_profile__in_the_form_by_its_author(world, as_role):
    """The overview of the intake is the first version of the plan: the estimates are there when it is sent in."""
    place = world.home
    draft = initiatives.draft(place)
    benefit = draft.benefits.get()
    Benefit.objects.filter(pk=benefit.pk).update(form="budget", kroner_per_year=100_000, hours_per_year=None)
    page, author = url("profile_edit", benefit), as_role(Role.EMPLOYEE, place)
    year = timezone.localdate().year
    overview = reverse("benefits:overview_edit", args=[draft.pk])
    assert page in author.get(overview).content.decode()
    wrong = author.post(page, {f"low_{year}": "120 000", f"likely_{year}": "100 000,50 kr"})
    assert wrong.status_code == 422
    assert "står ikke i rekkefølge" in wrong.content.decode()
    sent = {f"low_{year}": "80 000", f"likely_{year}": "100 000", f"high_{year}": "150 000"}
    assert author.post(page, sent).url == overview
    assert benefit.estimates.get().expected == 106_000
    words = "80\xa0000 – 100\xa0000 – 150\xa0000"
    for address in (overview, reverse("governance:intake_review", args=[draft.pk])):
        assert words in author.get(address).content.decode()
    assert as_role(Role.SERVICE_OWNER, world.neighbor).get(page).status_code == 404
    assert as_role(Role.CHANGE_AGENT, place).get(page).status_code in {403, 404}
    with pytest.raises((Http404, TransitionDenied)):
        operations.set_profile(benefit, {}, by=world.neighbor.actor(Role.EMPLOYEE), now=timezone.now())
    initiatives.perform("submit", draft, by=place.actor(Role.EMPLOYEE), now=timezone.now())
    assert author.get(page).status_code in {403, 404}
    assert benefit.estimates.count() == 1
