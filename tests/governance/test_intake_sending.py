"""Looking over, sending in, and the receipt."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits.models import YearEstimate
from core.formats import long_date
from governance.models import Initiative, Status
from governance.workflow import initiative_workflow
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories
from tests.benefits import pilots
from tests.world import end_roles_of


def review(initiative):
    return reverse("governance:intake_review", args=[initiative.pk])


def receipt(initiative):
    return reverse("governance:intake_receipt", args=[initiative.pk])


def sent(initiative, **fields):
    return {"version": Initiative.objects.get(pk=initiative.pk).version, **fields}


@pytest.fixture
def draft(world):
    return stories.draft(world.home)


@pytest.fixture
def author(as_role):
    return as_role(Role.EMPLOYEE)


@pytest.fixture
def returned(world):
    arrived = stories.received(world.home)
    return initiative_workflow.perform(
        "return_for_completion", arrived, by=world.home.actor(Role.SECRETARIAT), now=timezone.now(),
        data={"missing": ["Beregn kostnaden"], "deadline": timezone.localdate()},
    )  # fmt: skip


# --- Looking over ----------------------------------------------------------------------------------------
def test_look_over__shows_everything_with_a_way_to_change_it(author, draft, world):
    page = author.get(review(draft)).content.decode()
    for text in (
        "Vi vil bruke mindre tid på skjema.", "Mindre dobbeltarbeid", "Spart tid · 400 timer", "10\u00a0000 kr",
        "Innenfor egen ramme", world.home.person(Role.SERVICE_OWNER).name, "Vi fortsetter å skrive alt to ganger.",
        "1 Mer tid til brukerne", "Ikke skjermet", world.home.person(Role.SECTOR_LEADER).name,
    ):  # fmt: skip
        assert text in page, text
    assert reverse("governance:intake_section", args=[draft.pk, "about"]) + "#id_need" in page


def test_look_over__escapes_what_people_wrote(author, world):
    draft = stories.draft(world.home, need="<script>alert(1)</script>")
    page = author.get(review(draft)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_look_over__unmet_demands_stand_on_top_with_links(author, world):
    draft = stories.draft(world.home, null_alternative="", need="")
    page = author.get(review(draft)).content.decode()
    assert page.index("Dette må på plass før saken kan sendes inn") < page.index("Om tiltaket")
    assert "Beskriv hva som skjer om dere ikke gjør noe." in page
    assert "Fyll ut: behov." in page


# --- Sending in --------------------------------------------------------------------------------------------
def test_send_in__gives_a_receipt(author, draft):
    answer = author.post(review(draft), sent(draft))
    assert answer.headers["Location"] == receipt(draft)
    assert Initiative.objects.get(pk=draft.pk).status == Status.AWAITING_ENDORSEMENT


def test_send_in__twice_gives_the_same_receipt(author, draft):
    first = sent(draft)
    assert author.post(review(draft), first).headers["Location"] == receipt(draft)
    assert author.post(review(draft), first).headers["Location"] == receipt(draft)
    assert author.get(review(draft)).headers["Location"] == receipt(draft)
    assert Initiative.objects.get(pk=draft.pk).number.endswith("-001")


def test_send_in__with_something_missing_says_what(author, world):
    draft = stories.draft(world.home, null_alternative="")
    answer = author.post(review(draft), sent(draft))
    assert answer.status_code == 409
    assert "Saken kunne ikke sendes inn ennå" in answer.content.decode()
    assert "Beskriv hva som skjer om dere ikke gjør noe." in answer.content.decode()
    assert Initiative.objects.get(pk=draft.pk).status == Status.DRAFT


def test_send_in__what_was_changed_while_looking_over_is_shown_first(author, draft, world):
    seen = sent(draft)
    Initiative.objects.filter(pk=draft.pk).update(version=draft.version + 1, need="Endret av en annen")
    answer = author.post(review(draft), seen)
    assert answer.status_code == 409
    assert "Saken ble endret mens du så over" in answer.content.decode()
    assert "Endret av en annen" in answer.content.decode()
    assert author.post(review(draft), {"version": "x\0"}).status_code == 409
    assert Initiative.objects.get(pk=draft.pk).status == Status.DRAFT


def test_send_in__who_may(as_role, draft, world):
    for role in (Role.LEADER, Role.SECRETARIAT):
        assert as_role(role).post(review(draft), sent(draft)).status_code == 404
    assert as_role(Role.EMPLOYEE, world.neighbor).post(review(draft), sent(draft)).status_code == 404


def test_send_in__by_author_whose_role_has_ended(author, draft, world):
    end_roles_of(world.home.person(Role.EMPLOYEE), timezone.localdate())
    assert author.get(review(draft)).status_code == 404
    assert author.post(review(draft), sent(draft)).status_code == 404
    assert Initiative.objects.get(pk=draft.pk).status == Status.DRAFT


def test_send_in__by_author_who_now_has_a_role_that_may_not(author, draft, world):
    world.home.person(Role.EMPLOYEE).roles.update(role=Role.ELECTED_REPRESENTATIVE)
    page = author.get(review(draft)).content.decode()
    assert "Du kan ikke sende inn saken selv" in page
    assert author.post(review(draft), sent(draft)).status_code == 403
    assert Initiative.objects.get(pk=draft.pk).status == Status.DRAFT


def test_send_in_again__asks_what_was_changed(author, returned):
    page = author.get(review(returned)).content.decode()
    assert "Hva har du endret?" in page
    answer = author.post(review(returned), sent(returned, changes=""))
    assert answer.status_code == 422
    assert "#id_changes" in answer.content.decode()
    answer = author.post(review(returned), sent(returned, changes="Regnet ut kostnaden 🧮"))
    assert answer.headers["Location"] == receipt(returned)
    assert Initiative.objects.get(pk=returned.pk).status == Status.AWAITING_ENDORSEMENT


@pytest.mark.parametrize("changes", ["a\0b", "x" * 1_000_000])
def test_send_in_again__bad_text_is_explained(author, returned, changes):
    assert author.post(review(returned), sent(returned, changes=changes)).status_code == 422
    assert Initiative.objects.get(pk=returned.pk).status == Status.RETURNED


# --- The receipt ---------------------------------------------------------------------------------------------
def test_open_receipt__tells_number_holder_deadline_and_what_comes(author, world):
    case = stories.awaiting_endorsement(world.home)
    page = author.get(receipt(case)).content.decode()
    for text in (
        case.number, world.home.person(Role.SECTOR_LEADER).name, long_date(case.due_on), "Hva skjer nå?",
        "Sektorlederen leser saken", case.get_absolute_url(),
    ):  # fmt: skip
        assert text in page, text


def test_open_receipt__without_sector_leader_says_so(author, draft, world):
    RoleAssignment.objects.filter(role=Role.SECTOR_LEADER).update(valid_to=timezone.localdate())
    page = author.get(review(draft)).content.decode()
    assert "Ingen har rollen sektorleder" in page
    author.post(review(draft), sent(draft))
    assert Initiative.objects.get(pk=draft.pk).status == Status.SUBMITTED
    assert "Ingen har rollen sektorleder" in author.get(receipt(draft)).content.decode()


def test_open_receipt__of_draft_leads_to_the_form(author, draft):
    assert author.get(receipt(draft)).headers["Location"] == reverse("governance:intake_hub", args=[draft.pk])


def test_open_receipt__later_tells_where_the_case_is(author, world):
    case = stories.under_preparation(world.home)
    page = author.get(receipt(case)).content.decode()
    assert "Under utredning" in page
    assert world.home.person(Role.COORDINATOR).name in page


def test_open_receipt__who_may(as_role, world):
    case = stories.awaiting_endorsement(world.home)
    assert as_role(Role.SECTOR_LEADER).get(receipt(case)).status_code == 403
    assert as_role(Role.EMPLOYEE, world.neighbor).get(receipt(case)).status_code == 404


def test_open_pages__need_few_queries(author, draft, world, django_assert_max_num_queries):
    case = stories.awaiting_endorsement(world.home, title="En annen")
    for address in (review(draft), receipt(case)):
        author.get(address)
        with django_assert_max_num_queries(12):
            author.get(address)


# --- What it costs --------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [0, 3])
def test_open_review__few_queries_however_much_is_filled_in(
    author, world, more, django_assert_max_num_queries
):
    """A draft with estimates by year, a pilot, a file, a co-editor and meetings to choose among."""
    place = world.home
    case = stories.draft(place)
    stories.period(place, submission=4)
    first = case.benefits.get()
    for number in range(more):
        first.pk, first.title = None, f"Gevinst {number}"
        first.save(force_insert=True)
    for benefit in case.benefits.all():
        YearEstimate.objects.create(
            benefit=benefit, year=2027, measure="hours", low=1, likely=2, high=3, changed_at=timezone.now()
        )
    pilots.declared(case, place, role=Role.EMPLOYEE)
    case.co_editors.add(place.person(Role.HR))
    author.get(review(case))
    with django_assert_max_num_queries(12):
        assert author.get(review(case)).status_code == 200
