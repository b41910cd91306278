"""The pages of a computed indicator: choose, compute, see the basis and the list behind it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits import operations
from benefits.models import Benefit
from benefits.silence import rules_for
from organization.roles import Role
from tests.benefits import computing, stories


@pytest.fixture
def place(world):
    return world.home


def address(name: str, row, *more) -> str:
    return reverse(f"benefits:{name}", args=[row.pk, *more])


def text(answer) -> str:
    return answer.content.decode()


def test_choose_source__from_the_form_to_the_numbers(place, as_role):
    computing.mild(place, 20)
    computing.severe(place, 9, 2)
    indicator = computing.indicator_of(place)
    client, url = as_role(Role.SERVICE_OWNER), address("source_edit", indicator, "deviations")
    assert place.unit.name in text(client.get(url))
    answer = client.post(
        url, {"units": [place.unit.pk], "what": "", "severe": "on", "per": "", "months": "3"}
    )
    assert answer.status_code == 302
    page = text(client.get(answer.url))
    assert "Alle meldinger" in page
    assert "Alvorlige av alle" in page
    assert indicator.measurements.get(kind="baseline").value == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("units", [], "Velg minst én enhet"),
        ("units", ["tull"], "tull"),
        ("what", "type:999999", "type:999999"),
        ("months", "12", "overlapper"),
        ("per", "gull", "gull"),
    ],
)
def test_choose_source__tells_what_is_wrong_and_keeps_the_rest(place, as_role, field, value, said):
    indicator = computing.indicator_of(place)
    data = {"units": [place.unit.pk], "what": "hms", "severe": "on", "per": "", "months": "3", field: value}
    answer = as_role(Role.SERVICE_OWNER).post(address("source_edit", indicator, "deviations"), data)
    assert answer.status_code == 422
    assert said in text(answer)


def test_choose_source__an_unknown_one_is_not_found(place, as_role):
    indicator = computing.indicator_of(place)
    assert as_role(Role.SERVICE_OWNER).get(address("source_edit", indicator, "maane")).status_code == 404


def test_choose_source__tells_why_it_cannot_be_changed_now(place, as_role):
    indicator = computing.improved(place)
    computing.realizing(place, indicator)
    data = {"units": [place.unit.pk], "what": "", "per": "", "months": "3"}
    answer = as_role(Role.SERVICE_OWNER).post(address("source_edit", indicator, "deviations"), data)
    assert answer.status_code == 409
    assert "kan ikke byttes" in text(answer)
    assert 'name="units"' in text(answer)  # what was typed is kept


def test_choose_source__shows_no_form_for_a_benefit_that_has_ended(place, as_role):
    indicator = stories.realized(place).indicators.get()
    answer = as_role(Role.SERVICE_OWNER).get(address("source_edit", indicator, "deviations"))
    assert answer.status_code == 409
    assert "Følg den opp igjen" in text(answer)
    assert 'name="units"' not in text(answer)


def test_see_benefit__with_ratio_and_all_that_is_reported(place, as_role):
    indicator = computing.improved(place)
    page = text(as_role(Role.SERVICE_OWNER).get(indicator.benefit.get_absolute_url()))
    assert "0,17 ganger nullpunktet (95 % sikkert mellom 0,02 og 0,75)" in page
    assert "0,81 ganger nullpunktet" in page
    assert "tilfeldigheter gi" in page
    assert "har stilnet" not in page


def test_see_benefit__tells_of_silence_and_refuses_the_step(place, as_role):
    benefit = computing.realizing(place, computing.silenced(place))
    client = as_role(Role.SERVICE_OWNER)
    assert "Meldingene har stilnet" in text(client.get(benefit.get_absolute_url()))
    step = address("benefit_transition", benefit, "conclude_realized")
    assert "Meldingene har stilnet" in text(client.get(step))
    answer = client.post(step, {"lesson": ""})
    assert answer.status_code == 409
    assert "Meldingene har stilnet" in text(answer)
    assert Benefit.objects.get(pk=benefit.pk).status == Benefit.Status.REALIZING


def test_see_basis__links_the_list_for_those_who_see_the_cases(place, as_role):
    row = computing.improved(place).measurements.get(kind="baseline")
    url = address("basis_detail", row)
    leader = as_role(Role.LEADER)
    page = text(leader.get(url))
    assert "3\xa0000 liggedøgn" in page
    link = page.split('href="/avvik/?')[1].split('"')[0].replace("&amp;", "&")
    listed = text(leader.get(f"/avvik/?{link}"))
    assert len(set(re.findall(r'href="/avvik/\d+/"', listed))) == 12
    seen = text(as_role(Role.SERVICE_OWNER).get(url))
    assert 'href="/avvik/?' not in seen
    assert place.unit.name in seen


def test_see_basis__not_of_a_measurement_by_hand(place, as_role):
    row = stories.point(stories.baseline_measured(place))
    assert as_role(Role.SERVICE_OWNER).get(address("basis_detail", row)).status_code == 404


def test_measure__the_link_of_a_computed_point_leads_to_its_basis(place, as_role):
    row = computing.improved(place).measurements.get(kind="baseline")
    answer = as_role(Role.SERVICE_OWNER).get(row.get_absolute_url())
    assert answer.url == address("basis_detail", row)


def test_compute__on_demand_and_by_hand_again(place, as_role):
    indicator = computing.improved(place)
    client = as_role(Role.SERVICE_OWNER)
    computing.severe(place, 3, 2)
    assert client.post(address("compute", indicator)).status_code == 302
    assert str(indicator.measurements.get(kind="final").value) == "1.3333"
    assert client.get(address("source_remove", indicator)).status_code == 200
    assert client.post(address("source_remove", indicator)).status_code == 302
    assert not indicator.measurements.exclude(value=None).exists()
    assert client.get(address("compute", indicator)).status_code == 404


def test_compute__missing_stands_as_missing(place, as_role):
    computing.mild(place, 20)
    indicator = computing.computed(place)
    page = text(as_role(Role.SERVICE_OWNER).get(indicator.benefit.get_absolute_url()))
    assert "Nevneren mangler" in page
    operations.compute_now(indicator, by=place.actor(Role.SERVICE_OWNER), now=timezone.now())
    assert "mangler" in page


def test_see_benefit__within_its_queries(place, as_role, django_assert_max_num_queries):
    indicator = computing.silenced(place)
    client = as_role(Role.SERVICE_OWNER)
    client.get(indicator.benefit.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(indicator.benefit.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(address("basis_detail", indicator.measurements.first()))


def test_set_silence_rules__by_the_administrator_with_a_reason(world, as_role):
    url, limits = (
        reverse("benefits:silence_rules"),
        {"fall_percent": "60", "level_percent": "1", "fewest": "8"},
    )
    client = as_role(Role.ADMINISTRATOR)
    assert client.post(url, limits).status_code == 422
    assert client.post(url, {**limits, "fall_percent": "5", "reason": "Prøve"}).status_code == 422
    assert client.post(url, {**limits, "reason": "Vi har få meldinger."}).status_code == 302
    assert rules_for(world.home.municipality.pk).fall_percent == 60
    assert rules_for(world.neighbor.municipality.pk).fall_percent == 50
    assert "meldestillhet" in text(client.get(reverse("organization:settings")))
    assert as_role(Role.SERVICE_OWNER).get(url).status_code == 403
