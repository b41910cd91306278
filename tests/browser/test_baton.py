"""The baton over a region and two municipalities, by the people of the demo in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.play import LONG, Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TITLE = "Fra ringpermer til digitalt kvalitetssystem"
TEMPLATE = (
    "select distinct l.template_id from benefits_localplan l join governance_initiative t on t.id = l.template_id "
    "and t.title = %s"
)
OF_PLACE = (
    "select {what} from benefits_localplan l join governance_initiative t on t.id = l.template_id and t.title = %s "
    "join organization_unit u on u.id = l.municipality_id and u.short_name = %s "
    "join benefits_handover h on h.initiative_id = l.initiative_id order by h.id desc limit 1"
)


def of(site, what: str, place: str):
    return site.one(OF_PLACE.format(what=what), TITLE, place)


def owner_of(site, place: str) -> tuple[str, str]:
    """Return the user name and the name of somebody who owns services in the municipality."""
    return site.rows(
        "select p.username, p.name from organization_roleassignment r join organization_person p on p.id = r.person_id "
        "join organization_unit u on u.id = r.unit_id join organization_unit k on k.id = u.municipality_id and k.short_name = %s "
        "where r.role = 'service_owner' and r.valid_to is null order by p.id limit 1", place,
    )[0]  # fmt: skip


def test_pass_baton__from_the_region_to_two_municipalities(page, site, log_in, watch):
    """One had said no and is asked again, one answers for the first time; the region sees who has it, and no more."""
    watch.expect("404")
    play = Play(page, site, log_in)
    template = site.one(TEMPLATE, TITLE)
    log_in("portefoljeforvalter.region")
    play.go(f"/gevinster/plan/{template}/kommunene/")
    play.sees("Overtatt av linjen")
    play.sees("Vi mangler en som kan rydde")
    play.click("Gi kommunene hver sin plan")
    play.fill("Hva overleveres?", LONG)
    day = timezone.localdate() + timedelta(days=30)
    play.fill("Linjen overtar fra", day.isoformat())
    play.click("Overlever")
    play.sees("Venter på kommunedirektøren")

    for place in ("Nordsund", "Fjellheim"):
        _take(play, log_in, place)

    log_in("portefoljeforvalter.region")
    play.go(f"/gevinster/plan/{template}/kommunene/")
    expect(page.locator("main").get_by_text("Overtatt av linjen")).to_have_count(3)
    expect(page.locator("main table").get_by_role("link")).to_have_count(0)
    inside = of(site, "l.initiative_id", "Nordsund")
    assert page.goto(f"{site.url}/gevinster/plan/{inside}/").status == 404
    assert page.goto(f"{site.url}/gevinster/overlevering/{of(site, 'h.id', 'Nordsund')}/").status == 404

    log_in("kommunedirektor.fjellheim")
    play.go(f"/gevinster/plan/{template}/kommunene/")
    play.sees("Fjellheim")
    expect(page.locator("main table").get_by_text("Nordsund")).to_have_count(0)
    assert page.goto(f"{site.url}/gevinster/plan/{inside}/").status == 404


def _take(play: Play, log_in, place: str) -> None:
    """The kommunedirektor names a service owner from the inbox, who takes the plan on a phone."""
    username, name = owner_of(play.site, place)
    log_in(f"kommunedirektor.{place.lower()}")
    play.go("/oppgaver/")
    play.page.locator("main").get_by_role("link", name=re.compile(re.escape(TITLE))).first.click()
    play.page.wait_for_load_state()
    play.click("Ta imot for kommunen")
    play.fill("Hvem skal ta planen?", name)
    play.click("Ta imot for kommunen")
    play.sees("Venter på tjenesteeieren")
    log_in(username)
    play.page.set_viewport_size({"width": 390, "height": 844})
    play.go("/oppgaver/")
    play.page.locator("main").get_by_role("link", name=re.compile(re.escape(TITLE))).first.click()
    play.page.wait_for_load_state()
    play.click("Ta imot planen")
    play.click("Ta imot planen")
    play.sees("Overtatt av linjen")
    play.go(f"/gevinster/plan/{of(play.site, 'l.initiative_id', place)}/")
    play.sees("Mindre tid til å lete etter")
    play.sees("Tatt på seg")
    play.page.set_viewport_size({"width": 1280, "height": 900})
