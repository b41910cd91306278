"""Report on a phone: in under a minute, kept when the net or the session goes, without JavaScript, for everybody.

Seconds are those of the keystroke-level model (Card, Moran and Newell, with a phone's numbers:
1.1 s a tap, 0.28 s a character, 1.35 s of thought a question) and the waiting that is measured
here, on the slow 4G that Lighthouse measures with.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, ROOT, watch_page
from tests.browser.look import overflow, violations
from tests.conftest import url_of

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TAP, CHARACTER, THOUGHT = 1.1, 0.28, 1.35
MOST_TAPS, MOST_SECONDS = 12, 60
PHONE = {
    "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "nb-NO",
    "timezone_id": "Europe/Oslo", "reduced_motion": "reduce",
}  # fmt: skip
SLOW_4G = {
    "offline": False,
    "latency": 120,
    "downloadThroughput": 200_000,
    "uploadThroughput": 90_000,
}  # bytes a second
TEXT = "Gulvet i gangen var glatt etter vask, og en ansatt falt og slo kneet."
FORM = "/avvik/meld/"
INSTALL = """
from django.utils import timezone
from core.actors import System
from deviations.operations.catalogue import install_catalogue
from organization.models import Unit
for unit in Unit.objects.filter(short_name="Elvdal", kind="municipality"):
    install_catalogue(unit, by=System("tests"), now=timezone.now())
"""


@pytest.fixture(scope="module")
def site(site):
    """The demo, with the catalogue its municipality starts with."""
    env = os.environ | {
        "APP_MODE": "demo",
        "DATABASE_URL": url_of(site.database),
        "CACHE_URL": "",
        "BROKER_URL": "memory://",
    }
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", INSTALL]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return site


@pytest.fixture
def phone(browser, site):
    """A phone on which an employee is logged in; complaints of its pages fail the test."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    watch = watch_page(page)
    watch.expect("422|ERR_INTERNET_DISCONNECTED|sendError|afterRequest|ERR_FAILED")
    log_in(page, site)
    yield page
    context.close()
    assert watch.unexpected == []


def log_in(page: Page, site, username: str = "ansatt.elvdal") -> None:
    if "/login" not in page.url:
        page.goto(f"{site.url}/konto/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def photo() -> dict[str, object]:
    """Return a photo of twelve megapixels, as a phone takes it."""
    buffer = io.BytesIO()
    noise = Image.effect_noise((4000, 3000), 90).filter(ImageFilter.GaussianBlur(1.5))
    noise.convert("RGB").save(buffer, "JPEG", quality=90)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@dataclass
class Meter:
    """Does what a thumb does, and counts it."""

    page: Page
    taps: int = 0
    characters: int = 0
    questions: int = 0
    waited: float = 0.0

    def tap(self, target: Locator, *, times: int = 1) -> None:
        self.taps += times
        target.tap()

    def type(self, target: Locator, text: str) -> None:
        self.tap(target)
        self.characters += len(text)
        self.page.keyboard.type(text)

    def wait(self, for_: Locator, do) -> None:
        begun = time.monotonic()
        do()
        expect(for_).to_be_visible(timeout=30_000)
        self.waited += time.monotonic() - begun

    @property
    def seconds(self) -> float:
        return self.taps * TAP + self.characters * CHARACTER + self.questions * THOUGHT + self.waited


def choice(page: Page, name: str, value: str) -> Locator:
    return page.locator(f'[name="{name}"][value="{value}"]')


def test_report__on_a_phone_takes_at_most_twelve_taps_and_a_minute(phone, site, capsys):
    """From the QR code on the wall: what, where it hurts, the type, how grave, and a photo."""
    unit = site.one("select unit_id from organization_roleassignment r join organization_person p on p.id = r.person_id where p.username = 'ansatt.elvdal' limit 1")  # fmt: skip
    phone.context.new_cdp_session(phone).send("Network.emulateNetworkConditions", SLOW_4G)
    meter, kind = Meter(phone), choice(phone, "kind", "deviation")
    meter.wait(kind, lambda: phone.goto(f"{site.url}{FORM}?enhet={unit}&sted=Gangen"))
    meter.tap(kind)
    meter.type(phone.locator("#id_description"), TEXT)
    meter.tap(choice(phone, "danger", "none"))
    meter.questions += 3
    chip = phone.locator(".chip").filter(has_text="Fall eller snubling")
    meter.wait(chip, lambda: None)
    meter.tap(chip)
    meter.questions += 1
    meter.tap(phone.locator(".fold__head", has_text="Type og alvorlighet"))
    meter.tap(choice(phone, "reported_severity", "2"))
    meter.questions += 1
    meter.tap(phone.locator(".fold__head", has_text="Bilde"))
    camera = phone.locator("#id_camera")
    camera.set_input_files([photo()])
    meter.taps += 3  # the control, the shutter, and that the picture will do
    meter.questions += 1
    held = phone.locator("[data-shows=photos]")
    meter.wait(held, lambda: expect(held).to_have_text(re.compile(r"1 \(0,\d MB\)"), timeout=30_000))
    meter.wait(
        phone.get_by_role("heading", name="Takk, meldingen er sendt"),
        lambda: meter.tap(phone.get_by_role("button", name="Send meldingen")),
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\nA report on a phone: {meter.taps} taps, {meter.seconds:.1f} s, of which {meter.waited:.1f} s waiting\n"
        )
    assert phone.locator("main").get_by_text("IMG_0001.jpg").count() == 1
    assert meter.taps <= MOST_TAPS
    assert meter.seconds < MOST_SECONDS


def fill_in(page: Page, site, text: str = TEXT) -> None:
    page.goto(f"{site.url}{FORM}")
    choice(page, "kind", "near_miss").check()
    page.locator("#id_description").fill(text)
    choice(page, "danger", "none").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send meldingen").click()


def test_report__without_net_keeps_the_text_and_is_filed_once(phone, site):
    text = "Nettet forsvant mens jeg meldte fra."
    fill_in(phone, site, text)
    phone.context.set_offline(offline=True)
    send(phone)
    expect(phone.get_by_role("alert")).to_contain_text("ikke kontakt")
    expect(phone.locator("#id_description")).to_have_value(text)
    phone.context.set_offline(offline=False)
    phone.goto(f"{site.url}{FORM}")
    expect(phone.locator("[data-restored]")).to_be_visible()
    expect(phone.locator("#id_description")).to_have_value(text)
    expect(choice(phone, "kind", "near_miss")).to_be_checked()
    phone.get_by_role("button", name="Send meldingen").dblclick()
    phone.wait_for_url("**/kvittering/")
    assert site.one("select count(*) from deviations_deviation where description = %s", text) == 1
    phone.goto(f"{site.url}{FORM}")
    expect(phone.locator("[data-restored]")).to_be_hidden()
    expect(phone.locator("#id_description")).to_have_value("")


def test_report__sent_again_after_the_answer_was_lost_shows_the_same_receipt(phone, site):
    text = "Svaret kom aldri fram til telefonen."
    fill_in(phone, site, text)
    phone.route(
        f"**{FORM}",
        lambda route: (
            (route.fetch(), route.abort())[1] if route.request.method == "POST" else route.continue_()
        ),
    )
    send(phone)
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.unroute(f"**{FORM}")
    phone.goto(f"{site.url}{FORM}")
    expect(phone.locator("#id_description")).to_have_value(text)
    send(phone)
    phone.wait_for_url("**/kvittering/")
    expect(phone.locator("main")).to_contain_text("Vi hadde alt fått denne meldingen")
    assert site.one("select count(*) from deviations_deviation where description = %s", text) == 1


def test_report__after_the_session_ended_comes_back_with_the_text(phone, site):
    text = "Økten gikk ut mens jeg skrev."
    fill_in(phone, site, text)
    phone.context.clear_cookies(name="sessionid")
    send(phone)
    expect(phone.locator("#id_login")).to_be_visible()
    log_in(phone, site)
    phone.goto(f"{site.url}{FORM}")
    expect(phone.locator("#id_description")).to_have_value(text)


def test_report__anonymously_is_never_kept_on_the_device(phone, site):
    fill_in(phone, site, "Dette skal ingen finne igjen på telefonen.")
    assert "ingen finne" in phone.evaluate("JSON.stringify(localStorage)")
    phone.locator(".fold__head", has_text="Navnet ditt").click()
    choice(phone, "anonymity", "anonymous").check()
    phone.locator("#id_description").fill("Dette skal ingen finne igjen på telefonen, sa jeg.")
    assert "ingen finne" not in phone.evaluate("JSON.stringify(localStorage)")
    send(phone)
    expect(phone.locator("#report-code")).to_be_visible()
    code = phone.locator("#report-code").inner_text()
    assert "ingen finne" not in phone.evaluate("JSON.stringify(localStorage)")
    phone.goto(f"{site.url}/avvik/kode/")
    phone.locator("#id_code").fill(code)
    phone.get_by_role("button", name="Vis saken").click()
    expect(phone.locator("main")).to_contain_text("sa jeg")
    assert wrong_with(phone) == []


def test_report__by_somebody_else_on_the_same_device_shows_nothing(phone, site):
    fill_in(phone, site, "Den forrige skrev dette.")
    phone.context.clear_cookies()
    log_in(phone, site, "enhetsleder.elvdal")
    phone.goto(f"{site.url}{FORM}")
    expect(phone.locator("#id_description")).to_have_value("")
    assert "forrige" not in phone.evaluate("JSON.stringify(localStorage)")


def test_report__keeps_the_photo_through_a_warning(phone, site):
    fill_in(phone, site, "Bruker Ola N. så at det skjedde.")
    phone.locator(".fold__head", has_text="Bilde").click()
    phone.locator("#id_camera").set_input_files([photo()])
    send(phone)
    expect(phone.locator("#guard-title")).to_be_visible()
    expect(phone.locator("mark").first).to_have_text("Bruker Ola N.")
    phone.get_by_role("button", name="Send likevel").click()
    phone.wait_for_url("**/kvittering/")
    expect(phone.locator("main")).to_contain_text("IMG_0001.jpg")


def test_report__without_javascript_asks_about_duties_in_a_second_step(browser, site):
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    log_in(page, site)
    fill_in(page, site, "Uten JavaScript går det også.")
    choice(page, "danger", "injured").check()
    send(page)
    expect(page.locator("main")).to_contain_text("Noen spørsmål til")
    expect(page.locator("#id_description")).to_have_value("Uten JavaScript går det også.")
    page.locator("[name=q_violence][value=yes]").check()
    send(page)
    page.wait_for_url("**/kvittering/")
    expect(page.locator(".call")).to_contain_text("73 19 97 00")
    context.close()


def wrong_with(page: Page) -> list[str]:
    """Return what axe finds on the page as it stands, and what is too wide at 320 px."""
    found = violations(page)
    page.set_viewport_size({"width": 320, "height": 740})
    over = overflow(page)
    page.set_viewport_size(PHONE["viewport"])
    return found + ([f"{over} px"] if over > 0 else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_look_at_report__in_every_state_finds_nothing_wrong(phone, site, scheme):
    phone.emulate_media(color_scheme=scheme)
    phone.goto(f"{site.url}{FORM}")
    send(phone)
    expect(phone.locator("ds-error-summary")).to_be_visible()
    wrong = wrong_with(phone)
    fill_in(phone, site, "Pasient Kari Nordmann falt 010190 10046.")
    choice(phone, "danger", "injured").check()
    expect(phone.locator("#questions-title")).to_be_visible()
    expect(phone.locator(".chip").first).to_be_visible()
    for head in phone.locator(".fold__head").all():
        head.click()
    wrong += wrong_with(phone)
    send(phone)
    expect(phone.locator("#guard-title")).to_be_visible()
    wrong += wrong_with(phone)
    phone.locator("#id_confirmed_identity").check()
    phone.locator("[name=q_violence][value=yes]").check()
    phone.get_by_role("button", name="Send likevel").click()
    phone.wait_for_url("**/kvittering/")
    wrong += wrong_with(phone)
    assert wrong == []
