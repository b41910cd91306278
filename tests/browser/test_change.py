"""Change work, by the people of the demo in a browser: planned, found in the inbox on a phone, begun and finished."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.play import Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TITLE = "Øve på tapt telefon om natta"
PLAN = (
    "select a.initiative_id from benefits_changeaction a join organization_person p on p.id = a.owner_id "
    "where p.username = 'endringsagent.elvdal' and a.removed_at is null order by a.id limit 1"
)


def test_plan_action__and_its_owner_does_it_on_a_phone(page, site, log_in):
    play, plan = Play(page, site, log_in), site.one(PLAN)
    agent = str(site.one("select name from organization_person where username = 'endringsagent.elvdal'"))
    due = timezone.localdate() + timedelta(days=2)

    log_in("prosjekteier.elvdal")
    play.go(f"/gevinster/plan/{plan}/endring/")
    expect(page.locator("#endringsagenter")).to_contain_text(agent)
    expect(page.locator("#risiko").get_by_role("row").nth(1)).to_be_visible()
    play.click("Nytt tiltak")
    play.fill("Hva skal gjøres?", TITLE)
    play.choose("Opplæring")
    play.fill("Ansvarlig", agent)
    play.fill("Frist", due.isoformat())
    play.choose("Moderat")
    play.click("Lagre")
    row = page.get_by_role("row", name=re.compile(TITLE))
    expect(row).to_contain_text(agent)
    expect(row).to_contain_text("Ikke startet")

    log_in("endringsagent.elvdal")
    page.set_viewport_size({"width": 390, "height": 844})
    play.go("/oppgaver/")
    task = page.locator("main").get_by_role("link", name=TITLE, exact=True)
    task.click()
    page.wait_for_load_state()
    for button in ("Begynn på tiltaket", "Begynn på tiltaket"):
        play.click(button)
    play.sees("Under arbeid")
    play.click("Merk som ferdig")
    play.fill("Hvordan gikk det?", "Alle tre vaktlag har øvd.")
    play.click("Merk som ferdig")
    play.sees("Alle tre vaktlag har øvd.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    play.go("/oppgaver/")
    expect(task).to_have_count(0)

    log_in("prosjekteier.elvdal")
    play.go(f"/gevinster/plan/{plan}/endring/")
    expect(page.get_by_role("row", name=re.compile(TITLE))).to_contain_text("Ferdig")
