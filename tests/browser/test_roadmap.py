"""The roadmap by the people of the demo: opened by mouse, by keyboard, without JavaScript, and on a phone."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.look import overflow
from tests.browser.play import Play

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NAME = "E-lås i hjemmetjenesten"
ROADMAP = "/portefolje/veikart/"
OPENED = re.compile(r"/portefolje/\d+/$")


def test_open_project__from_its_bar_by_mouse(page, site, log_in):
    play = Play(page, site, log_in)
    log_in("portefoljeforvalter.elvdal")
    play.go("/portefolje/")
    page.get_by_role("link", name="Veikart", exact=True).click()
    page.wait_for_url(lambda url: ROADMAP in url)
    link = page.locator("svg.roadmap a", has_text=NAME)
    expect(link.locator("title").first).to_contain_text(f"{NAME}: ")
    link.locator(".roadmap-bar").click()
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("main")).to_contain_text("over datoen")


def test_open_project__by_keyboard_and_the_filters_follow(page, site, log_in):
    play = Play(page, site, log_in)
    log_in("portefoljeforvalter.elvdal")
    play.go(f"{ROADMAP}?{urlencode({'zoom': 'ar', 'q': NAME})}")
    expect(page.locator("svg.roadmap a")).to_have_count(1)
    later = page.get_by_role("link", name="Neste år")
    address = parse_qs((later.get_attribute("href") or "").partition("?")[2])
    assert (address["zoom"], address["q"]) == (["ar"], [NAME])
    later.focus()
    for _tab in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('svg.roadmap') !== null"):
            break
    else:
        pytest.fail("Tab never came to the drawing")
    page.keyboard.press("Enter")
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_move_roadmap__without_javascript(browser, site):
    context = browser.new_context(
        java_script_enabled=False, locale="nb-NO", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{site.url}/konto/login/")
    page.locator("#id_login").fill("portefoljeforvalter.elvdal")
    page.locator("#id_password").fill("stafett-demo")
    page.get_by_role("button", name="Logg inn", exact=True).click()
    page.goto(f"{site.url}{ROADMAP}")
    shown = page.locator(".roadmap-nav__period").inner_text()
    page.get_by_role("link", name="Måned", exact=True).click()
    page.get_by_role("link", name="Neste år").click()
    expect(page.locator(".roadmap-nav__period")).not_to_have_text(shown)
    assert "zoom=maned" in page.url
    page.get_by_role("link", name="I dag", exact=True).click()
    page.locator("svg.roadmap a", has_text=NAME).locator(".roadmap-bar").click()
    page.wait_for_url(OPENED)
    context.close()


def test_read_roadmap__as_a_list_on_a_phone(page, site, log_in):
    play = Play(page, site, log_in)
    log_in("ansatt.elvdal")
    page.set_viewport_size({"width": 390, "height": 844})
    play.go(ROADMAP)
    expect(page.locator("svg.roadmap")).to_be_hidden()
    row = page.get_by_role("row", name=re.compile(NAME))
    for words in ("Går ikke opp", "Låsene er koblet til responssenteret", "over datoen", "ventet"):
        expect(row).to_contain_text(words)
    assert overflow(page) <= 0
    row.get_by_role("link", name=NAME).click()
    page.wait_for_url(OPENED)
