"""What a person does in the browser, in the words of the screen."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

LONG = "Dette er skrevet av den som prøver, og er langt nok til å være et helt avsnitt i en sak."


class Play:
    """One browser page and the site it is on."""

    def __init__(self, page: Page, site, log_in) -> None:
        self.page, self.site, self.log_in = page, site, log_in
        self.regional = False

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def click(self, name: str) -> None:
        """Press the button or follow the link of that name."""
        main = self.page.locator("main")
        button, link = (main.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        button.or_(link).first.click()
        self.page.wait_for_load_state()

    def step(self, path: str, name: str, button: str) -> None:
        """Open the page of a transition and press its button."""
        self.go(f"{path}handling/{name}/")
        self.click(button)

    def note_deadlines(self, case: str) -> None:
        """Note that the deadline passed for everybody who has not answered."""
        self.go(f"{case}horing/")
        waiting = self.page.get_by_role("button", name=re.compile("^Noter at fristen gikk ut"))
        for left in range(waiting.count(), 0, -1):
            waiting.first.click()
            expect(waiting).to_have_count(left - 1)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)

    def choose(self, label: str, *, group: str = "") -> None:
        place = self.page.get_by_role("group", name=re.compile(group)) if group else self.page
        place.get_by_label(label, exact=True).first.check()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.url).split("?")[0]

    # --- The parts of the main job -------------------------------------------------------------
    def write_draft(self, title: str, *, financing: str, owner: str) -> str:
        """Fill in every section of the form, and return the address of the hub."""
        self._begin(title)
        hub = self.path
        self._about(hub)
        self._benefit(hub, owner)
        self._costs(hub, financing)
        self._responsibility(hub, owner)
        self._assessments(hub)
        self.go(f"{hub}null_alternative/")
        self.fill("Hva skjer om dere ikke gjør noe?", LONG)
        self.click("Lagre og fortsett")
        return hub

    def write_regional_draft(self, title: str, *, owner: str) -> str:
        """Write a draft of the region in which every municipality takes part."""
        self.regional = True
        return self.write_draft(title, financing="Det søkes om budsjett", owner=owner)

    def _begin(self, title: str) -> None:
        self.go("/tiltak/nytt/")
        self.fill("Hva vil du få til?", title)
        if self.regional:
            for box in (
                self.page.get_by_role("group", name=re.compile("kommuner", re.IGNORECASE))
                .get_by_role("checkbox")
                .all()
            ):
                box.check()
        with self.page.expect_response(
            lambda r: r.request.method == "POST" and r.url.endswith("/nytt/")
        ) as answer:
            self.click("Lag kladd")
        if answer.value.status == 422:  # something alike was found; go on with this one
            self.click("Lag kladden likevel")
        self.page.wait_for_url(re.compile("/skjema/"))

    def _about(self, hub: str) -> None:
        self.go(f"{hub}about/")
        self.fill("Kort beskrivelse", "Roboten leser skjemaet og fører det i fagsystemet. Čáppa. 👍")
        self.fill("Problem eller behov", LONG)
        self.fill("Hvem gjelder det?", "Ansatte og ledere")
        self.choose("Utvikling")
        self.page.get_by_role("group", name=re.compile("mål", re.IGNORECASE)).get_by_role(
            "checkbox"
        ).first.check()
        self.click("Lagre og fortsett")

    def _benefit(self, hub: str, owner: str) -> None:
        self.go(f"/gevinster{hub.removesuffix('skjema/')}ny/")
        self.fill("Hva blir bedre?", "Færre timer til avskrift")
        self.choose("Egen virksomhet")
        self.choose("Spart tid")
        self.choose("Alternativ anvendelse (frigjort tid)")
        self.fill("Timer per år", "1 200")
        self.fill("Tjenesteeier", owner)
        self.click("Lagre gevinsten")
        self.sees("Færre timer til avskrift")

    def _costs(self, hub: str, financing: str) -> None:
        self.go(f"{hub}costs/")
        self.fill(f"Investering i {timezone.localdate().year}", "80 000")
        self.fill("Årlig drift", "20000,50")
        self.choose(financing)
        self.click("Lagre og fortsett")

    def _responsibility(self, hub: str, owner: str) -> None:
        self.go(f"{hub}responsibility/")
        self.fill("Tjenesteeier", owner)
        self.click("Lagre og fortsett")

    def _assessments(self, hub: str) -> None:
        self.go(f"{hub}assessments/")
        for group in ("personopplysninger", "arbeidet for ansatte"):
            self.choose("Nei", group=group)
        self.click("Lagre og fortsett")

    def submit(self, hub: str) -> str:
        """Send in, and return the address of the initiative."""
        self.go(f"{hub}oppsummering/")
        self.click("Send inn")
        expect(self.page).to_have_url(re.compile("/kvittering/"))
        return hub.removesuffix("skjema/")

    def prepare(self, case: str) -> None:
        """Take the case through the secretariat until it is ready for the council."""
        self.step(case, "start_preparation", "Start utredning")
        self.go(f"{case}saksframlegg/rediger/")
        for label in ("Innstilling", "Oppsummering", "Bakgrunn", "Alternativer", "Saksbehandlers vurdering"):
            self.page.get_by_role("link", name=label, exact=True).click()
            self.fill(label, LONG)
            self.click("Lagre")

    def meeting(self, case: str, *, place: str) -> str:
        """Set up a meeting with the case, send the papers, and open it with everyone there."""
        begins = timezone.localtime() + timedelta(days=30)
        self.go("/raadet/nytt/")
        self.page.get_by_label(re.compile("^Dato og klokkeslett")).fill(f"{begins:%Y-%m-%dT10:00}")
        self.fill("Sted", place)
        self.click("Sett opp møtet")
        meeting = self.path
        self.go(f"{case}handling/put_on_agenda/")
        number = meeting.strip("/").split("/")[-1]
        self.page.get_by_label(re.compile("^Møte")).select_option(number)
        self.click("Sett på saksliste")
        self.step(meeting, "summon", "Send innkalling og papirer")
        self.attend(meeting)
        self.step(meeting, "open_session", "Åpne møtet")
        return meeting

    def attend(self, meeting: str) -> None:
        self.go(f"{meeting}frammote/")
        self.click("Alle faste medlemmer er til stede")

    def decide(self, meeting: str, title: str, outcome: str) -> None:
        self.go(meeting)
        self.page.locator("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
        self.page.wait_for_load_state()
        self.choose(outcome)
        self.fill("Vedtak", "Rådet vedtar det som er foreslått.")
        self.page.get_by_label(re.compile("^Møteleder spurte om habilitet")).check()
        self.click("Før vedtaket")

    def conclude(self, meeting: str) -> None:
        self.step(meeting, "conclude", "Avslutt møtet")

    def decide_for(self, title: str) -> None:
        """Decide for the own municipality from the inbox."""
        self.go("/oppgaver/")
        self.page.locator("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
        self.page.wait_for_load_state()
        self.choose("Vedtas")
        self.fill("Vedtak eller begrunnelse", "Kommunen slutter seg til og dekker sin andel.")
        self.click("Før avgjørelsen")

    def take_into_portfolio(self, title: str, *, owner: str, manager: str) -> None:
        """Begin the project from the inbox."""
        self.go("/oppgaver/")
        self.page.locator("main").get_by_role("link", name=re.compile(re.escape(title))).first.click()
        self.page.wait_for_load_state()
        self.fill("Prosjekteier", owner)
        self.fill("Prosjektleder", manager)
        self.click("Opprett prosjektet")
