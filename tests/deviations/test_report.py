"""The report form: three answers, what it warns of, and that nothing is filed twice or lost."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.attachments import attachments_of
from deviations.models import Anonymity, Danger, Deviation, Kind
from organization.models import RoleAssignment, Unit
from organization.operations import create_unit
from organization.roles import Role
from tests.deviations import stories
from tests.world import BORN, SYSTEM

START = reverse("deviations:report_start")


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def person(as_role):
    return as_role(Role.EMPLOYEE)


def answers(place, **more) -> dict[str, object]:
    """Return what somebody sends who answers the three questions."""
    return {
        "kind": "deviation", "description": "En ansatt snublet: fall på glatt gulv ved inngangen.", "danger": "none",
        "unit": f"{place.unit.name} ({place.sector.name})", "submission_key": str(uuid.uuid4()),
        "municipality": place.municipality.pk, **more,
    }  # fmt: skip


def photo(name: str = "IMG_1.jpg", size: int = 64) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), "red").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- Sending ----------------------------------------------------------------------------------
def test_report__with_three_answers_shows_the_receipt(person, place):
    answer = person.post(START, answers(place), follow=True)
    case = Deviation.objects.get()
    assert answer.redirect_chain == [(reverse("deviations:report_receipt", args=[case.pk]), 302)]
    assert case.reporter == place.person(Role.EMPLOYEE)
    assert case.unit == place.unit
    seen = words(answer)
    assert case.number in seen
    assert str(place.person(Role.LEADER)) in seen
    assert "der det skjedde" in seen


def test_report__without_answers_says_what_is_missing_and_keeps_the_rest(person, place):
    answer = person.post(START, {"place": "Vaskerommet", "municipality": place.municipality.pk})
    assert answer.status_code == 422
    seen = words(answer)
    for missing in ("Velg hva du vil melde.", "Skriv kort hva som skjedde.", "Svar på om noen er skadet"):
        assert missing in seen
    assert 'value="Vaskerommet"' in seen
    assert not Deviation.objects.exists()


@pytest.mark.parametrize("kind", [Kind.SUGGESTION, Kind.POSITIVE])
def test_report__of_what_harms_nobody_needs_no_answer_about_danger(person, place, kind):
    person.post(START, answers(place, kind=kind, danger=""))
    assert Deviation.objects.get().danger == Danger.NONE


def test_report__twice_with_the_same_key_shows_the_same_receipt(person, place):
    sent = answers(place, camera=[photo()])
    first = person.post(START, sent)
    again = person.post(START, {**sent, "camera": [photo()], "description": "Endret tekst."}, follow=True)
    case = Deviation.objects.get()
    assert again.redirect_chain == [(first.url, 302)]
    assert "Vi hadde alt fått denne meldingen" in words(again)
    assert len(attachments_of(case)) == 1


def test_report__again_after_the_worker_died_before_the_photos_keeps_them(person, place):
    sent = answers(place)
    person.post(START, sent)
    person.post(START, {**sent, "camera": [photo()]})
    assert len(attachments_of(Deviation.objects.get())) == 1


def test_report__with_the_key_of_somebody_else_shows_nothing_of_theirs(client, world, place):
    sent = answers(place)
    client.force_login(place.person(Role.EMPLOYEE))
    client.post(START, sent)
    client.force_login(place.person(Role.CHANGE_AGENT))
    answer = client.post(START, sent)
    assert answer.status_code == 422
    assert "alt sendt" in words(answer)
    assert Deviation.objects.get().number not in words(answer)


def test_report__where_nobody_can_receive_it_says_what_to_do(person, place):
    leaders = [Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR]
    RoleAssignment.objects.filter(role__in=leaders).update(valid_to=timezone.localdate())
    answer = person.post(START, answers(place))
    assert answer.status_code == 422
    assert "Ingen leder i linjen kan ta imot saken" in words(answer)
    assert not Deviation.objects.exists()


def test_report__by_somebody_who_may_not_is_refused(as_role):
    assert as_role(Role.ELECTED_REPRESENTATIVE).get(START).status_code == 403


@pytest.mark.parametrize("key", ["", "tull", "0" * 400])
def test_report__with_an_odd_key_is_filed(person, place, key):
    person.post(START, answers(place, submission_key=key))
    assert Deviation.objects.count() == 1


# --- Where and when ---------------------------------------------------------------------------
def test_open_form__guesses_the_unit_and_takes_the_place_of_the_code(person, place):
    assert f'value="{place.unit.name} ({place.sector.name})"' in words(person.get(START))
    answer = person.get(START, {"enhet": place.sector.pk, "sted": "Rom <12>"})
    assert f'value="{place.sector.name} ({place.municipality.name})"' in words(answer)
    assert 'value="Rom &lt;12&gt;"' in words(answer)


@pytest.mark.parametrize("odd", ["x", "0", "-1", "9" * 30, "٣", " "])
def test_open_form__with_an_odd_unit_falls_back_on_the_own(person, place, odd):
    answer = person.get(START, {"enhet": odd})
    assert answer.status_code == 200
    assert f'value="{place.unit.name}' in words(answer)


def test_open_form__of_a_unit_elsewhere_tells_so(person, world, place):
    answer = person.get(START, {"enhet": world.stranger.unit.pk})
    assert world.stranger.unit.name not in words(answer)
    assert "finnes ikke hos dere" in words(answer)


def _closed(place) -> Unit:
    unit = create_unit(
        name="Gamle Solvang", kind="unit", code="solvang", parent=place.sector, by=SYSTEM, now=BORN
    )
    Unit.objects.filter(pk=unit.pk).update(closed_on=timezone.localdate() - timedelta(days=1))
    return unit


def test_report__in_a_unit_that_closed_yesterday_is_refused_by_name(person, place):
    unit = _closed(place)
    assert "Gamle Solvang ble lagt ned" in words(person.get(START, {"enhet": unit.pk}))
    answer = person.post(START, answers(place, unit="Gamle Solvang"))
    assert answer.status_code == 422
    assert "Gamle Solvang ble lagt ned" in words(answer)
    assert "En ansatt snublet" in words(answer)


def test_suggest_units__leaves_out_the_closed_and_other_municipalities(person, world, place):
    _closed(place)
    address = reverse("deviations:report_units", args=[place.municipality.pk])
    assert words(person.get(address, {"unit": "solvang"})) == ""
    assert place.unit.name in words(person.get(address, {"unit": "hjemme"}))
    elsewhere = reverse("deviations:report_units", args=[world.stranger.municipality.pk])
    assert person.get(elsewhere).status_code == 404


def _local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_report__discovered_in_the_future_is_refused(person, place):
    answer = person.post(START, answers(place, discovered_at=_local(timezone.now() + timedelta(hours=2))))
    assert "Tidspunktet er i framtiden" in words(answer)
    person.post(START, answers(place, discovered_at=_local(timezone.now() - timedelta(hours=2))))
    case = Deviation.objects.get()
    assert timedelta(hours=1) < case.reported_at - case.discovered_at < timedelta(hours=3)


# --- Whom it concerns, and who sees the name --------------------------------------------------
def test_report__that_concerns_the_leader_goes_one_up_and_out_of_the_leaders_sight(person, place):
    person.post(START, answers(place, concerns_leader="on"))
    case = Deviation.objects.get()
    assert case.responsible == place.person(Role.SECTOR_LEADER)
    assert not Deviation.objects.visible_to(place.actor(Role.LEADER)).exists()


def test_report__of_a_leader_about_the_own_leader_concerns_the_one_above(as_role, place):
    as_role(Role.LEADER).post(START, answers(place, concerns_leader="on"))
    case = Deviation.objects.get()
    assert list(case.concerned.all()) == [place.person(Role.SECTOR_LEADER)]
    assert case.responsible == place.person(Role.KOMMUNEDIREKTOR)


def _only_three_work_here(place) -> None:
    kept = [place.person(role).pk for role in (Role.EMPLOYEE, Role.LEADER, Role.CHANGE_AGENT)]
    RoleAssignment.objects.filter(unit=place.unit).exclude(person_id__in=kept).update(
        valid_to=timezone.localdate()
    )


def test_report__anonymously_from_a_small_unit_warns_first(person, place):
    _only_three_work_here(place)
    sent = answers(place, anonymity="hidden")
    answer = person.post(START, sent)
    assert answer.status_code == 422
    assert "Lederen kan gjette hvem du er" in words(answer)
    person.post(START, {**sent, "warned": place.unit.pk})
    assert Deviation.objects.get().anonymity == Anonymity.HIDDEN


def test_report__hidden_from_a_larger_unit_needs_no_warning(person, place):
    person.post(START, answers(place, anonymity="hidden", camera=[photo("Kari sin iPhone.jpg")]))
    case = Deviation.objects.get()
    assert [(file.name, file.uploaded_by) for file in attachments_of(case)] == [("bilde-1.jpg", None)]


# --- Types and questions ----------------------------------------------------------------------
def _type(place, code):
    return stories.type_of(place, code).pk


def test_report__suggested_type_is_kept_and_the_list_wins_over_it(person, place):
    person.post(START, answers(place, suggested=_type(place, "HMS-FALL"), seen=_codes(place, "injury")))
    assert Deviation.objects.latest("pk").type.code == "HMS-FALL"
    both = answers(place, suggested=_type(place, "HMS-FALL"), type=_type(place, "HMS-BYGG"))
    person.post(START, both)
    assert Deviation.objects.latest("pk").type.code == "HMS-BYGG"


def _codes(place, *sets) -> list[str]:
    from deviations.models import Question

    return list(
        Question.objects.filter(municipality=place.municipality, set__in=sets).values_list("code", flat=True)
    )


def test_report__with_a_suggestion_that_is_gone_is_filed_without_a_type(person, place):
    person.post(START, answers(place, suggested=987_654_321))
    assert Deviation.objects.get().type is None


@pytest.mark.parametrize("code", ["HMS-TRAKASS", "TJ-ELEV"])
def test_report__of_what_belongs_elsewhere_shows_the_channel_and_stores_nothing(person, place, code):
    before = Deviation.objects.count()
    answer = person.post(START, answers(place, type=_type(place, code)))
    assert answer.status_code == 422
    assert "Her blir ingenting lagret" in words(answer)
    assert "En ansatt snublet" in words(answer)
    assert Deviation.objects.count() == before


def test_report__in_danger_asks_about_duties_in_a_second_step_and_starts_them(person, place):
    sent = answers(place, danger="injured")
    answer = person.post(START, sent)
    assert answer.status_code == 422
    assert "Noen spørsmål til" in words(answer)
    seen = ["staff_injured", "violence", "pollution", "drinking_water"]
    answer = person.post(START, {**sent, "seen": seen, "q_staff_injured": "yes"})
    assert "Gjelder noe av dette" in words(answer)
    seen.append("serious_injury")
    told = {"q_staff_injured": "yes", "q_serious_injury": ["Bevissthetstap", "Forgiftning"]}
    answer = person.post(START, {**sent, "seen": seen, **told}, follow=True)
    case = Deviation.objects.get()
    assert {duty.code for duty in case.duties.all()} == {"NAV_YRKESSKADE", "AML_5_2"}
    assert 'href="tel:73199700"' in words(answer)
    kept = {row.question.code: row.value for row in case.answers.select_related("question")}
    assert kept == {"staff_injured": "yes", "serious_injury": "Bevissthetstap; Forgiftning"}


def test_report__answers_to_questions_that_are_no_longer_asked_are_not_kept(person, place):
    person.post(START, answers(place, danger="none", q_violence="yes", seen=["violence"]))
    case = Deviation.objects.get()
    assert not case.answers.exists()
    assert not case.duties.exists()


def test_report__with_a_number_that_is_none_says_so(person, place):
    code = "IS-FEILSENDT"
    sent = answers(place, type=_type(place, code), seen=_codes(place, "triage", "information_security"))
    answer = person.post(START, {**sent, "q_breach_number": "mange"})
    assert answer.status_code == 422
    assert "Skriv et helt tall" in words(answer)


def test_help_along__suggests_types_and_asks_in_danger(person, place):
    answer = person.post(reverse("deviations:report_more"), answers(place, danger="unsure"))
    seen = words(answer)
    assert answer.status_code == 200
    assert "Fall eller snubling" in seen
    assert 'name="seen" value="violence"' in seen
    assert "hx-swap-oob" in seen


def test_help_along__with_nothing_written_is_empty(person, place):
    assert "Passer noe av dette" not in words(person.post(reverse("deviations:report_more"), {}))


# --- What others should not be named with -----------------------------------------------------
def test_report__naming_a_client_warns_until_it_is_confirmed(person, place):
    sent = answers(place, title="Bruker Ola N. falt")
    answer = person.post(START, sent)
    assert answer.status_code == 422
    assert "<mark>Bruker Ola N.</mark>" in words(answer)
    mark = answer.context["fingerprint"]
    person.post(START, {**sent, "confirmed": mark})
    assert Deviation.objects.get().title == "Bruker Ola N. falt"


def test_report__with_an_identity_number_needs_a_tick_of_its_own(person, place):
    sent = answers(place, title="Gjelder 010190 10046")
    mark = person.post(START, sent).context["fingerprint"]
    answer = person.post(START, {**sent, "confirmed": mark})
    assert answer.status_code == 422
    assert 'name="confirmed_identity"' in words(answer)
    person.post(START, {**sent, "confirmed": mark, "confirmed_identity": mark})
    assert Deviation.objects.count() == 1


def test_report__a_new_finding_is_not_confirmed_with_the_old(person, place):
    sent = answers(place, title="Bruker Ola N. falt")
    mark = person.post(START, sent).context["fingerprint"]
    more = {**sent, "title": "Bruker Ola N. falt, ring 912 34 567", "confirmed": mark}
    assert person.post(START, more).status_code == 422
    assert not Deviation.objects.exists()


# --- Photos -----------------------------------------------------------------------------------
def test_report__with_a_refused_file_keeps_the_rest_and_says_why(person, place, monkeypatch):
    monkeypatch.setattr("deviations.photos.LARGEST", 20_000)
    files = [photo("godt.jpg"), SimpleUploadedFile("notat.txt", b"Hei", "text/plain"),
             SimpleUploadedFile("stor.jpg", photo().read() + b"0" * 40_000, "image/jpeg"),
             SimpleUploadedFile("tom.jpg", b"", "image/jpeg")]  # fmt: skip
    answer = person.post(START, answers(place, camera=files[:1], photos=files[1:]), follow=True)
    case = Deviation.objects.get()
    assert [file.name for file in attachments_of(case)] == ["godt.jpg"]
    seen = words(answer)
    assert "«notat.txt» er ikke et bilde" in seen
    assert "«stor.jpg» er større enn" in seen
    assert "«tom.jpg» er tom" in seen


def test_report__with_a_photo_that_tells_where_it_was_taken_keeps_only_the_picture(person, place):
    buffer = io.BytesIO()
    image = Image.new("RGB", (32, 32), "blue")
    exif = image.getexif()
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 40.0)
    exif[0x010F] = "Telefonmerket"
    image.save(buffer, "JPEG", exif=exif)
    upload = SimpleUploadedFile("gps.png", buffer.getvalue(), "image/png")
    person.post(START, answers(place, photos=[upload]))
    kept = attachments_of(Deviation.objects.get())[0]
    assert kept.name == "gps.jpg"
    with kept.file.open() as file:
        assert b"Telefonmerket" not in file.read()


# --- The same happened to me ------------------------------------------------------------------
def _offered(client, place) -> str:
    answer = client.post(reverse("deviations:report_more"), answers(place))
    return answer.context["page"].alike[0]["token"] if answer.context["page"].alike else ""


def test_same__joins_the_newest_open_report_without_its_words(client, place):
    cases = [
        stories.report(place, description="Hemmelig ordlyd om Per", discovered_at=None) for _ in range(3)
    ]
    client.force_login(place.person(Role.CHANGE_AGENT))
    answer = client.post(reverse("deviations:report_more"), answers(place))
    seen = words(answer)
    assert "er meldt 3 ganger her de siste 30 dagene" in seen
    assert "Hemmelig" not in seen
    same = {"same": _offered(client, place), "description": "Det skjedde meg også."}
    answer = client.post(reverse("deviations:report_same"), same, follow=True)
    assert cases[-1].number in words(answer)
    follower = cases[-1].followers.get()
    assert (follower.person, follower.note) == (place.person(Role.CHANGE_AGENT), "Det skjedde meg også.")


def test_same__shows_nothing_confidential_closed_old_own_or_of_another_unit(client, place):
    stories.report(place, code="HMS-PSYK")
    stories.report(place, unit=place.sector)
    stories.closed(place)
    old = stories.report(place)
    month = timezone.now() - timedelta(days=31)
    Deviation.objects.filter(pk=old.pk).update(reported_at=month, discovered_at=month)
    stories.report(place, by=place.actor(Role.CHANGE_AGENT))
    client.force_login(place.person(Role.CHANGE_AGENT))
    assert _offered(client, place) == ""


def test_same__needs_what_was_offered_to_the_same_person(client, place):
    stories.report(place)
    client.force_login(place.person(Role.CHANGE_AGENT))
    token = _offered(client, place)
    assert client.post(reverse("deviations:report_same"), {"same": "1:tull"}).status_code == 400
    client.force_login(place.person(Role.HR))
    assert client.post(reverse("deviations:report_same"), {"same": token}).status_code == 404


# --- Receipt and own reports ------------------------------------------------------------------
def test_receipt__takes_more_words_and_photos_once(person, place):
    case = stories.report(place)
    address = reverse("deviations:report_receipt", args=[case.pk])
    for _ in range(2):
        answer = person.post(address, {"text": "Det skjedde igjen.", "camera": [photo()]}, follow=True)
    assert "Det er lagt til" in words(answer)
    assert [message.text for message in case.messages.all()] == ["Det skjedde igjen."]
    assert [file.name for file in attachments_of(case)] == ["IMG_1.jpg"]
    assert "IMG_1.jpg" in words(answer)
    assert person.post(address, {}).status_code == 422
    assert "mark" in words(person.post(address, {"text": "Ring 912 34 567"}))


def test_receipt__is_only_for_the_reporter(as_role, place):
    case = stories.report(place)
    for role in (Role.LEADER, Role.CHANGE_AGENT):
        assert as_role(role).get(reverse("deviations:report_receipt", args=[case.pk])).status_code == 404


def test_my_reports__say_whose_turn_it_is(person, place):
    stories.awaiting_reporter(place)
    answer = person.get(reverse("deviations:my_reports"))
    assert "Nå venter det på deg." in words(answer)
    stories.report(place)
    assert f"Nå venter det på {place.person(Role.LEADER)}." in words(
        person.get(reverse("deviations:my_reports"))
    )


def test_my_reports__empty_shows_the_way(person):
    assert "Du har ikke meldt noe ennå" in words(person.get(reverse("deviations:my_reports")))


@pytest.mark.parametrize("state", stories.STATES)
def test_my_reports__show_every_state_in_words(person, place, state):
    stories.STATES[state](place)
    answer = person.get(reverse("deviations:my_reports"))
    assert answer.status_code == 200
    assert "%(" not in words(answer)


@pytest.mark.parametrize("name", ["deviations:report_start", "deviations:my_reports"])
def test_open_page__asks_few_and_constant_questions(person, place, name, django_assert_max_num_queries):
    stories.report(place)
    person.get(reverse(name))
    with django_assert_max_num_queries(12) as first:
        person.get(reverse(name))
    for _ in range(5):
        stories.report(place)
    with django_assert_max_num_queries(len(first.captured_queries)):
        person.get(reverse(name))


# --- QR sheet ---------------------------------------------------------------------------------
def test_print_qr_sheet__for_a_unit_one_leads(as_role, place):
    client = as_role(Role.LEADER)
    sent = {"unit": place.unit.name, "places": "Vaskerommet\n\n Vaskerommet \nRom 12 & <b>"}
    answer = client.post(reverse("deviations:report_qr"), sent)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.post(reverse("deviations:report_qr"), {"unit": place.sector.name}).status_code == 422
    assert (
        client.post(
            reverse("deviations:report_qr"), {"unit": place.unit.name, "places": "x" * 81}
        ).status_code
        == 422
    )


def test_print_qr_sheet__not_for_others(as_role, place):
    assert as_role(Role.EMPLOYEE).get(reverse("deviations:report_qr")).status_code == 403
    manager = as_role(Role.QUALITY_MANAGER)
    assert manager.post(reverse("deviations:report_qr"), {"unit": place.sector.name}).status_code == 200


def test_qr_code__leads_to_the_form_with_unit_and_place(place, settings):
    from deviations.pdf.qr_sheet import qr_svg, report_address

    settings.PUBLIC_URL = "https://stafett.kommune.no"
    address = report_address(place.unit, "Rom 12 & øst")
    assert address == f"https://stafett.kommune.no/avvik/meld/?enhet={place.unit.pk}&sted=Rom+12+%26+%C3%B8st"
    assert qr_svg(address).startswith("<svg")


@pytest.fixture(autouse=True)
def _forget_wrong_codes():
    cache.clear()
