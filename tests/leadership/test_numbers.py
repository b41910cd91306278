"""What the numbers were and should be: kept each night, compared in words, targets with reason and history."""

from __future__ import annotations

import html
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from leadership import tasks
from leadership.areas import SPAN
from leadership.figures.catalogue import BY_KEY, Measured
from leadership.figures.keeping import KEPT, keep_numbers
from leadership.figures.page import compared, held_against, written
from leadership.models import Key, LeadershipRules, Snapshot, Target
from leadership.operations import set_level, set_target, stamp_of
from organization.roles import Role
from tests import stories
from tests.leadership import scenes

URL = reverse("leadership:overview")
DAY = date(2026, 10, 23)


@pytest.fixture
def place(world):
    return world.home


def target_url(key=Key.NEEDY):
    return reverse("leadership:target_edit", args=[key.value])


def plain(answer):
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


# --- Kept each night -----------------------------------------------------------------------------
def test_keep_numbers__once_a_day_for_every_area(world, place):
    scenes.needy(place)
    now = timezone.now()
    first = keep_numbers(now=now)
    assert keep_numbers(now=now) == first == Snapshot.objects.count()
    row = Snapshot.objects.get(area=place.municipality, key=Key.NEEDY)
    assert (row.value, row.whole, row.day) == (1, 1, timezone.localdate(now))
    assert Snapshot.objects.get(area=place.sector, key=Key.NEEDY).value == 1
    assert Snapshot.objects.get(area=world.neighbor.municipality, key=Key.NEEDY).value == 0
    assert not Snapshot.objects.filter(area=place.unit).exists()
    assert not Snapshot.objects.filter(key__in=[Key.REPORTED, Key.CLOSING, Key.DUTIES, Key.ACTIONS]).exists()


def test_keep_numbers__the_last_run_of_a_day_counts(place):
    now = timezone.now()
    keep_numbers(now=now)
    scenes.needy(place)
    keep_numbers(now=now)
    assert Snapshot.objects.get(area=place.municipality, key=Key.NEEDY).value == 1


def test_keep_numbers__lets_old_days_go_but_the_first_of_each_month(place):
    now = timezone.now()
    old = timezone.localdate(now) - timedelta(days=800)
    days = {old.replace(day=1), old.replace(day=2)}
    for day in days:
        Snapshot.objects.create(area=place.municipality, key=Key.NEEDY, day=day, value=1)
    keep_numbers(now=now)
    assert set(Snapshot.objects.filter(day__in=days).values_list("day", flat=True)) == {old.replace(day=1)}


def test_keep_numbers__goes_down_to_the_level_of_the_municipality(place):
    set_level(place.municipality, level="unit", by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    keep_numbers(now=timezone.now())
    assert Snapshot.objects.filter(area=place.unit).count() == len(KEPT)


def test_run_job__is_told_of_among_the_jobs(place):
    tasks.keep.apply()
    line = next(line for line in jobs.statuses() if str(line.label) == "Dagens tall for ledelsen")
    assert line.tone == "success"
    assert Snapshot.objects.exists()


# --- Compared ------------------------------------------------------------------------------------
def test_open_page__compares_with_what_was_kept(as_role, place):
    project = scenes.needy(place)
    keep_numbers(now=timezone.now() - SPAN)
    scenes.needy(place, title="Et til")
    page = plain(as_role(Role.KOMMUNEDIREKTOR).get(URL))
    assert "1 flere enn" in page
    assert "dårligere" in page
    Snapshot.objects.update(day=timezone.localdate() - SPAN - timedelta(days=8))
    assert "1 flere enn" not in plain(as_role(Role.KOMMUNEDIREKTOR).get(URL))
    assert project.pk


@pytest.mark.parametrize(
    ("key", "now", "then", "words", "tone"),
    [
        (Key.NEEDY, (2, 5), (4, 5), "2 færre enn 23. okt. 2026: bedre", "success"),
        (Key.NEEDY, (4, 5), (4, 5), "Som 23. okt. 2026", "neutral"),
        (Key.BENEFITS, (9, 10), (8, 10), "10 prosentpoeng høyere enn 23. okt. 2026: bedre", "success"),
        (Key.MONEY, (118, 100), (100, 100), "18 prosentpoeng høyere enn 23. okt. 2026: dårligere", "warning"),
        (Key.DECIDING, (Decimal("61.4"), 3), (60, 3), "1 dag lengre enn 23. okt. 2026: dårligere", "warning"),
        (Key.CLOSING, (5, 3), (9, 3), "4 dager kortere enn 23. okt. 2026: bedre", "success"),
        (Key.REPORTED, (9, None), (6, None), "3 flere enn 23. okt. 2026, ikke mer enn tilfeldigheter gir", "neutral"),
        (Key.REPORTED, (60, None), (20, None), "40 flere enn 23. okt. 2026", "neutral"),
        (Key.NEEDY, (2, 5), None, "Ikke noe å sammenligne med fra 23. okt. 2026", "neutral"),
        (Key.MONEY, (0, 0), (1, 1), "Ikke noe å sammenligne med fra 23. okt. 2026", "neutral"),
    ],
)  # fmt: skip
def test_compare__in_words_with_a_tone(key, now, then, words, tone):
    before = None if then is None else _measured(then)
    found = compared(BY_KEY[key], _measured(now), before, DAY)
    assert (found.words.replace("\xa0", " "), found.tone) == (words, tone)


def _measured(pair):
    return Measured(*(None if one is None else Decimal(one) for one in pair))


def test_write__what_is_not_known_is_not_zero():
    kind = BY_KEY[Key.MONEY].kind
    assert written(Measured(None, None).score(kind), kind) == "mangler"
    assert written(Measured(Decimal(0), Decimal(0)).score(kind), kind) == "mangler"
    assert written(None, BY_KEY[Key.CLOSING].kind) == "–"


# --- Targets -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "value", "score", "tone"),
    [(Key.NEEDY, 2, 2, "success"), (Key.NEEDY, 2, 3, "warning"), (Key.BENEFITS, 90, 90, "success"), (Key.BENEFITS, 90, 89, "warning")],
)  # fmt: skip
def test_hold_against_target__by_which_way_is_better(key, value, score, tone):
    found = held_against(BY_KEY[key], Decimal(score), Target(key=key, value=Decimal(value)))
    assert found.tone == tone


def test_set_target__with_a_reason_and_a_history(as_role, place):
    client = as_role(Role.KOMMUNEDIREKTOR)
    data = {"value": "2", "reason": "Vi klarer to om gangen.", "seen": ""}
    assert client.post(target_url(), data).status_code == 302
    row = Target.objects.get()
    assert (row.area, row.value) == (place.municipality, 2)
    assert "Mål: høyst 2: nådd" in plain(client.get(URL))
    again = client.post(
        target_url(), {"value": "", "reason": "Vi følger det på en annen måte.", "seen": stamp_of(row)}
    )
    assert again.status_code == 302
    page = plain(client.get(target_url()))
    for words in (
        "Målet tatt bort",
        "Mål: høyst 2",
        "Vi klarer to om gangen.",
        place.person(Role.KOMMUNEDIREKTOR).name,
    ):
        assert words in page
    assert "Mål: høyst 2: nådd" not in plain(client.get(URL))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"value": "2", "reason": ""}, "Du må fylle ut «Begrunnelse»."),
        ({"value": "-1", "reason": "x"}, "Tallet kan ikke være mindre enn 0"),
        ({"value": "to", "reason": "x"}, "to"),
        ({"value": "1" * 30, "reason": "x"}, "1111"),
    ],
)
def test_set_target__refuses_what_is_wrong_and_keeps_it(as_role, place, data, words):
    answer = as_role(Role.KOMMUNEDIREKTOR).post(target_url(), {"seen": "", **data})
    assert answer.status_code == 422
    assert words in plain(answer)
    assert not Target.objects.exists()


def test_set_target__a_share_is_at_most_a_hundred(as_role):
    answer = as_role(Role.KOMMUNEDIREKTOR).post(
        target_url(Key.BENEFITS), {"value": "120", "reason": "x", "seen": ""}
    )
    assert answer.status_code == 422
    assert "Målet kan være høyst 100" in plain(answer)


def test_set_target__two_at_once_do_not_overwrite(as_role, place):
    client = as_role(Role.KOMMUNEDIREKTOR)
    client.post(target_url(), {"value": "2", "reason": "Først", "seen": ""})
    answer = client.post(target_url(), {"value": "3", "reason": "Så", "seen": ""})
    assert answer.status_code == 409
    assert "Først" in plain(answer)
    assert 'value="3"' in answer.content.decode()
    assert Target.objects.get().value == 2


def test_set_target__by_those_who_lead_the_area(as_role, world, place):
    def may(role, area, home=place):
        try:
            return set_target(
                area, Key.MONEY, value=Decimal(100), reason="Budsjettet gjelder.", seen=stamp_of(Target.objects.filter(area=area).first()),
                by=home.actor(role), now=timezone.now(),
            )  # fmt: skip
        except TransitionDenied:
            return None

    assert may(Role.KOMMUNEDIREKTOR, place.municipality)
    assert may(Role.KOMMUNEDIREKTOR, place.sector)
    assert may(Role.SECTOR_LEADER, place.sector)
    assert not may(Role.SECTOR_LEADER, place.municipality)
    assert not may(Role.PORTFOLIO_MANAGER, place.municipality)
    assert not may(Role.KOMMUNEDIREKTOR, place.municipality, world.neighbor)
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert "Budsjettet gjelder." in plain(client.get(target_url(Key.MONEY)))
    assert client.post(target_url(Key.MONEY), {"value": "1", "reason": "x", "seen": ""}).status_code == 403


def test_set_target__none_for_how_much_is_reported(as_role):
    assert as_role(Role.KOMMUNEDIREKTOR).get(target_url(Key.REPORTED)).status_code == 404


def test_set_target__needs_a_reason_also_without_a_form(place):
    with pytest.raises(Refused):
        set_target(place.municipality, Key.NEEDY, value=Decimal(1), reason="", seen="", by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())  # fmt: skip
    with pytest.raises(StaleVersion):
        set_target(place.municipality, Key.NEEDY, value=Decimal(1), reason="x", seen="før", by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())  # fmt: skip


# --- Which leaders -------------------------------------------------------------------------------
def test_set_level__by_whoever_sets_the_rules(as_role, place):
    client, url = as_role(Role.ADMINISTRATOR), reverse("leadership:level_edit")
    assert url in client.get(reverse("organization:settings")).content.decode()
    assert client.post(url, {"lowest_level": "unit"}).status_code == 302
    assert LeadershipRules.objects.get().lowest_level == "unit"
    assert client.post(url, {"lowest_level": "department"}).status_code == 302
    assert LeadershipRules.objects.get().lowest_level == "department"
    assert client.post(url, {"lowest_level": "planet"}).status_code == 422
    assert as_role(Role.KOMMUNEDIREKTOR).get(url).status_code == 403
    with pytest.raises(TransitionDenied):
        set_level(place.municipality, level="unit", by=place.actor(Role.KOMMUNEDIREKTOR), now=timezone.now())


def test_show_to__everybody_in_the_municipality_and_nobody_else(world, place):
    stories.in_portfolio(place)
    keep_numbers(now=timezone.now())
    Target.objects.create(area=place.sector, key=Key.MONEY, value=1, reason="x", changed_at=timezone.now())
    assert Target.objects.visible_to(place.actor(Role.EMPLOYEE)).count() == 1
    assert Target.objects.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).count() == 0
    seen = Snapshot.objects.visible_to(world.neighbor.actor(Role.EMPLOYEE)).values_list(
        "area__municipality", flat=True
    )
    assert set(seen) == {world.neighbor.municipality.pk}
