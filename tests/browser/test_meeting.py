"""A whole meeting of six cases: the secretary at the keyboard, the leader on the projector, a member on a tablet."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, ROOT, Watch, watch_page
from tests.conftest import url_of
from tests.scenes.council_meeting import TITLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MOST_INPUTS = 25
POLL = 15_000  # far more than the three seconds between two looks, for a machine that does much else
_COUNT = """
for (const name of ["pointerdown", "keydown"])
  window.addEventListener(name, () => sessionStorage.setItem("inputs", 1 + Number(sessionStorage.getItem("inputs"))), true);
"""


class Seat:
    """A person in the meeting, with a browser of their own."""

    def __init__(self, browser, site, username: str, width: int, height: int) -> None:
        self.context = browser.new_context(
            locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce", viewport={"width": width, "height": height}
        )  # fmt: skip
        self.context.add_init_script(_COUNT)
        self.page: Page = self.context.new_page()
        self.watch: Watch = watch_page(self.page)
        self.site = site
        self.page.goto(f"{site.url}/konto/login/")
        self.page.locator("#id_login").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.main = self.page.locator("main")

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def press(self, name: str) -> None:
        button, link = (self.main.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        button.or_(link).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str, *, within: str = "") -> None:
        part = self.main.locator(within) if within else self.main
        part.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)

    def sees(self, text: str) -> None:
        expect(self.main).to_contain_text(text, timeout=POLL)

    def inputs(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.getItem('inputs'))"))


@pytest.fixture
def room(browser, site):
    """The address of a summoned meeting of six cases, and the three who sit in it."""
    env = os.environ | {
        "APP_MODE": "demo",
        "DATABASE_URL": url_of(site.database),
        "BROKER_URL": "memory://",
        "CACHE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.scenes.council_meeting"], cwd=ROOT, env=env, capture_output=True,
        text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    seats = [
        Seat(browser, site, "sekretariat.fjellheim", 1280, 900), Seat(browser, site, "radsleder.fjellheim", 1920, 1080),
        Seat(browser, site, "radsmedlem.fjellheim", 820, 1180),
    ]  # fmt: skip
    yield done.stdout.strip(), *seats
    for seat in seats:
        complaints = [one for one in seat.watch.unexpected if "ERR_INTERNET_DISCONNECTED" not in one]
        seat.context.close()
        assert complaints == []


def test_hold_meeting__six_cases_in_three_browsers(room):
    meeting, secretary, leader, member = room
    case = {title: _address(secretary, meeting, title) for title in TITLES}
    secretary.go(f"{meeting}frammote/")
    secretary.press("Alle faste medlemmer er til stede")
    leader.go(meeting)
    leader.press("Åpne møtet")
    leader.press("Åpne møtet")
    leader.go(f"{meeting}skjerm/")
    leader.sees(TITLES[0])

    _undisputed(secretary, leader, case[TITLES[0]])
    _member_is_disqualified(secretary, leader, member, case[TITLES[1]])
    _member_is_in_doubt(secretary, leader, member, case[TITLES[2]])
    _proposal_is_voted_on(secretary, leader, member, case[TITLES[3]])
    _case_is_postponed(secretary, leader)
    _connection_is_lost(secretary, leader)

    secretary.go(f"{meeting}handling/conclude/")
    secretary.press("Avslutt møtet")
    secretary.go(f"{meeting}protokoll/")
    secretary.sees("trådte inn")
    secretary.fill("Merknader til innkalling og saksliste", "Ingen merknader.")
    secretary.press("Lagre protokollen")
    leader.go(f"{meeting}handling/approve_minutes/")
    leader.press("Godkjenn protokollen")
    member.go(f"{meeting}protokoll/")
    member.sees("Godkjent av")
    member.sees("Vi prøver i én sone først.")
    answer = member.context.request.get(f"{member.site.url}{meeting}protokoll/pdf/")
    assert answer.body().startswith(b"%PDF")


def _address(seat: Seat, meeting: str, title: str) -> str:
    seat.go(meeting)
    return str(seat.main.get_by_role("link", name=title, exact=True).first.get_attribute("href"))


def _undisputed(secretary: Seat, leader: Seat, case: str) -> None:
    """Ask about impartiality, and write down what was recommended."""
    secretary.go(case)
    before = secretary.inputs()
    secretary.page.get_by_label(re.compile("^Møteleder spurte om habilitet")).check()
    secretary.press("Før vedtaket")
    secretary.sees(TITLES[1])
    used = secretary.inputs() - before
    assert 0 < used <= MOST_INPUTS
    leader.sees("1 av 6 saker er behandlet")


def _member_is_disqualified(secretary: Seat, leader: Seat, member: Seat, case: str) -> None:
    """The member says so on the tablet; a substitute who is there steps in; the member has no vote."""
    member.go(case)
    member.main.get_by_text("Jeg er inhabil eller i tvil").click()
    member.main.locator("input[name=habilitet-answer][value=yes]").check()
    member.page.get_by_label("Grunnlag").select_option("party")
    member.fill("Forklaring", "Sitter i styret for leverandøren.")
    member.press("Før svaret")
    member.sees("Inhabil, fratrer")
    leader.sees("er inhabil og fratrer")
    secretary.go(f"{case.split('sak/', maxsplit=1)[0]}frammote/")
    secretary.main.locator(".roll__row", has_text="Vara,").locator("input[value=present]").check()
    secretary.press("Lagre frammøte")
    secretary.go(case)
    secretary.main.get_by_role("button", name=re.compile("trer inn$")).first.click()
    secretary.page.wait_for_load_state()
    leader.sees("trer inn")
    secretary.press("Ingen andre er inhabile")
    secretary.press("Før vedtaket")
    secretary.sees(TITLES[2])


def _member_is_in_doubt(secretary: Seat, leader: Seat, member: Seat, case: str) -> None:
    """The council decides on it without the member, who then takes part."""
    member.go(case)
    member.main.get_by_text("Jeg er inhabil eller i tvil").click()
    member.main.locator("input[name=habilitet-answer][value=doubt]").check()
    member.page.get_by_label("Grunnlag").select_option("family")
    member.fill("Forklaring", "Søskenbarn arbeider der.")
    member.press("Før svaret")
    leader.sees("er i tvil. Rådet avgjør habiliteten.")
    secretary.go(case)
    secretary.press("Habil, enstemmig")
    secretary.press("Ingen andre er inhabile")
    secretary.press("Før vedtaket")
    secretary.sees(TITLES[3])


def _proposal_is_voted_on(secretary: Seat, leader: Seat, member: Seat, case: str) -> None:
    """The member proposes something else on the tablet, all vote, and the decision is what was voted on."""
    member.go(case)
    member.main.get_by_text("Nytt forslag").click()
    member.fill("Forslag", "Saken sendes tilbake. Vi prøver i én sone først.")
    member.press("Før forslaget")
    leader.sees("Vi prøver i én sone først.")
    secretary.go(case)
    secretary.press("Ingen er inhabile")
    secretary.press("Stem over forslag 1")
    leader.sees("Vi stemmer over forslag 1")
    member.main.get_by_role("button", name="For", exact=True).click(timeout=POLL)
    leader.sees("1 av 4 har stemt")
    secretary.go(case)
    secretary.press("Resten stemte for")
    secretary.press("Avslutt voteringen")
    secretary.sees("4 for, 0 mot, 0 blankt")
    secretary.press("Før vedtaket")
    secretary.sees(TITLES[4])


def _case_is_postponed(secretary: Seat, leader: Seat) -> None:
    """What was recommended stands as it was, beside another decision."""
    secretary.page.get_by_label(re.compile("^Møteleder spurte om habilitet")).check()
    secretary.page.get_by_label("Utsettes", exact=True).check()
    secretary.fill("Vedtak", "Saken utsettes til neste møte.", within=".case__form")
    secretary.press("Før vedtaket")
    secretary.sees(TITLES[5])
    leader.sees("5 av 6 saker er behandlet")


def _connection_is_lost(secretary: Seat, leader: Seat) -> None:
    """The text is there again when the connection is."""
    address = secretary.page.url
    secretary.page.get_by_label(re.compile("^Møteleder spurte om habilitet")).check()
    secretary.main.get_by_text("Oppfølging og protokolltekst").click()
    secretary.fill("Drøfting i hovedtrekk", "Rådet drøftet hvem som eier papirene.")
    secretary.context.set_offline(True)
    secretary.page.on("dialog", lambda dialog: dialog.accept())
    secretary.main.get_by_role("button", name="Før vedtaket", exact=True).click(no_wait_after=True)
    secretary.page.wait_for_timeout(500)
    secretary.context.set_offline(False)
    secretary.page.goto(address)
    secretary.sees("Vi fant tekst som ikke var lagret")
    expect(secretary.page.get_by_label(re.compile("^Drøfting i hovedtrekk"))).to_have_value(
        "Rådet drøftet hvem som eier papirene."
    )
    secretary.press("Før vedtaket")
    leader.sees("Alle sakene er behandlet")
