"""A benefit that proves itself from deviations, from intake to scorecard; and one that silence would have proved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.play import LONG, Play
from tests.browser.test_benefits import _decide

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
USERNAME, INDICATOR = "enhetsleder.elvdal", "Alvorlige avvik uten besøk"
DAYS = "select n.baseline_on, n.first_on, n.last_on from benefits_indicator n join benefits_benefit b on b.id = n.benefit_id where b.title = %s"


def test_prove_benefit__from_intake_through_deviations_to_the_scorecard(page, site, log_in):
    play, title = Play(page, site, log_in), "Nøkler som ikke blir borte"
    owner = str(site.one("select name from organization_person where username = %s", USERNAME))
    log_in("ansatt.elvdal")
    case = play.submit(play.write_draft(title, financing="Innenfor egen ramme", owner=owner))
    number = int(case.strip("/").split("/")[-1])
    benefit = int(str(site.one("select id from benefits_benefit where initiative_id = %s", number)))
    log_in(USERNAME)
    play.go(f"/gevinster/{benefit}/")
    play.click("Ta på deg gevinsten")
    play.click("Ta på deg gevinsten")
    _indicator(play, benefit, site.rows(DAYS, "Ingen går uten hjelp bak en låst dør")[0])
    _decide(play, log_in, case, title)
    log_in("portefoljeforvalter.elvdal")
    play.go(f"/gevinster/plan/{number}/godkjenn/")
    play.click("Godkjenn planen")
    log_in(USERNAME)
    _compute(play, benefit)
    play.click("Begynn å ta ut gevinsten")
    play.click("Begynn å ta ut gevinsten")
    play.click("Sett til realisert")
    play.click("Sett til realisert")
    play.sees("Realisert")
    play.go("/gevinster/styringskort/?regnet=hours")
    row = page.get_by_role("row", name=re.compile(owner)).first
    expect(row).to_be_visible()
    row.get_by_role("link", name=re.compile("Gevinster")).first.click()
    page.wait_for_load_state()
    play.sees("Færre timer til avskrift")


def _indicator(play: Play, benefit: int, days: tuple) -> None:
    play.go(f"/gevinster/{benefit}/")
    play.click("Legg til en indikator")
    play.fill("Hva måler dere?", INDICATOR)
    play.choose("Antall", group="Hva slags tall")
    play.fill("Måleenhet", "avvik")
    play.fill("Hvordan måles det?", LONG)
    play.choose("Lavere er bedre")
    play.fill("Hvilken verdi er målet?", "0,2")
    for label, on in zip(
        ("Når måles nullpunktet?", "Første måling etterpå", "Siste måling"), days, strict=True
    ):
        play.fill(label, on.isoformat())
    play.page.get_by_label(re.compile("^Hvor ofte")).select_option("half_year")
    play.click("Lagre")
    play.sees(INDICATOR)


def _compute(play: Play, benefit: int) -> None:
    """Choose what is counted, and follow a number to its basis and the list of its cases."""
    play.go(f"/gevinster/{benefit}/")
    play.page.get_by_role("link", name=re.compile("Regn ut tallet av avvik")).click()
    play.choose("Hjemmetjenesten")
    play.page.get_by_label(re.compile("^Hvilke avvik")).select_option(
        label="Tjeneste eller besøk ikke utført"
    )
    play.choose("Per årsverk og år")
    play.page.get_by_label(re.compile("^Hvor lenge telles")).select_option("6")
    play.click("Regn ut")
    play.sees("Det er færre, mer enn tilfeldigheter gir")
    play.sees("Alvorlige av alle")
    play.page.get_by_role("link", name=re.compile("grunnlaget")).first.click()
    play.sees("årsverk i perioden")
    play.page.locator("main").get_by_role("link", name="Hjemmetjenesten", exact=True).click()
    play.sees("Tjeneste eller besøk ikke utført")
    play.go(f"/gevinster/{benefit}/")


def test_refuse_proof__where_reporting_collapsed(page, site, log_in, watch):
    """The demo's benefit at the waterworks reached its target, since hardly anybody reports any more."""
    watch.expect("409")
    play = Play(page, site, log_in)
    benefit = int(
        str(
            site.one(
                "select id from benefits_benefit where title = %s", "Færre alvorlige feil ved vannverkene"
            )
        )
    )
    log_in("tjenesteeier.fjellheim")
    play.go(f"/gevinster/{benefit}/")
    play.sees("Det meldes for lite til å regne dette som en gevinst")
    play.sees("Meldingene har stilnet")
    play.go(f"/gevinster/{benefit}/handling/conclude_realized/")
    play.sees("Meldingene har stilnet")
    page.locator("main").get_by_role("button", name="Sett til realisert", exact=True).click()
    play.sees("Meldingene har stilnet")
    state = site.one("select status from benefits_benefit where id = %s", benefit)
    assert state == "realizing"
