"""The lifting machine that did not fit through the door: reported on a phone, solved by the technical director."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import watch_page
from tests.browser.play import Play
from tests.browser.test_report_minute import PHONE, choice, log_in

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TEXT = "Løftemaskinen går ikke gjennom døra til badet på rom 9. Vi løfter for hånd."
TITLE = "Løfteutstyr går ikke gjennom dørene i andre etasje"
PROBLEM = (
    "Åpningene til badene er smalere enn maskinen, og de ansatte får vondt. Kan noen gjøre noe med dørene?"
)
MOBILE = {**PHONE, "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def phone(browser, site):
    """The phone of an employee of the nursing home; complaints of its pages fail the test."""
    context = browser.new_context(**MOBILE)
    page = context.new_page()
    watch = watch_page(page)
    log_in(page, site, "ansatt-sykehjem.elvdal")
    yield page
    context.close()
    assert watch.unexpected == []


def report(phone, site) -> str:
    """Report from the ward, and return the number of the case."""
    phone.goto(f"{site.url}/avvik/meld/")
    choice(phone, "kind", "deviation").check()
    phone.locator("#id_description").fill(TEXT)
    choice(phone, "danger", "none").check()
    phone.get_by_role("button", name="Send meldingen").click()
    phone.wait_for_url("**/kvittering/")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return str(site.one("select number from deviations_deviation where description = %s", TEXT))


def leader_of(site, number: str) -> str:
    return str(
        site.one(
            "select p.username from deviations_deviation d join organization_person p on p.id = d.responsible_id where d.number = %s", number
        )
    )  # fmt: skip


def test_play_lifting_machine__solved_by_the_technical_director(page, phone, site, log_in, watch):
    """From the night nurse's phone to a wider door: the leader asks without names, another sector does it."""
    number = report(phone, site)
    play = Play(page, site, log_in)
    case = f"/avvik/{site.one('select id from deviations_deviation where number = %s', number)}/"

    log_in(leader_of(site, number))
    play.go("/oppgaver/")
    play.sees(number)
    play.step(case, "start", "Start behandling")
    lift = raise_problem(play, case)

    log_in("sektorleder-teknisk.elvdal")
    play.go("/oppgaver/")
    play.sees("Kan du løse dette?")
    play.go(lift)
    play.sees(PROBLEM)
    expect(page.locator("main")).not_to_contain_text("Furua")
    expect(page.locator("main")).not_to_contain_text(number)
    watch.expect("404")
    assert page.request.get(site.url + case).status == 404
    offer(play)

    log_in(leader_of(site, number))
    play.go("/oppgaver/")
    play.sees("Noen kan løse dette")
    play.step(lift, "accept_offer", "Ta imot et tilbud")
    play.sees("Noen løser det")

    log_in("sektorleder-teknisk.elvdal")
    finish(play, lift)

    log_in(leader_of(site, number))
    close(play, lift, case)

    phone.goto(f"{site.url}{case}kvittering/")
    expect(phone.locator("main")).to_contain_text("Tiltak er satt i gang")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def raise_problem(play: Play, case: str) -> str:
    """Tell the problem to the leaders of the technical sector, and return the address of the lift."""
    play.go(f"{case}?vis=tiltak")
    play.click("Løft problemet")
    play.fill("Problemet i én setning", TITLE)
    play.fill("Fortell om problemet", PROBLEM)
    play.page.get_by_label("Hvem vil du spørre?").select_option(label="Teknisk")
    play.click("Løft problemet")
    return play.path


def offer(play: Play) -> None:
    play.click("Jeg kan løse dette")
    play.fill("Hvordan vil dere løse det?", "Vi skifter karm og dør på badene i etasjen.")
    play.fill("Når kan det være på plass?", (timezone.localdate() + timedelta(days=20)).isoformat())
    play.click("Send tilbudet")
    play.sees("Tilbud")


def finish(play: Play, lift: str) -> None:
    """Report the action of the lift as done."""
    play.go(lift)
    play.click(TITLE)
    play.go(f"{play.path}handling/finish/")
    play.fill("Hva ble gjort?", "Dørene er 110 cm brede nå.")
    play.click("Meld som utført")


def close(play: Play, lift: str, case: str) -> None:
    """Say that it is solved, and go on with the case, which has the action."""
    play.go(f"{lift}handling/solve/")
    play.fill("Hva løste det?", "Teknisk skiftet dørene. Maskinen går inn.")
    play.click("Meld som løst")
    play.sees("Dette løste det")
    play.go(f"{case}?vis=tiltak")
    play.sees(TITLE)
    play.step(case, "start_actions", "Start tiltakene")
