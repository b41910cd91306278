"""Nothing of a shielded case reaches who may not read it: no page, file, PDF, search, feed, notice or e-mail."""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from benefits.models import Benefit
from core.attachments import attach
from core.mail import bundle_all
from core.models import Mail, Notice
from core.pdf import rendering
from governance import council
from governance.cycle import subscribing
from governance.hearings import operations as hearings
from governance.models import PaperSection
from governance.workflow import initiative_workflow, meeting_workflow
from organization.roles import Role
from tests import stories
from tests.routes import ROUTES

if TYPE_CHECKING:
    from governance.models import Initiative

OPEN_TITLE = "Sak unntatt offentlighet"
FIELDS = (
    "title", "summary", "need", "target_group", "statutory_basis", "cost_note", "personal_data_note", "security_note",
    "accessibility_note", "integration_note", "archive_note", "affects_staff_note", "dependency_note", "regional_note",
    "reuse_note", "null_alternative",
)  # fmt: skip
# Each text has a word of its own, so that a leak says where it comes from.
WORDS = {name: f"kvarsitt{name.replace('_', '')}" for name in FIELDS}
LATER = {
    name: f"kvarsitt{name}"
    for name in (
        "benefit", "filename", "filetext", "remark", "hearing", "recommendation", "papersummary", "background", "assessment",
        "alternatives", "late", "decision", "discussion", "impartiality",
    )
}  # fmt: skip
ALL = {**WORDS, **LATER}
# Who reads what is shielded (domain/visibility), and the archivist, who sees the messages to the archive.
READERS = {
    Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER,
    Role.COUNCIL_SUBSTITUTE, Role.KOMMUNEDIREKTOR, Role.EMPLOYEE, Role.HR, Role.ARCHIVIST,
}  # fmt: skip
# Who differs most among those who may not; the others walk in the long run.
FIRST = {Role.ELECTED_REPRESENTATIVE, Role.PORTFOLIO_MANAGER, Role.SECTOR_LEADER, Role.SERVICE_OWNER}


@pytest.fixture(autouse=True)
def _papers_as_text(monkeypatch):
    """Let a PDF be what it is made from: its text and its metadata, which in the file itself are packed."""

    def told(_template, **options):
        return repr(options).encode()

    monkeypatch.setattr(rendering.typst, "compile", told)


def test_spy__sees_what_a_pdf_is_made_from(world, client):
    case = through_the_council(world.home)
    client.force_login(world.home.person(Role.SECRETARIAT))
    text = text_of(client.get(reverse("governance:initiative_case_paper_pdf", args=[case.pk])))
    assert {WORDS["title"], LATER["recommendation"], LATER["hearing"]} <= found_in(text)


def through_the_council(place) -> Initiative:
    """Take a shielded case with a word of its own in every text all the way to approved minutes."""
    late, now = stories.period(place, submission=-3), timezone.now()
    texts = {name: f"Om {word} her." for name, word in WORDS.items()}
    draft = stories.draft(place, **texts, shield_basis="offl_13", public_title=OPEN_TITLE, is_statutory=True)
    Benefit.objects.filter(initiative=draft).update(title=LATER["benefit"])
    upload = SimpleUploadedFile(f"{LATER['filename']}.txt", LATER["filetext"].encode(), "text/plain")
    attach(draft, upload, by=place.actor(Role.EMPLOYEE), now=now)
    step = initiative_workflow.perform
    why = {"period": late, "late_category": "statutory", "late_reason": f"Fordi {LATER['late']}."}
    case = step("submit", draft, by=place.actor(Role.EMPLOYEE), now=now, data=why)
    step("endorse", case, by=place.actor(Role.SECTOR_LEADER), now=now, data={"remark": LATER["remark"]})
    prepared = {"case_handler": place.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    case = step("start_preparation", case, by=place.actor(Role.SECRETARIAT), now=now, data=prepared)
    (asked,) = hearings.ask_hearings(
        case, roles=[Role.HR], due_on=None, by=place.actor(Role.COORDINATOR), now=now
    )
    asked.position, asked.answer = "remarks", LATER["hearing"]
    asked.answered_at, asked.answered_by = now, asked.person
    asked.save()
    stories.write_paper(case, place)
    words = {**LATER, "summary": LATER["papersummary"]}
    for section in PaperSection.objects.filter(paper__initiative=case):
        section.text = words[section.key]
        section.save()
    case = step("mark_ready", case, by=place.actor(Role.COORDINATOR), now=now)
    return decided(place, case)


def decided(place, case) -> Initiative:
    at, by = stories.meeting(place), place.actor(Role.SECRETARIAT)
    initiative_workflow.perform("put_on_agenda", case, by=by, now=timezone.now(), data={"meeting": at})
    at = stories.in_session(at, place)
    council.decide(
        at.items.get(), outcome="prioritize", text=LATER["decision"], by=by, now=timezone.now(),
        discussion=LATER["discussion"], impartiality=LATER["impartiality"],
    )  # fmt: skip
    at = meeting_workflow.perform("conclude", at, by=by, now=timezone.now())
    meeting_workflow.perform("approve_minutes", at, by=place.actor(Role.COUNCIL_LEADER), now=timezone.now())
    case.refresh_from_db()
    return case


def text_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    told = " ".join(f"{name}: {value}" for name, value in answer.items())
    return f"{told} {body.decode(errors='replace')}".casefold()


def found_in(text: str) -> set[str]:
    return {word for word in ALL.values() if word in text}


def addresses_of(case) -> list[str]:
    """Return every address of the case, of the meeting that took it, of its decision and its file."""
    at = case.agenda_items.get().meeting
    arguments = {
        "initiative": {"pk": case.pk}, "meeting": {"pk": at.pk}, "item": {"pk": at.pk, "item": at.items.get().pk},
        "draft": {"pk": case.pk}, "benefit": {"pk": case.benefits.get().pk}, "preparing": {"pk": case.pk},
        "received": {"pk": case.pk}, "hearable": {"pk": case.pk}, "adopted": {"pk": case.pk}, "scored": {"pk": case.pk},
        "plan": {"pk": case.pk}, "own_benefit": {"pk": case.benefits.get().pk}, "hearing": {"pk": case.hearings.get().pk},
        "cycle_period": {"pk": case.cycle_period_id}, "attachment": {"key": case.attachments_of.key},
        "own_initiative": {"pk": case.pk},
    }  # fmt: skip
    found = []
    for name, route in ROUTES.items():
        if route.needs in arguments:
            found.append(reverse(name, kwargs=arguments[route.needs]))
    decision = at.items.get().decision
    api = "/api/v1"
    return [
        *found, f"{api}/initiatives/{case.pk}/", f"{api}/initiatives/{case.pk}/timeline/", f"{api}/decisions/{decision.pk}/",
        f"{api}/council-meetings/{at.pk}/", f"{api}/benefits/{case.benefits.get().pk}/", f"{api}/attachments/{case.attachments_of.key}/",
    ]  # fmt: skip


LISTS = (
    "/", "/oppgaver/", "/tiltak/", "/tiltak/?fil=csv", "/tiltak/?fil=xlsx", "/raadet/", "/raadet/vedtak/", "/raadet/vedtak/?fil=csv",
    "/raadet/arshjul/", "/portefolje/", "/gevinster/", "/api/v1/initiatives/", "/api/v1/decisions/", "/api/v1/events/",
    "/api/v1/council-meetings/", "/api/v1/benefits/", "/api/v1/attachments/", "/api/v1/projects/",
)  # fmt: skip
SEARCHES = (
    "/tiltak/?q={}",
    "/portefolje/?q={}",
    "/raadet/vedtak/?q={}",
    "/api/v1/initiatives/?q={}",
    "/tiltak/ligner/?title={}",
)


def plain_pages() -> list[str]:
    found = []
    for name, route in ROUTES.items():
        if route.needs == "":
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return found


def leaks_to(person, addresses) -> list[str]:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    found = {address: found_in(text_of(client.get(address))) for address in addresses}
    # Who is to take a benefit on sees what it is as soon as the case is sent in (benefits.queries).
    own = {LATER["benefit"]} if Benefit.objects.filter(service_owner=person).exists() else set()
    return [
        f"{person.username} {address}: {sorted(words - own)}"
        for address, words in found.items()
        if words - own
    ]


def searches_of(person, case) -> list[str]:
    """Return the searches for a word of the case that find it."""
    client = Client()
    client.force_login(person)
    return [
        f"{person.username} {address}"
        for word in (WORDS["title"], WORDS["need"], LATER["decision"], LATER["recommendation"])
        for address in (pattern.format(word) for pattern in SEARCHES)
        if OPEN_TITLE.casefold() in text_of(client.get(address))
    ]


@pytest.fixture
def case(world):
    from core.models import Attachment

    made = through_the_council(world.home)
    made.attachments_of = Attachment.objects.get(name__contains=LATER["filename"])
    return made


def others(world):
    """Yield everybody who may not read the case, the four that differ most first."""
    roles = sorted((role for role in Role if role not in READERS), key=lambda role: role not in FIRST)
    yield from (world.home.person(role) for role in roles)
    yield from (
        world.neighbor.person(role) for role in (Role.SECRETARIAT, Role.COUNCIL_LEADER, Role.ARCHIVIST)
    )
    yield world.stranger.person(Role.SECRETARIAT)


def test_readers__find_the_words(world, case):
    """Else the test below could not fail."""
    found = set()
    client = Client()
    client.force_login(world.home.person(Role.SECRETARIAT))
    for address in addresses_of(case):
        found |= found_in(text_of(client.get(address)))
    assert set(ALL.values()) - found == set()
    assert searches_of(world.home.person(Role.SECRETARIAT), case)


def walk(case, people, more=()) -> list[str]:
    leaks = []
    for person in people:
        leaks += leaks_to(person, [*addresses_of(case), *LISTS, *more]) + searches_of(person, case)
    return leaks


def test_others__meet_none_of_the_words(world, case):
    leaks = walk(case, islice(others(world), len(FIRST)))
    assert not leaks, "\n".join(leaks)


@pytest.mark.long
def test_everybody_else__meets_none_of_the_words_on_any_page(world, case):
    leaks = walk(case, others(world), plain_pages())
    assert not leaks, "\n".join(leaks)


def test_notices_mail_and_feeds__hold_none_of_the_words(world, case):
    bundle_all(day=timezone.localdate(), now=timezone.now())
    owners = {
        world.home.person(Role.SERVICE_OWNER).pk
    }  # who is asked to take the benefit on is told what it is
    people = {person.pk for person in others(world)} - owners
    told = [
        *Notice.objects.filter(recipient__in=people).values_list("title", "body", "url"),
        *Mail.objects.filter(recipient__in=people).values_list("subject", "body"),
    ]
    assert told
    assert found_in(" ".join(map(str, told)).casefold()) == set()
    subjects = " ".join(Mail.objects.values_list("subject", flat=True)).casefold()
    assert found_in(subjects) == set()  # a subject is read on a locked screen
    for role in (Role.COUNCIL_LEADER, Role.PORTFOLIO_MANAGER):
        secret = subscribing.issue(by=world.home.actor(role), now=timezone.now())
        feed = Client().get(reverse("governance:calendar_feed", args=[secret])).content.decode()
        assert found_in(feed.replace("\r\n ", "").casefold()) == set()
