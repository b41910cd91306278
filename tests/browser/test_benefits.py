"""One benefit from the intake to the scorecard, by the people of the demo in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.play import LONG, Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
OWNER = "Kjersti Aunemo"


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_follow_benefit__from_intake_to_scorecard(page, site, log_in, watch):
    """The service owner takes it on, says how it is measured, measures on a phone, and sees it counted."""
    watch.expect("422")
    play, title = Play(page, site, log_in), "Avskrift av skjema slutter"
    owner = str(
        site.one(
            "select p.username from organization_person p where p.name = %s order by p.id limit 1", OWNER
        )
    )
    log_in("ansatt.elvdal")
    hub = play.write_draft(title, financing="Innenfor egen ramme", owner=OWNER)
    case = play.submit(hub)
    number = int(case.strip("/").split("/")[-1])
    benefit = int(str(site.one("select id from benefits_benefit where initiative_id = %s", number)))

    log_in(owner)
    play.go("/oppgaver/")
    play.sees("Færre timer til avskrift")
    play.go(f"/gevinster/{benefit}/")
    play.click("Ta på deg gevinsten")
    play.click("Ta på deg gevinsten")
    _add_indicator(play, benefit)

    _decide(play, log_in, case, title)
    log_in("portefoljeforvalter.elvdal")
    play.go(f"/gevinster/plan/{number}/godkjenn/")
    play.click("Godkjenn planen")
    play.sees("Versjon 1")

    log_in(owner)
    page.set_viewport_size({"width": 390, "height": 844})
    _measure(play, benefit)
    page.set_viewport_size({"width": 1280, "height": 900})
    play.go("/gevinster/styringskort/?regnet=hours")
    row = page.get_by_role("row", name=re.compile(OWNER)).first
    expect(row).to_be_visible()
    row.get_by_role("link", name=re.compile("Gevinster")).first.click()
    page.wait_for_load_state()
    play.sees("Færre timer til avskrift")


def _decide(play: Play, log_in, case: str, title: str) -> None:
    """Take the initiative through endorsement, secretariat and council into the portfolio."""
    log_in("sektorleder.elvdal")
    play.step(case, "endorse", "Tilrå")
    log_in("sekretariat.elvdal")
    play.prepare(case)
    play.step(case, "mark_ready", "Klar for rådet")
    meeting = play.meeting(case, place="Formannskapssalen")
    play.decide(meeting, title, "Prioriteres og tas inn i porteføljen")
    play.conclude(meeting)
    log_in("portefoljeforvalter.elvdal")
    play.take_into_portfolio(title, owner="Stian Brekkhus", manager="Aisha Rahman")


def _add_indicator(play: Play, benefit: int) -> None:
    play.go(f"/gevinster/{benefit}/")
    play.click("Legg til en indikator")
    play.fill("Hva måler dere?", "Timer til avskrift per måned")
    play.choose("Timer", group="Hva slags tall")
    play.fill("Måleenhet", "timer per måned")
    play.fill("Hvordan måles det?", LONG)
    play.choose("Lavere er bedre")
    play.fill("Hvilken verdi er målet?", "10")
    play.fill("Når måles nullpunktet?", day(-60))
    play.fill("Første måling etterpå", day(-2))
    play.fill("Siste måling", day(200))
    play.page.get_by_label(re.compile("^Hvor ofte")).select_option("quarter")
    play.click("Lagre")
    play.sees("Timer til avskrift per måned")


def _measure(play: Play, benefit: int) -> None:
    """Measure the baseline and once more, each from the inbox with one field."""
    for value, button in (("110", "Nullpunkt"), ("60", "Målingen er ført")):
        play.go("/oppgaver/")
        play.page.locator("main").get_by_role(
            "link", name=re.compile("Timer til avskrift per måned")
        ).first.click()
        play.page.wait_for_load_state()
        play.fill("Timer til avskrift per måned", "mange")
        play.click("Lagre målingen")
        play.sees("Skriv et tall")
        play.fill("Timer til avskrift per måned", value)
        play.click("Lagre målingen")
        play.sees(button)
    play.go(f"/gevinster/{benefit}/")
    play.sees("Kommet 50 % av veien")
