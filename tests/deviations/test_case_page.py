"""The page of a case: card and words, what each part shows, and no name of a reporter who is hidden."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.actors import System
from core.attachments import attach
from core.models import AccessLog
from deviations import operations
from deviations.models import Anonymity, Deviation, DeviationRules, Effect, Follower, Status
from deviations.workflow import action_workflow, deviation_workflow
from organization.models import Person
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.deviations import stories

perform = deviation_workflow.perform
PARTS = ["", "vurdering", "tiltak", "dialog", "historikk", "koblinger"]
WORDS = "skled på glatt gulv"
CONFIDENTIAL = "HMS-PSYK"


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    return SimpleUploadedFile("trapp.png", content.getvalue(), "image/png")


def page_of(client, case, part: str = "", status: int = 200) -> str:
    response = client.get(case.get_absolute_url(), {"vis": part} if part else {})
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def other_leader(place):
    """The leader of another unit of the same municipality."""
    now = timezone.now()
    unit = create_unit(
        name="Skolen", kind="unit", code="heim-skole", parent=place.municipality, by=System("tests"), now=now
    )
    person = Person.objects.create(username="rektor", name="Rita Rektor", changed_at=now)
    give_role(
        person=person,
        role=Role.LEADER,
        unit=unit,
        valid_from=timezone.localdate(),
        by=System("tests"),
        now=now,
    )
    return person


# --- Who sees what ---------------------------------------------------------------------------------
@pytest.mark.parametrize("state", Status.values)
def test_open_every_part__in_every_state(place, as_role, state):
    case = stories.STATES[state](place)
    client = as_role(Role.EMPLOYEE if state == Status.DRAFT else Role.LEADER)
    for part in [*PARTS, "tull"]:
        assert case.unit.name in page_of(client, case, part)


def test_open_case__is_hidden_from_those_without_part_in_it(world, place, client, as_role, other_leader):
    case = stories.in_progress(place)
    client.force_login(other_leader)
    page_of(client, case, status=404)
    page_of(as_role(Role.CHANGE_AGENT), case, status=404)
    page_of(as_role(Role.LEADER, world.neighbor), case, status=404)
    page_of(as_role(Role.SECTOR_LEADER), case)


def test_open_case__is_hidden_from_the_leader_it_concerns(place, as_role):
    case = stories.report(place, concerned=(place.person(Role.LEADER),))
    for part in PARTS:
        page_of(as_role(Role.LEADER), case, part, status=404)
    assert place.person(Role.LEADER).name in page_of(as_role(Role.SECTOR_LEADER), case)


@pytest.mark.parametrize("part", PARTS)
def test_open_confidential_case__verneombud_sees_the_card_only(place, as_role, part):
    case = stories.received(place, code=CONFIDENTIAL, title="Det om Ola", description="Ola mobber.")
    page = page_of(as_role(Role.VERNEOMBUD), case, part)
    assert case.number in page
    assert "Psykososialt arbeidsmiljø" in page
    assert "Du ser kortet til saken" in page
    for words in ("Ola", place.person(Role.EMPLOYEE).name, "Deler av saken", "/handling/", "Alvorlighet"):
        assert words not in page
    page_of(as_role(Role.SECTOR_LEADER), case, part, status=404)


def test_open_confidential_case__is_logged_but_not_for_its_reporter(place, as_role):
    case = stories.report(place, code=CONFIDENTIAL)
    page_of(as_role(Role.EMPLOYEE), case)
    assert not AccessLog.objects.exists()
    page_of(as_role(Role.LEADER), case)
    page_of(as_role(Role.VERNEOMBUD), case)
    people = set(AccessLog.objects.values_list("person", flat=True))
    assert people == {place.person(Role.LEADER).pk, place.person(Role.VERNEOMBUD).pk}


def test_open_case__follower_sees_where_it_stands_and_no_word(place, as_role):
    case = stories.in_progress(place)
    operations.follow(case, place.person(Role.HR), note="Jeg også", now=timezone.now())
    page = page_of(as_role(Role.HR), case)
    assert "Under behandling" in page
    assert WORDS not in page
    page = page_of(as_role(Role.LEADER), case)
    assert "Jeg også" in page
    assert place.person(Role.HR).name not in page


def test_open_confidential_case__owner_of_an_action_reads_the_action_only(place, as_role):
    case = stories.in_progress(place, code=CONFIDENTIAL, description="Ola mobber.")
    action = stories.propose(case, place)
    client = as_role(Role.SERVICE_OWNER)
    assert "Ola mobber" not in page_of(client, case)
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Legg matte ved inngangen" in page
    assert case.number in page


def test_see_whom_the_case_concerns__is_for_those_who_handle_it(place, as_role):
    case = stories.report(place, concerned=(place.person(Role.HR),))
    name = place.person(Role.HR).name
    assert name in page_of(as_role(Role.LEADER), case)
    assert name not in page_of(as_role(Role.VERNEOMBUD), case)


# --- The name of the reporter ----------------------------------------------------------------------
def _a_long_story(place, **fields) -> Deviation:
    """Return a case in which the reporter has done everything a reporter can do."""
    reporter, leader = place.actor(Role.EMPLOYEE), place.actor(Role.LEADER)
    case = stories.awaiting_reporter(place, **fields)
    case = perform("answer", case, by=reporter, now=timezone.now(), data={"answer": "Det var is."})
    operations.add_information(case, "Og det var mørkt.", by=reporter, now=timezone.now())
    attach(case, photo(), by=reporter, now=timezone.now())
    case = perform("dismiss", case, by=leader, now=timezone.now(), data={"reason": "Ikke vårt."})
    return perform("appeal", case, by=reporter, now=timezone.now(), data={"reason": "Jo."})


@pytest.mark.parametrize("part", PARTS)
def test_open_case__never_names_a_hidden_reporter(place, as_role, part):
    case = _a_long_story(place, anonymity=Anonymity.HIDDEN)
    stories.propose(case, place)
    for role in (Role.LEADER, Role.SECTOR_LEADER, Role.VERNEOMBUD, Role.SERVICE_OWNER):
        page = page_of(as_role(role), case, part)
        assert place.person(Role.EMPLOYEE).name not in page
    assert "Skjult" in page_of(as_role(Role.LEADER), case)
    assert "Du, skjult for andre" in page_of(as_role(Role.EMPLOYEE), case)


def test_see_history__says_reporter_instead_of_a_hidden_name(place, as_role):
    case = _a_long_story(place, anonymity=Anonymity.HIDDEN)
    page = page_of(as_role(Role.LEADER), case, "historikk")
    assert page.count('timeline__meta">Melder') >= 5
    assert place.person(Role.LEADER).name in page


def test_see_history__of_an_open_report_names_its_reporter(place, as_role):
    case = _a_long_story(place)
    for part in ("", "dialog", "historikk"):
        assert place.person(Role.EMPLOYEE).name in page_of(as_role(Role.LEADER), case, part)


def test_open_anonymous_case__says_so_everywhere(place, as_role):
    case = stories.in_progress(place, anonymity=Anonymity.ANONYMOUS)
    assert "Anonym" in page_of(as_role(Role.LEADER), case)
    assert 'timeline__meta">Melder' in page_of(as_role(Role.LEADER), case, "historikk")


def test_leader_who_reported_hidden__is_not_named_as_reporter_but_for_own_handling(place, as_role):
    case = stories.report(place, by=place.actor(Role.LEADER), anonymity=Anonymity.HIDDEN)
    assert case.responsible == place.person(Role.SECTOR_LEADER)
    for part in PARTS:
        page = page_of(as_role(Role.SECTOR_LEADER), case, part)
        assert place.person(Role.LEADER).name not in page
        assert "selv har meldt" not in page
    assert "fordi nærmeste leder ikke kan ta imot saken" in page_of(as_role(Role.SECTOR_LEADER), case)


# --- What the parts show -----------------------------------------------------------------------------
def test_see_where_it_landed__and_how_often_it_was_moved(place, as_role):
    case = stories.report(place)
    assert f"Leder for {place.unit.name}, der det skjedde." in page_of(as_role(Role.LEADER), case)
    above = place.person(Role.SECTOR_LEADER)
    operations.reroute(case, above, reason="Gjelder alle", by=place.actor(Role.LEADER), now=timezone.now())
    page = page_of(as_role(Role.SECTOR_LEADER), case)
    assert "Sendt videre én gang." in page
    assert "Gjelder alle" in page_of(as_role(Role.SECTOR_LEADER), case, "historikk")


def test_see_report__with_answers_photo_and_open_duty(place, as_role):
    case = stories.in_progress(
        place, danger="injured", answers={"staff_injured": "yes"}, immediate_action="Strødde sand."
    )
    attach(case, photo(), by=place.actor(Role.EMPLOYEE), now=timezone.now())
    page = page_of(as_role(Role.LEADER), case)
    for words in (
        WORDS, "Strødde sand.", "Ja, noen er skadet", "Ble en ansatt", 'alt="trapp.png"', "Meldeplikter",
        "Én meldeplikt er ikke gjort ferdig",
    ):  # fmt: skip
        assert words in page
    assert "Én meldeplikt er ikke gjort ferdig" not in page_of(as_role(Role.EMPLOYEE), case)


def test_see_blocked_steps__leads_to_where_each_is_put_right(place, as_role):
    case = stories.in_progress(place, danger="injured", answers={"staff_injured": "yes"}, code="")
    page = page_of(as_role(Role.LEADER), case)
    url = case.get_absolute_url()
    questions = reverse("deviations:deviation_questions", args=[case.pk])
    for target in (
        f"{url}#meldeplikter", f"{url}?vis=vurdering#id_type", f"{url}?vis=vurdering#id_severity",
        f"{url}?vis=vurdering#arsaker", f"{url}?vis=tiltak", questions,
    ):  # fmt: skip
        assert f'href="{target}"' in page
    assert 'id="arsaker"' in page_of(as_role(Role.LEADER), case, "vurdering")


def test_see_danger__nobody_has_asked_about_is_told_to_those_who_handle_it(place, as_role):
    case = stories.in_progress(place, danger="injured")
    leader, told = as_role(Role.LEADER), "spørsmål om fare og skade er ikke besvart"
    assert told in page_of(leader, case)
    assert told not in page_of(as_role(Role.EMPLOYEE), case)
    codes = ("staff_injured", "violence", "patient_harmed", "pollution", "drinking_water", "personal_data")
    operations.answer_questions(
        case, dict.fromkeys(codes, "no"), by=place.actor(Role.LEADER), now=timezone.now()
    )
    assert told not in page_of(leader, case)
    assert told not in page_of(leader, stories.in_progress(place, code="OR-ARKIV"))


def test_see_end__says_what_was_changed_and_how_one_knows(place, as_role):
    page = page_of(as_role(Role.EMPLOYEE), stories.closed(place))
    for words in ("Slik endte saken", "Det ligger matte der nå.", "Ingen fall på en måned.", "Gjenåpne"):
        assert words in page


def test_see_matrix__marks_the_cell_on_the_scale_of_the_municipality(place, as_role):
    case = stories.assessed(place)
    page = page_of(as_role(Role.LEADER), case, "vurdering")
    assert page.count("risk__cell--here") == 1
    assert page.count('class="risk__cell ') == 25
    DeviationRules.objects.update(matrix=3, yellow_from=3, red_from=6)
    page = page_of(as_role(Role.LEADER), case, "vurdering")
    assert page.count('class="risk__cell ') == 9
    assert "= 6" in page
    assert "Høy risiko" in page


def test_see_matrix__of_a_longer_scale_asks_for_a_new_judgement(place, as_role):
    case = stories.assessed(place)
    Deviation.objects.filter(pk=case.pk).update(potential_consequence=5)
    DeviationRules.objects.update(matrix=3, yellow_from=3, red_from=6)
    page = page_of(as_role(Role.LEADER), case, "vurdering")
    assert "etter en annen skala" in page
    assert "5 – fra en eldre skala" in page


def test_see_suggestion__has_no_severity_and_no_matrix(place, as_role):
    case = stories.in_progress(place, kind="suggestion")
    page = page_of(as_role(Role.LEADER), case, "vurdering")
    for words in ("risk__table", "Hvor alvorlig det er", "Effekt"):
        assert words not in page


def test_see_alike__among_what_may_be_read_with_what_worked_there(world, place, as_role, other_leader):
    alike = stories.closed(place, description="Kollega skled på vått gulv i gangen.")
    action = alike.actions.get()
    data = {"effect": Effect.WORKED}
    action_workflow.perform(
        "close_action", action, by=place.actor(Role.LEADER), now=timezone.now(), data=data
    )
    stories.report(place, code=CONFIDENTIAL, description="Skled på gulv, fortrolig.", by=place.actor(Role.HR))
    elsewhere = stories.report(world.neighbor, description="Skled på gulv hos naboen.")
    case = stories.in_progress(place)
    page = page_of(as_role(Role.LEADER), case, "koblinger")
    assert alike.number in page
    assert "Tiltak som virket der" in page
    assert action.title in page
    assert elsewhere.description not in page
    response = as_role(Role.LEADER).post(
        reverse("deviations:action_reuse", args=[case.pk]), {"pk": action.pk}
    )
    assert response.status_code == 302
    assert list(case.actions.all()) == [action]
    assert "Tiltak som virket der" not in page_of(as_role(Role.LEADER), case, "koblinger")


def test_see_links__only_to_what_the_actor_sees(place, as_role):
    case, other = stories.in_progress(place), stories.report(place)
    hidden = stories.received(place, code=CONFIDENTIAL)
    for one in (other, hidden):
        operations.link_deviations(case, one, by=place.actor(Role.LEADER), now=timezone.now())
    page = page_of(as_role(Role.LEADER), case, "koblinger")
    assert other.number in page
    assert hidden.number in page
    page = page_of(as_role(Role.SECTOR_LEADER), case, "koblinger")
    assert other.number in page
    assert hidden.number not in page
    assert case.number in page_of(as_role(Role.LEADER), other, "koblinger")


def test_see_merged_case__from_both_sides_and_reporter_follows_the_main_one(place, as_role):
    merged = stories.merged(place, by=place.actor(Role.HR))
    main = merged.merged_into
    assert main.number in page_of(as_role(Role.LEADER), merged, "koblinger")
    assert merged.number in page_of(as_role(Role.LEADER), main, "koblinger")
    page = page_of(as_role(Role.HR), main)
    assert WORDS not in page
    assert Follower.objects.get().person == place.person(Role.HR)


def test_open_case__escapes_what_was_written(place, as_role):
    case = stories.in_progress(
        place, description="<script>1</script>", title='"><img src=x onerror=alert(1)>'
    )
    page = page_of(as_role(Role.LEADER), case)
    assert "<script>1" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;1" in page


@pytest.mark.parametrize("part", PARTS)
def test_open_case__costs_the_same_whatever_it_holds(place, as_role, part, django_assert_max_num_queries):
    case = stories.assessed(place, code=CONFIDENTIAL, danger="injured", answers={"pollution": "yes"})
    client, leader = as_role(Role.LEADER), place.actor(Role.LEADER)
    page_of(client, case)
    with django_assert_max_num_queries(12) as few:
        page_of(client, case, part)
    for _ in range(3):
        stories.propose(case, place)
        other = stories.report(place)
        operations.link_deviations(case, other, by=leader, now=timezone.now())
        operations.write_to_reporter(case, "Hei", by=leader, now=timezone.now())
    for role in (Role.HR, Role.AMU):
        Follower.objects.create(deviation=case, person=place.person(role), note="Jeg også", at=timezone.now())
    with django_assert_max_num_queries(12) as many:
        page_of(client, case, part)
    assert len(many) <= len(few) + 2


def test_assess__a_case_without_a_type_has_those_its_text_suggests_first(as_role, place):
    case = stories.in_progress(place, code="", description="Hun skled på det glatte gulvet og falt.")
    page = page_of(as_role(Role.LEADER), case, "vurdering")
    first = page.partition("Kan passe, ut fra teksten")[2]
    assert "Fall eller snubling (ansatt)" in first.partition("</optgroup>")[0]
    assert "Kan passe" not in page_of(as_role(Role.LEADER), stories.in_progress(place), "vurdering")
