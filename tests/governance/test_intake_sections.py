"""The sections of the form: saved field by field, by several people, and never lost."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.history import timeline
from governance import operations
from governance.intake import all_sections
from governance.models import Initiative
from governance.workflow import initiative_workflow
from organization.models import Goal
from organization.roles import Role
from tests import stories
from tests.world import PASSWORD, end_roles_of

AUTOSAVE = {"HX-Request": "true"}
FORMS = [section.key for section in all_sections() if section.form]


def url(initiative, key="about"):
    return reverse("governance:intake_section", args=[initiative.pk, key])


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden input of the page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def opened(client, initiative, key="about") -> dict[str, str]:
    """Return what a browser would send back from the section as it stands."""
    answer = client.get(url(initiative, key))
    assert answer.status_code == 200
    form = answer.context["form"]
    sent = {
        "base": hidden(answer.content.decode(), "base"),
        "writer": hidden(answer.content.decode(), "writer"),
    }
    for field in form:
        value = field.value()
        if value not in (None, False, "", []):
            sent[field.html_name] = value
    return sent


@pytest.fixture
def draft(world):
    return stories.draft(world.home)


@pytest.fixture
def author(as_role):
    return as_role(Role.EMPLOYEE)


@pytest.fixture
def colleague(world, draft):
    """A co-editor of the draft, in a browser of their own."""
    person = world.home.person(Role.LEADER)
    operations.add_co_editor(draft, person=person, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    client = Client()
    client.force_login(person)
    return client


# --- Saving ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", FORMS)
def test_save_section__unchanged_changes_nothing(author, draft, key):
    before = Initiative.objects.values().get(pk=draft.pk)
    answer = author.post(url(draft, key), opened(author, draft, key))
    assert answer.status_code == 302
    assert Initiative.objects.values().get(pk=draft.pk) == before
    assert [goal.code for goal in draft.goals.all()] == ["1"]


def test_save_section__goes_on_to_next_or_back_or_to_hub(author, draft):
    sent = opened(author, draft, "costs")
    for to, expected in (
        ("", url(draft, "responsibility")),
        ("previous", reverse("benefits:overview_edit", args=[draft.pk])),
        ("hub", reverse("governance:intake_hub", args=[draft.pk])),
        ("https://example.org", url(draft, "responsibility")),
    ):
        assert author.post(url(draft, "costs"), {**sent, "to": to}).headers["Location"] == expected


def test_autosave__saves_what_changed_and_answers_with_marks(author, draft):
    sent = opened(author, draft)
    answer = author.post(url(draft), {**sent, "need": "Et nytt behov"}, headers=AUTOSAVE)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert Initiative.objects.get(pk=draft.pk).need == "Et nytt behov"
    again = {**sent, "base": hidden(answer.content.decode(), "base"), "need": "Enda et behov"}
    assert author.post(url(draft), again, headers=AUTOSAVE).status_code == 200
    assert Initiative.objects.get(pk=draft.pk).need == "Enda et behov"


def test_autosave__of_one_day_is_one_line_of_history(author, draft):
    sent = opened(author, draft)
    for text in ("En", "En to", "En to tre"):
        answer = author.post(url(draft), {**sent, "need": text}, headers=AUTOSAVE)
        sent["base"] = hidden(answer.content.decode(), "base")
    assert [entry.action for entry in timeline(draft)][:2] == ["edit", "create"]


def test_autosave__what_is_wrong_waits_and_the_rest_is_saved(author, draft):
    sent = opened(author, draft, "costs")
    wrong = {**sent, "operation_per_year": "-5", "cost_note": "Usikkert"}
    answer = author.post(url(draft, "costs"), wrong, headers=AUTOSAVE)
    assert answer.status_code == 422
    assert "Beløpet kan ikke være negativt" in answer.content.decode()
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.cost_note, saved.operation_per_year) == ("Usikkert", 10_000)


def test_save_section__with_error_keeps_what_was_typed(author, draft):
    sent = opened(author, draft)
    answer = author.post(url(draft), {**sent, "title": "", "need": "Nytt <script>alert(1)</script>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ds-error-summary" in page
    assert "Nytt &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.title, saved.need) == ("Digital vaktplan", "Nytt <script>alert(1)</script>")


def test_save_section__letters_and_line_breaks_survive(author, draft):
    text = "Linje én\r\nČáhput ŋ đ ŧ ž 🩺\r\nLinje tre"
    author.post(url(draft), {**opened(author, draft), "need": text})
    assert Initiative.objects.get(pk=draft.pk).need == "Linje én\nČáhput ŋ đ ŧ ž 🩺\nLinje tre"


def test_save_section__line_breaks_count_as_one_character(author, draft):
    text = "a\r\n" * 299 + "bcd"  # 601 characters with \n
    assert author.post(url(draft), {**opened(author, draft), "summary": text}).status_code == 422
    assert author.post(url(draft), {**opened(author, draft), "summary": text[:-1]}).status_code == 302


# --- Bad input -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("about", "need", "x" * 1_000_000),
        ("about", "need", "a\0b"),
        ("about", "title", ""),
        ("about", "title", "\0"),
        ("about", "category", "nonsense"),
        ("about", "unit", "0"),
        ("about", "unit", "99999999999999999999"),
        ("about", "unit", "x\0"),
        ("about", "goals", "99999999999999999999"),
        ("about", "goals", "x\0"),
        ("about", "desired_start", "2020-01-01"),
        ("about", "desired_start", "31.2.2030"),
        ("about", "desired_start", "9999-12-31"),
        ("about", "statutory_deadline", "0001-01-01"),
        ("costs", "operation_per_year", "-1"),
        ("costs", "operation_per_year", "10 000 000 001"),
        ("costs", "operation_per_year", "9" * 5000),
        ("costs", "operation_per_year", "1e400"),
        ("costs", "operation_per_year", "NaN"),
        ("costs", "operation_per_year", "12,345"),
        ("costs", "operation_per_year", "1\0"),
        ("costs", f"investment_{timezone.localdate().year}", "-1"),
        ("costs", "internal_hours", "-1"),
        ("costs", "internal_hours", "1,5"),
        ("costs", "internal_hours", "9" * 5000),
        ("costs", "financing", "bank"),
        ("responsibility", "service_owner", "Ingen Slik Person"),
        ("responsibility", "service_owner", "a\0b"),
        ("responsibility", "service_owner", "x" * 100_000),
        ("assessments", "personal_data", "kanskje"),
        ("assessments", "archive_note", "x" * 2001),
        ("null_alternative", "null_alternative", "x" * 5001),
    ],
)  # fmt: skip
def test_save_section__bad_value_is_explained_and_not_saved(author, draft, key, field, value):
    before = Initiative.objects.values().get(pk=draft.pk)
    sent = {**opened(author, draft, key), field: value}
    for headers in ({}, AUTOSAVE):
        answer = author.post(url(draft, key), sent, headers=headers)
        assert answer.status_code == 422
        assert f"#id_{field}" in answer.content.decode()
    assert Initiative.objects.values().get(pk=draft.pk) == before


def test_save_section__rows_of_another_municipality_are_refused(author, draft, world):
    foreign_unit, foreign_goal = world.neighbor.unit, world.neighbor.goal
    about = opened(author, draft)
    for field, value in (("unit", foreign_unit.pk), ("goals", foreign_goal.pk), ("professional_group", 1)):
        author.post(url(draft), {**about, field: value}, headers=AUTOSAVE)
    owner = opened(author, draft, "responsibility")
    foreign = world.neighbor.person(Role.SERVICE_OWNER)
    answer = author.post(url(draft, "responsibility"), {**owner, "service_owner": foreign.name})
    assert answer.status_code == 422
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.unit, list(saved.goals.all())) == (world.home.unit, [world.home.goal])
    assert saved.service_owner == world.home.person(Role.SERVICE_OWNER)
    assert saved.professional_group is None


def test_save_about__dates_in_wrong_order_are_refused(author, draft):
    sent = {
        **opened(author, draft), "is_statutory": "on", "statutory_basis": "Lov § 1",
        "statutory_deadline": f"{timezone.localdate().year + 1}-01-01", "desired_start": f"{timezone.localdate().year + 2}-01-01",
    }  # fmt: skip
    answer = author.post(url(draft), sent)
    assert answer.status_code == 422
    assert "etter den lovpålagte fristen" in answer.content.decode()


def test_save_about__date_that_has_passed_meanwhile_does_not_stop_the_rest(author, draft):
    Initiative.objects.filter(pk=draft.pk).update(desired_start=timezone.localdate() - timedelta(days=3))
    assert author.post(url(draft), {**opened(author, draft), "need": "Nytt"}).status_code == 302
    assert Initiative.objects.get(pk=draft.pk).need == "Nytt"


def test_save_about__statutory_asks_for_the_law(author, draft):
    answer = author.post(url(draft), {**opened(author, draft), "is_statutory": "on"})
    assert answer.status_code == 422
    assert "Skriv hvilken lov eller forskrift" in answer.content.decode()


def test_save_responsibility__person_who_has_left_stays_until_another_is_chosen(author, draft, world):
    end_roles_of(world.home.person(Role.SERVICE_OWNER), timezone.localdate())
    owner = world.home.person(Role.PROJECT_OWNER)
    sent = opened(author, draft, "responsibility")
    assert author.post(url(draft, "responsibility"), {**sent, "project_owner": owner.name}).status_code == 302
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.service_owner, saved.project_owner) == (world.home.person(Role.SERVICE_OWNER), owner)


def test_save_about__goal_of_old_strategy_stays(author, draft, world):
    strategy = world.home.goal.strategy
    strategy.valid_to = timezone.localdate()
    strategy.save()
    page = author.get(url(draft)).content.decode()
    assert "Mer tid til brukerne" in page
    author.post(url(draft), {**opened(author, draft), "need": "Nytt"})
    assert list(draft.goals.all()) == [world.home.goal]


def test_open_about__own_goals_first_and_parts_by_their_unit(author, draft, world):
    own = world.home.goal
    facts = {"title": own.title, "changed_at": timezone.now()}
    Goal.objects.create(strategy=own.strategy, unit=world.home.unit, parent=own, code="1.1", **facts)
    page = author.get(url(draft)).content.decode()
    whole = page.index(f"1 {own.title}</label>")
    part = page.index(f"1.1 {own.title} ({world.home.unit})</label>")
    assert whole < part


def test_save_costs__amounts_as_people_write_them(author, draft):
    year = timezone.localdate().year
    sent = {
        **opened(author, draft, "costs"),
        f"investment_{year}": "",
        f"investment_{year + 1}": "1,2 mill.",
        "operation_per_year": "250 000 kr",
    }
    assert author.post(url(draft, "costs"), sent).status_code == 302
    draft.refresh_from_db()
    assert [(line.year, line.amount) for line in draft.cost_lines.all()] == [(year + 1, Decimal(1_200_000))]
    assert draft.operation_per_year == 250_000
    assert "1\u00a0200\u00a0000\u00a0kr" in author.get(url(draft, "costs")).content.decode()


def test_autosave_costs__answers_with_the_new_sum(author, draft):
    year = timezone.localdate().year
    sent = {**opened(author, draft, "costs"), f"investment_{year + 1}": "25000"}
    answer = author.post(url(draft, "costs"), sent, headers=AUTOSAVE)
    assert "75\u00a0000\u00a0kr" in answer.content.decode()


def test_save_about__participants_of_region(client, world):
    draft = stories.draft(world.region)
    client.force_login(world.region.person(Role.EMPLOYEE))
    members = [world.home.municipality.pk, world.neighbor.municipality.pk]
    client.post(url(draft), {**opened(client, draft), "participants": members})
    assert draft.participations.filter(left_at=None).count() == 2
    client.post(url(draft), {**opened(client, draft), "participants": members[:1]})
    assert [row.municipality for row in draft.participations.filter(left_at=None)] == [
        world.home.municipality
    ]
    client.post(url(draft), {**opened(client, draft), "participants": members})
    assert draft.participations.filter(left_at=None).count() == 2
    answer = client.post(
        url(draft), {**opened(client, draft), "participants": [world.stranger.municipality.pk]}
    )
    assert answer.status_code == 422


# --- Two editors -------------------------------------------------------------------------------------
def test_save_section__two_people_in_different_fields_both_win(author, colleague, draft):
    mine, theirs = opened(author, draft), opened(colleague, draft)
    assert (
        colleague.post(url(draft), {**theirs, "need": "Kollegaens behov"}, headers=AUTOSAVE).status_code
        == 200
    )
    assert author.post(url(draft), {**mine, "target_group": "Min målgruppe"}).status_code == 302
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.need, saved.target_group) == ("Kollegaens behov", "Min målgruppe")


def test_save_section__same_field_shows_both_texts_and_loses_none(author, colleague, draft, world):
    mine, theirs = opened(author, draft), opened(colleague, draft)
    colleague.post(url(draft), {**theirs, "need": "Kollegaens behov"})
    answer = author.post(url(draft), {**mine, "need": "Mitt behov", "target_group": "Min målgruppe"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Kollegaens behov" in page
    assert page.count("Mitt behov") == 2
    assert world.home.person(Role.LEADER).name in page
    saved = Initiative.objects.get(pk=draft.pk)
    assert (saved.need, saved.target_group) == ("Kollegaens behov", "Min målgruppe")


@pytest.mark.parametrize(("whose", "left"), [("mine", "Mitt behov"), ("theirs", "Kollegaens behov")])
def test_choose_after_clash__keeps_the_chosen_text(author, colleague, draft, whose, left):
    mine, theirs = opened(author, draft), opened(colleague, draft)
    colleague.post(url(draft), {**theirs, "need": "Kollegaens behov"})
    sent = {**mine, "need": "Mitt behov"}
    page = author.post(url(draft), sent).content.decode()
    sent["base"] = hidden(page, "base")
    assert author.post(url(draft), sent).status_code == 409  # until chosen
    choice = re.search(rf'value="({whose}:need:[0-9a-f]+)"', page)[1]
    assert author.post(url(draft), {**sent, "choose": choice}).headers["Location"] == url(draft)
    assert Initiative.objects.get(pk=draft.pk).need == left


def test_choose_after_clash__third_text_clashes_again(author, colleague, draft):
    mine = opened(author, draft)
    colleague.post(url(draft), {**opened(colleague, draft), "need": "Kollegaens behov"})
    sent = {**mine, "need": "Mitt behov"}
    page = author.post(url(draft), sent).content.decode()
    choice = re.search(r'value="(mine:need:[0-9a-f]+)"', page)[1]
    colleague.post(url(draft), {**opened(colleague, draft), "need": "Kollegaens andre behov"})
    assert author.post(url(draft), {**sent, "choose": choice}).status_code == 409
    assert Initiative.objects.get(pk=draft.pk).need == "Kollegaens andre behov"


def test_autosave__clash_is_told_and_nothing_is_overwritten(author, colleague, draft):
    mine = opened(author, draft)
    colleague.post(url(draft), {**opened(colleague, draft), "need": "Kollegaens behov"})
    answer = author.post(url(draft), {**mine, "need": "Mitt behov"}, headers=AUTOSAVE)
    assert answer.status_code == 422
    assert "Kollegaens behov" in answer.content.decode()
    assert Initiative.objects.get(pk=draft.pk).need == "Kollegaens behov"


def test_save_section__same_text_twice_is_no_clash(author, draft):
    sent = {**opened(author, draft), "need": "Nytt behov"}
    assert author.post(url(draft), sent, headers=AUTOSAVE).status_code == 200
    assert author.post(url(draft), sent).status_code == 302


def test_save_section__goals_and_amounts_clash_too(author, colleague, draft, world):
    year = timezone.localdate().year
    other = Goal.objects.create(
        strategy=world.home.goal.strategy,
        unit=world.home.municipality,
        code="2",
        title="Et mål til",
        changed_at=timezone.now(),
    )
    mine, my_costs = opened(author, draft), opened(author, draft, "costs")
    colleague.post(url(draft), {**opened(colleague, draft), "goals": [other.pk]})
    colleague.post(url(draft, "costs"), {**opened(colleague, draft, "costs"), f"investment_{year}": "1"})
    answer = author.post(url(draft), {k: v for k, v in mine.items() if k != "goals"})
    assert answer.status_code == 409
    assert "2 Et mål til" in answer.content.decode()
    assert author.post(url(draft, "costs"), {**my_costs, f"investment_{year}": "2"}).status_code == 409
    assert draft.cost_lines.get().amount == 1


@pytest.mark.parametrize(
    "base", ["", "need", "need:", "::::", "need:zzz", "\0", "x" * 50_000, "need:" + "0" * 12]
)
def test_save_section__odd_base_is_harmless(author, draft, base):
    sent = {**opened(author, draft), "base": base, "target_group": "Ny målgruppe"}
    assert author.post(url(draft), sent).status_code in {302, 409}


# --- Who and when --------------------------------------------------------------------------------------
def test_open_section__who_may(as_role, world, draft):
    expected = {Role.EMPLOYEE: 200, Role.LEADER: 404, Role.SECRETARIAT: 404, Role.ADMINISTRATOR: 404}
    for role, code in expected.items():
        assert as_role(role).get(url(draft)).status_code == code
        assert as_role(role).post(url(draft), {}, headers=AUTOSAVE).status_code == (
            422 if code == 200 else code
        )
    assert as_role(Role.EMPLOYEE, world.neighbor).get(url(draft)).status_code == 404


def test_open_section__reader_of_the_case_does_not_write(as_role, world):
    sent_in = stories.awaiting_endorsement(world.home)
    assert as_role(Role.SECTOR_LEADER).get(url(sent_in)).status_code == 403
    assert as_role(Role.SECTOR_LEADER).post(url(sent_in), {}).status_code == 403


@pytest.mark.parametrize("key", ["finnes-ikke", "benefits", "attachments"])
def test_open_section__that_has_no_such_page(author, draft, key):
    assert author.get(url(draft, key)).status_code == 404


def test_save_section__after_submission_keeps_the_text_on_the_page(author, draft, world):
    sent = {**opened(author, draft), "need": "Skrevet i det andre vinduet"}
    initiative_workflow.perform("submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    answer = author.post(url(draft), sent)
    assert answer.status_code == 409
    assert "Skrevet i det andre vinduet" in answer.content.decode()
    assert "er ikke lagret" in answer.content.decode()
    assert author.post(url(draft), sent, headers=AUTOSAVE).status_code == 409
    assert Initiative.objects.get(pk=draft.pk).need == "I dag skrives alt to ganger."
    assert author.get(url(draft)).headers["Location"] == reverse("governance:intake_receipt", args=[draft.pk])


def test_open_section__is_never_kept_by_the_browser(author, draft):
    assert "no-store" in author.get(url(draft)).headers["Cache-Control"]


# --- The session ends in the middle -----------------------------------------------------------------------
def log_in_again(client, person, answer):
    assert answer.headers["Location"].startswith("/konto/login/?next=")
    address = answer.headers["Location"]
    return client.post(address, {"login": person.username, "password": PASSWORD}, follow=True)


def test_save_section__after_session_ended_the_text_comes_back(author, draft, world):
    sent = {**opened(author, draft), "need": "Skrevet etter at økten gikk ut", "target_group": "Alle"}
    author.session.flush()
    author.cookies.pop("sessionid")
    answer = author.post(url(draft), sent)
    page = log_in_again(author, world.home.person(Role.EMPLOYEE), answer)
    assert page.request["PATH_INFO"] == url(draft)
    assert "Skrevet etter at økten gikk ut" in page.content.decode()
    assert "Her er det du skrev" in page.content.decode()
    assert Initiative.objects.get(pk=draft.pk).need == "I dag skrives alt to ganger."
    assert author.post(url(draft), {**sent, "base": hidden(page.content.decode(), "base")}).status_code == 302
    assert Initiative.objects.get(pk=draft.pk).need == "Skrevet etter at økten gikk ut"
    assert "Her er det du skrev" not in author.get(url(draft)).content.decode()


def test_autosave__after_session_ended_leads_to_login(author, draft):
    sent = {**opened(author, draft), "need": "Skrevet etterpå"}
    author.cookies.pop("sessionid")
    answer = author.post(url(draft), sent, headers=AUTOSAVE)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/konto/login/?next=")


def test_save_section__somebody_else_who_logs_in_does_not_get_the_text(author, draft, world, colleague):
    sent = {**opened(author, draft), "need": "Bare mitt"}
    author.cookies.pop("sessionid")
    answer = author.post(url(draft), sent)
    page = log_in_again(author, world.home.person(Role.LEADER), answer)
    assert page.status_code == 200
    assert "Bare mitt" not in page.content.decode()


@pytest.mark.parametrize("note", ["", "x", "a:b:c", "\0"])
def test_save_section__without_session_and_note_keeps_nothing(client, draft, note):
    answer = client.post(url(draft), {"need": "Fra hvem som helst", "writer": note})
    assert answer.status_code == 302
    assert "typed_text" not in client.session


def test_save_section__without_session_and_endless_text_keeps_nothing(author, draft):
    sent = {**opened(author, draft), "need": "x" * 300_000}
    author.cookies.pop("sessionid")
    assert author.post(url(draft), sent).status_code == 302
    assert "typed_text" not in author.session


def test_save_section__tells_the_browser_what_is_saved(author, draft, world):
    sent = opened(author, draft)
    person = world.home.person(Role.EMPLOYEE)
    assert author.post(url(draft), sent).cookies["saved_text"].value == f"{url(draft)}:{person.pk}"
    assert "saved_text" not in author.post(url(draft), {**sent, "title": ""}).cookies


# --- Queries -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", FORMS)
def test_open_section__needs_few_queries(author, draft, key, django_assert_max_num_queries):
    author.get(url(draft, key))
    with django_assert_max_num_queries(12):
        author.get(url(draft, key))


def test_autosave__other_field_that_lacks_something_is_no_refusal(author, draft):
    answer = author.post(url(draft), {**opened(author, draft), "is_statutory": "on"}, headers=AUTOSAVE)
    assert answer.status_code == 200
    assert Initiative.objects.get(pk=draft.pk).is_statutory
