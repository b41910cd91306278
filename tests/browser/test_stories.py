"""The two stories of the product, played to the end by the people of the demo in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.play import Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_play_sickness_notices__no_new_budget_and_decided_quickly(page, site, log_in, watch):
    """Robotised handling of sickness notices: from the employee's draft to a project on the board."""
    watch.expect("422")  # the page that asks whether something alike is meant
    play, title = Play(page, site, log_in), "Robotisert behandling av sykemeldinger, trinn to"
    log_in("ansatt.elvdal")
    hub = play.write_draft(title, financing="Innenfor egen ramme", owner="Kjersti Aunemo")
    case = play.submit(hub)
    play.sees("Helge Storli")

    log_in("sektorleder.elvdal")
    play.go("/oppgaver/")
    play.sees(title)
    play.step(case, "endorse", "Tilrå")

    log_in("sekretariat.elvdal")
    play.prepare(case)
    play.step(case, "mark_ready", "Klar for rådet")
    meeting = play.meeting(case, place="Formannskapssalen")
    play.decide(meeting, title, "Prioriteres og tas inn i porteføljen")
    play.conclude(meeting)

    log_in("radsleder.elvdal")
    play.step(meeting, "approve_minutes", "Godkjenn protokollen")

    log_in("portefoljeforvalter.elvdal")
    play.take_into_portfolio(title, owner="Stian Brekkhus", manager="Aisha Rahman")
    play.go("/portefolje/")
    play.sees(title)

    log_in("ansatt.elvdal")
    play.go(case)
    play.sees("I porteføljen")


def test_play_quality_system__regional_with_budget_and_three_municipalities(page, site, log_in, watch):
    """From ring binders to a digital quality system: the region recommends, three municipalities decide."""
    watch.expect("422")
    play, title = Play(page, site, log_in), "Fra ringpermer til digitalt kvalitetssystem, del to"
    log_in("tjenesteeier-kvalitet.region")
    owner = str(
        site.one("select name from organization_person where username = 'tjenesteeier-kvalitet.region'")
    )
    hub = play.write_regional_draft(title, owner=owner)
    case = play.submit(hub)

    endorser = str(
        site.one(
            "select p.username from core_notice n join organization_person p on p.id = n.recipient_id "
            "where n.event = 'endorsement_asked' order by n.id desc limit 1"
        )
    )
    log_in(endorser)
    play.step(case, "endorse", "Tilrå")

    log_in("sekretariat.region")
    play.prepare(case)
    site.execute(
        "update governance_hearing set due_on = current_date - 1 where initiative_id = %s",
        case.strip("/").split("/")[-1],
    )
    play.note_deadlines(case)
    play.step(case, "mark_ready", "Klar for rådet")
    meeting = play.meeting(case, place="Videomøte")
    play.decide(meeting, title, "Innstilles til kommunedirektør eller politisk nivå")
    play.conclude(meeting)

    for municipality in ("elvdal", "nordsund", "fjellheim"):
        log_in(f"kommunedirektor.{municipality}")
        play.decide_for(title)

    log_in("portefoljeforvalter.region")
    manager = str(site.one("select name from organization_person where username = 'prosjektleder.region'"))
    play.take_into_portfolio(title, owner=owner, manager=manager)
    log_in("ansatt.nordsund")
    play.go("/portefolje/")
    play.sees(title)
    play.go(case)
    play.sees("I porteføljen")


def test_work_without_javascript__from_draft_to_endorsement(browser, site):
    """The main job works with JavaScript switched off."""
    context = browser.new_context(
        java_script_enabled=False, locale="nb-NO", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()

    def log_in(username: str) -> None:
        context.clear_cookies()
        page.goto(f"{site.url}/konto/login/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill("stafett-demo")
        page.get_by_role("button", name="Logg inn", exact=True).click()

    play = Play(page, site, log_in)
    log_in("ansatt.elvdal")
    hub = play.write_draft("Uten JavaScript", financing="Innenfor egen ramme", owner="Kjersti Aunemo")
    case = play.submit(hub)
    log_in("sektorleder.elvdal")
    play.step(case, "endorse", "Tilrå")
    play.go(case)
    expect(page.locator("main")).to_contain_text("Mottatt i sekretariatet")
    context.close()


def test_work_by_keyboard__reach_and_send_the_first_form(page, site, log_in):
    """Everything from the start page to a new draft is reached by Tab and Enter alone."""
    log_in("ansatt.elvdal")
    page.goto(f"{site.url}/tiltak/nytt/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("Hopp|innhold", re.IGNORECASE))
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == "id_title":
            break
    page.keyboard.type("Skrevet med tastaturet")
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Lag kladd" in (page.locator(":focus").text_content() or ""):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/skjema/"))
    expect(page.locator("h1")).to_have_text("Skrevet med tastaturet")
