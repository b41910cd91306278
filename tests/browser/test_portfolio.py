"""The portfolio in a browser: the board by mouse, keyboard, phone and without JavaScript, the report, and a shared view."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.play import Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CARD = "E-lås i hjemmetjenesten"
BOARD = "/portefolje/"


class Board:
    """The board of one page, and the card that is moved between *Gjennomføre* and *Planlegge*."""

    def __init__(self, page, site) -> None:
        self.page, self.site = page, site
        self.pk = site.one("select id from portfolio_project where name = %s", CARD)

    def open(self):
        """Stand in *Gjennomføre* again, and open the board."""
        self.site.execute(
            "update portfolio_project set phase = 'execution', version = version + 1 where id = %s and phase <> 'execution'",
            self.pk,
        )
        self.page.goto(self.site.url + BOARD)
        return self.page.locator(f"#prosjekt-{self.pk}")

    def column(self, phase: str):
        return self.page.locator(f'[data-column="{phase}"]')

    def is_in(self, phase: str) -> None:
        expect(self.column(phase).locator(f"#prosjekt-{self.pk}")).to_be_visible()
        assert self.site.one("select phase from portfolio_project where id = %s", self.pk) == phase


def move_by_menu(card) -> None:
    card.get_by_role("button", name=re.compile("Flytt til")).click()
    card.locator('button[value="planning"]').click()


def test_move_card__by_mouse_keyboard_phone_and_without_javascript(page, browser, site, log_in, watch):
    log_in("portefoljeforvalter.elvdal")
    board = Board(page, site)
    card = board.open()
    expect(board.column("execution")).to_contain_text("Budsjett")
    card.drag_to(board.column("planning"))
    board.is_in("planning")

    card = board.open()
    card.get_by_role("button", name=re.compile("Flytt til")).focus()
    page.keyboard.press("Enter")
    target = card.locator('button[value="planning"]')
    for _ in range(6):
        page.keyboard.press("Tab")
        if target.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    board.is_in("planning")

    page.set_viewport_size({"width": 390, "height": 844})
    move_by_menu(board.open())
    board.is_in("planning")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    plain = browser.new_context(
        java_script_enabled=False, locale="nb-NO", storage_state=page.context.storage_state()
    )
    without = Board(plain.new_page(), site)
    move_by_menu(without.open())
    expect(without.page.locator("body")).to_contain_text(f"«{CARD}» er flyttet til Planlegge.")
    without.is_in("planning")
    plain.close()


def test_move_card__the_second_of_two_sees_what_has_changed(page, site, log_in, watch):
    watch.expect("409")
    log_in("portefoljeforvalter.elvdal")
    mine = Board(page, site)
    card = mine.open()
    other = Board(page.context.new_page(), site)
    other.page.goto(site.url + BOARD)
    move_by_menu(other.page.locator(f"#prosjekt-{mine.pk}"))
    other.is_in("planning")
    move_by_menu(card)
    expect(page.locator("#toasts")).to_contain_text("Nå står det i Planlegge")
    other.page.close()


def test_report__of_a_chosen_day_is_read_published_and_downloaded(page, site, log_in, watch):
    play = Play(page, site, log_in)
    log_in("portefoljeforvalter.elvdal")
    play.go("/portefolje/rapport/")
    day = site.one("select (current_date - 20)::text")
    play.fill("Slik det sto", str(day))
    play.click("Vis rapporten")
    play.sees("Sammendrag og beslutningspunkter")
    play.click("Lagre som rapport")
    play.fill("Sammendrag", "Porteføljen er i rute, men to prosjekter trenger hjelp.")
    play.click("Lagre teksten")
    play.click("Publiser")
    play.click("Publiser")
    play.sees("to prosjekter trenger hjelp")
    play.sees("Publisert av")
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = page.request.get(f"{page.url}?fil={kind}")
        assert answer.status == 200
        assert answer.body().startswith(begins)


def test_saved_view__is_made_shared_and_opened_by_a_colleague(page, site, log_in, watch):
    play = Play(page, site, log_in)
    log_in("portefoljeforvalter.elvdal")
    play.go(f"{BOARD}?penger=over&status=alle")
    play.click("Lagre visningen")
    play.fill("Navn på visningen", "Over budsjett, alle")
    play.page.get_by_label("Hvem skal se den?").select_option(label="Alle i Elvdal kommune og under")
    play.page.locator("main").get_by_role("button", name=re.compile("^Lagre")).first.click()
    play.page.wait_for_url(re.compile("penger=over"))

    log_in("ansatt.elvdal")
    play.go("/portefolje/tabell/")
    chip = page.get_by_role("navigation", name="Lagrede visninger").get_by_role(
        "link", name=re.compile(re.escape("Over budsjett, alle"))
    )
    chip.click()
    page.wait_for_url(re.compile(r"/portefolje/\?penger=over&status=alle"))
    expect(page.locator('[data-column="planning"]')).to_be_visible()
