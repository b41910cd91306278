"""One section of a case paper at a time: saving, two who write at once, versions, and forgetting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actors import System
from core.errors import StaleVersion
from core.history import timeline
from core.models import AccessLog
from core.retention import forget
from core.ui import diff_paragraphs
from core.workflow import TransitionBlocked, TransitionDenied
from governance import paper_writing
from governance.models import AgendaItem, CasePaper, GovernanceRules, PaperSection
from governance.paper_sections import kind_of
from governance.text_versions import versions_of
from governance.workflow import initiative_workflow, meeting_workflow
from governance.writing import Typed
from organization.operations import give_role
from organization.roles import Role
from tests import stories

KEY = "background"
KIND = kind_of(KEY)
HTMX = {"HX-Request": "true"}


def url_of(case, key: str = KEY, page: str = "edit", *more: int) -> str:
    return reverse(f"governance:paper_section_{page}", args=[case.pk, key, *more])


def posted(base: object, text: str, **more: str) -> dict[str, str]:
    return {"base": str(base), "text": text, **more}


def row_of(case, key: str = KEY) -> PaperSection:
    return PaperSection.objects.get(paper__initiative=case, key=key)


@pytest.fixture
def case(world):
    return stories.under_preparation(world.home)


@pytest.fixture
def write(world, case):
    """Save a text of the section as somebody, at a time, from the version that stands."""

    def write(text, role=Role.COORDINATOR, *, minutes=0, key=KEY, **typed):
        paper = CasePaper.objects.filter(initiative=case).first() or CasePaper(initiative=case)
        base = typed.pop("version", paper_writing.standing(paper, kind_of(key)).version)
        now = timezone.now() + timedelta(minutes=minutes)
        return paper_writing.save_section(
            case, kind_of(key), Typed(text=text, version=base, **typed), by=world.home.actor(role), now=now
        )

    return write


# --- Saving ---------------------------------------------------------------------------------------
def test_write_section__begins_from_what_the_intake_says(case, as_role):
    page = as_role(Role.COORDINATOR).get(url_of(case)).content.decode()
    assert "I dag skrives alt to ganger." in page
    assert "Vi har fylt inn det innmelderen skrev" in page
    assert not CasePaper.objects.exists()
    other = as_role(Role.COORDINATOR).get(url_of(case, "alternatives")).content.decode()
    assert "Nullalternativet: Vi fortsetter å skrive alt to ganger." in other


def test_write_section__saves_that_section_alone(world, case, as_role, write):
    write("Risikoen er liten.", key="risk")
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0, "Ny bakgrunn.\r\n\r\nAvsnitt to."))
    assert response.status_code == 302
    saved = row_of(case)
    assert (saved.text, saved.version) == ("Ny bakgrunn.\n\nAvsnitt to.", 1)
    assert saved.written_by == world.home.person(Role.COORDINATOR)
    assert (row_of(case, "risk").text, row_of(case, "risk").version) == ("Risikoen er liten.", 1)


def test_write_section__leads_on_to_the_next(case, as_role):
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0, "Tekst.", to="next"))
    assert response["Location"] == url_of(case, "facts")


def test_write_section__the_same_again_is_no_version(case, write):
    write("Tekst.")
    before = case.version
    assert write("Tekst.").version == 1
    assert case.version == before


def test_write_section__by_htmx_stays_and_gives_the_new_version(case, as_role):
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0, "Tekst."), headers=HTMX)
    part = response.content.decode()
    assert response.status_code == 200
    assert 'name="base" id="base" value="1" hx-swap-oob="true"' in part
    assert "Sist lagret av" in part
    assert "<html" not in part


def test_write_section__too_long_text_is_kept_and_explained(case, as_role):
    response = as_role(Role.COORDINATOR).post(url_of(case, "summary"), posted(0, "å" * 1600))
    page = response.content.decode()
    assert response.status_code == 422
    assert "høyst 1500 tegn" in page.replace("\xa0", "")
    assert "å" * 1600 in page
    assert not CasePaper.objects.exists()


def test_write_section__keeps_html_and_emoji_as_text(case, as_role):
    client = as_role(Role.COORDINATOR)
    client.post(url_of(case), posted(0, "<script>alert(1)</script> 🎉 čáŋ"))
    page = client.get(reverse("governance:initiative_case_paper", args=[case.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🎉 čáŋ" in page


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_write_section__broken_characters_are_explained(case, as_role, text):
    data = {"base": "0", "text": text.encode("utf-8", "surrogatepass")}
    assert as_role(Role.COORDINATOR).post(url_of(case), data).status_code in {302, 422}


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECTOR_LEADER, Role.COUNCIL_LEADER, Role.ADMINISTRATOR])
def test_write_section__is_for_the_secretariat(case, as_role, role, write):
    write("Tekst.")
    client = as_role(role)
    for page in (client.get(url_of(case)), client.get(url_of(case, KEY, "versions"))):
        assert page.status_code == 403
    assert client.post(url_of(case), posted(1, "Mitt.")).status_code == 403
    assert client.post(url_of(case, KEY, "take_back", 1), {"version": "1"}).status_code == 403
    assert row_of(case).text == "Tekst."


def test_write_section__of_another_municipality_is_not_found(world, case, as_role):
    outsider = as_role(Role.COORDINATOR, world.neighbor)
    assert outsider.get(url_of(case)).status_code == 404
    assert outsider.post(url_of(case), posted(0, "Mitt.")).status_code == 404


def test_write_section__that_does_not_exist_is_not_found(case, as_role):
    assert as_role(Role.COORDINATOR).get(url_of(case, "finnes-ikke")).status_code == 404


def test_write_section__of_a_shielded_case_is_logged(world, as_role):
    shielded = stories.under_preparation(world.home, shield_basis="offl_24", public_title="Sikringstiltak")
    as_role(Role.COORDINATOR).get(url_of(shielded))
    assert AccessLog.objects.get().person == world.home.person(Role.COORDINATOR)


def test_write_section__of_a_shielded_case_is_not_for_a_coordinator_of_the_sector_alone(world, client):
    """Who coordinates a sector prepares its cases, and reads what is shielded in those they handle."""
    place = world.home
    shielded = stories.under_preparation(place, shield_basis="offl_24", public_title="Sikringstiltak")
    person = place.person(Role.CHANGE_AGENT)
    give_role(
        person=person, role=Role.COORDINATOR, unit=place.sector, by=System("tests"), now=timezone.now(),
        valid_from=timezone.localdate(),
    )  # fmt: skip
    client.force_login(person)
    overview = reverse("governance:initiative_case_paper_edit", args=[shielded.pk])
    for url in (url_of(shielded), url_of(shielded, KEY, "versions"), overview):
        answer = client.get(url)
        assert answer.status_code == 403, url
        assert shielded.title not in answer.content.decode()
    assert client.post(url_of(shielded), posted(0, "Innbrudd.")).status_code == 403


def test_write_section__emptied_and_no_longer_asked_for_can_still_be_written(world, case, as_role, write):
    GovernanceRules.objects.filter(municipality=world.home.municipality).update(paper_sections=["summary"])
    write("Risikoen er liten.", key="risk")
    write("", key="risk")
    client = as_role(Role.COORDINATOR)
    assert client.get(url_of(case, "risk")).status_code == 200
    assert client.post(url_of(case, "risk"), posted(2, "Risikoen er stor.")).status_code == 302
    assert row_of(case, "risk").text == "Risikoen er stor."


def test_write_section__taking_out_what_the_intake_says_is_a_version(case, as_role):
    client = as_role(Role.COORDINATOR)
    assert client.post(url_of(case), posted(0, "")).status_code == 302
    assert (row_of(case).version, row_of(case).text) == (1, "")
    assert "I dag skrives alt to ganger." not in client.get(url_of(case)).context["form"]["text"].value()


def test_write_section__after_the_session_ended_keeps_the_text(client, case, as_role):
    writer = as_role(Role.COORDINATOR)
    note = writer.get(url_of(case)).context["note"]
    writer.logout()
    response = writer.post(url_of(case), posted(0, "Skrevet uten innlogging.", writer=note))
    assert response.status_code == 302
    assert "login" in response["Location"]
    assert writer.session["typed_text"]["sent"]["text"] == ["Skrevet uten innlogging."]


def test_write_section__after_papers_are_out_is_refused_and_keeps_the_text(world, as_role):
    meeting = stories.meeting(world.home)
    sent = stories.on_agenda(world.home, meeting)
    client = as_role(Role.SECRETARIAT)
    assert client.post(url_of(sent), posted(1, "I tide.")).status_code == 302
    meeting_workflow.perform("summon", meeting, by=world.home.actor(Role.SECRETARIAT), now=timezone.now())
    response = client.post(url_of(sent), posted(2, "For sent."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Papirene er sendt til rådet" in page
    assert "For sent.</textarea>" in page
    assert row_of(sent).text == "I tide."


def test_write_section__of_a_postponed_case_keeps_the_recommendation_that_was_treated(world, as_role):
    postponed = stories.decided(world.home, "postpone")
    before = AgendaItem.objects.get(initiative=postponed).recommendation
    client = as_role(Role.SECRETARIAT)
    assert client.post(url_of(postponed, "recommendation"), posted(1, "Ny innstilling.")).status_code == 302
    assert AgendaItem.objects.get(initiative=postponed).recommendation == before
    data = {"meeting": stories.meeting(world.home)}
    by, now = world.home.actor(Role.SECRETARIAT), timezone.now()
    initiative_workflow.perform("put_on_agenda", postponed, by=by, now=now, data=data)
    items = AgendaItem.objects.filter(initiative=postponed).order_by("pk")
    assert [item.recommendation for item in items] == [before, "Ny innstilling."]


# --- Two who write at once --------------------------------------------------------------------------
def test_write_section__of_two_at_once_tells_the_second_who_and_when_and_shows_both(
    world, case, as_role, write
):
    write("Felles start.")
    write("Sekretariatet skrev dette.", Role.SECRETARIAT)
    client = as_role(Role.COORDINATOR)
    response = client.post(url_of(case), posted(1, "Koordinatoren skrev noe annet."))
    page = response.content.decode()
    assert response.status_code == 409
    assert f"{world.home.person(Role.SECRETARIAT)} har skrevet i denne delen" in page
    assert "Koordinatoren skrev noe annet.</textarea>" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "fjernet:" in page
    assert "hx-post" not in page.partition("data-guard")[2].partition("</form>")[0]
    assert row_of(case).text == "Sekretariatet skrev dette."


def test_choose_own_text__keeps_the_other_among_the_versions(case, as_role, write):
    write("Start.")
    write("Deres.", Role.SECRETARIAT)
    data = posted(2, "Mitt.", choice="mine")
    assert as_role(Role.COORDINATOR).post(url_of(case), data).status_code == 302
    assert row_of(case).text == "Mitt."
    assert [one.text for one in versions_of(row_of(case))] == ["Mitt.", "Deres.", "Start."]


def test_choose_own_text__in_two_windows_of_one_person_keeps_both(case, as_role, write):
    write("Start.")
    write("Fra det andre vinduet.")
    as_role(Role.COORDINATOR).post(url_of(case), posted(2, "Fra dette.", choice="mine"))
    assert [one.text for one in versions_of(row_of(case))] == ["Fra dette.", "Fra det andre vinduet."]


def test_choose_their_text__keeps_ones_own_among_the_versions(case, as_role, write):
    write("Start.")
    write("Deres.", Role.SECRETARIAT)
    data = posted(2, "Mitt.", choice="theirs")
    assert as_role(Role.COORDINATOR).post(url_of(case), data).status_code == 302
    stands = row_of(case)
    assert (stands.text, stands.version, stands.restores) == ("Deres.", 4, 2)
    assert [one.text for one in versions_of(stands)] == ["Deres.", "Mitt.", "Deres.", "Start."]


def test_choose_text__when_it_was_saved_once_more_is_a_conflict_again(case, as_role, write):
    for text in ("Start.", "Deres.", "Deres igjen."):
        write(text, Role.SECRETARIAT)
    for choice in ("mine", "theirs"):
        response = as_role(Role.COORDINATOR).post(url_of(case), posted(2, "Mitt.", choice=choice))
        assert response.status_code == 409
        assert response.context["form"]["base"].value() == "3"
    assert row_of(case).text == "Deres igjen."


def test_write_section__typed_alike_by_both_is_no_conflict(case, as_role, write):
    write("Likt.", Role.SECRETARIAT)
    assert as_role(Role.COORDINATOR).post(url_of(case), posted(0, "Likt.")).status_code == 302
    assert row_of(case).version == 1


def test_write_section__first_of_all_by_two_at_once_loses_nothing(case, as_role, write):
    write("Første.", Role.SECRETARIAT)
    response = as_role(Role.COORDINATOR).post(url_of(case), posted(0, "Andre."), headers=HTMX)
    assert response.status_code == 409
    assert "Trykk «Lagre», så ser du begge tekstene." in response.content.decode()
    assert row_of(case).text == "Første."


def test_write_sections__of_two_in_different_ones_never_meet(case, as_role, write):
    write("Bakgrunn 1.")
    write("Risiko 1.", key="risk")
    assert as_role(Role.SECRETARIAT).post(url_of(case), posted(1, "Bakgrunn 2.")).status_code == 302
    assert as_role(Role.COORDINATOR).post(url_of(case, "risk"), posted(1, "Risiko 2.")).status_code == 302
    assert (row_of(case).text, row_of(case, "risk").text) == ("Bakgrunn 2.", "Risiko 2.")


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30, "1\x00"])
def test_write_section__with_a_broken_version_writes_over_nothing(case, as_role, write, base):
    write("Tekst.")
    assert as_role(Role.COORDINATOR).post(url_of(case), posted(base, "Annet.")).status_code in {409, 422}
    assert row_of(case).text == "Tekst."


# --- Versions ---------------------------------------------------------------------------------------
def test_list_versions__takes_a_sitting_as_one(case, write):
    for minute, text in enumerate(("B", "Be", "Beh", "Behov.")):
        write(text, minutes=minute)
    write("Behov. Og mer.", Role.SECRETARIAT, minutes=5)
    write("Behov. Og mer. Til slutt.", Role.SECRETARIAT, minutes=60)
    shown = [(one.number, one.text) for one in versions_of(row_of(case))]
    assert shown == [(6, "Behov. Og mer. Til slutt."), (5, "Behov. Og mer."), (4, "Behov.")]


def test_compare_versions__shows_words_and_paragraphs(world, case, as_role, write):
    write("Vi har ti biler.\n\nDe er gamle.")
    write("Vi har tolv biler.\n\nDe er gamle.", Role.SECRETARIAT)
    response = as_role(Role.COORDINATOR).get(url_of(case, KEY, "versions"))
    page = response.content.decode()
    assert (response.context["pair"].older.number, response.context["pair"].newer.number) == (1, 2)
    assert "ti</del>" in page
    assert "tolv</ins>" in page
    assert page.count("De er gamle.") >= 1
    assert str(world.home.person(Role.SECRETARIAT)) in page


@pytest.mark.parametrize("query", ["?fra=2&til=1", "?fra=x&til=%00", "?fra=99&til=-1", "?fra=1&til=1"])
def test_compare_versions__whatever_is_asked_for(case, as_role, write, query):
    write("En.")
    write("To.", Role.SECRETARIAT)
    response = as_role(Role.COORDINATOR).get(url_of(case, KEY, "versions") + query)
    assert response.status_code == 200
    assert response.context["pair"].older.number == 1


def test_list_versions__where_nothing_is_written(case, as_role):
    page = as_role(Role.COORDINATOR).get(url_of(case, KEY, "versions"))
    assert "Ingenting er skrevet ennå." in page.content.decode()


def test_take_back_version__stands_as_a_new_one(case, as_role, write):
    write("Den gode teksten.")
    write("Den dårlige.", Role.SECRETARIAT)
    client = as_role(Role.COORDINATOR)
    assert client.post(url_of(case, KEY, "take_back", 1), {"version": "2"}).status_code == 302
    stands = row_of(case)
    assert (stands.text, stands.version, stands.restores) == ("Den gode teksten.", 3, 1)
    page = client.get(url_of(case, KEY, "versions")).content.decode()
    assert "hentet tilbake fra versjon 1" in page


def test_take_back_version__after_somebody_saved_is_refused(case, as_role, write):
    write("Første.")
    write("Andre.", Role.SECRETARIAT)
    client = as_role(Role.COORDINATOR)
    for version in ("1", "", "x"):
        page = client.post(url_of(case, KEY, "take_back", 1), {"version": version}, follow=True)
        assert "lagret delen imens" in page.content.decode()
    assert row_of(case).text == "Andre."


def test_take_back_version__that_does_not_exist_is_not_found(case, as_role, write):
    write("Første.")
    assert (
        as_role(Role.COORDINATOR).post(url_of(case, KEY, "take_back", 7), {"version": "1"}).status_code == 404
    )


def test_save_section__asks_policy_and_guard(world, case, write):
    with pytest.raises(TransitionDenied):
        write("Mitt.", Role.SECTOR_LEADER)
    with pytest.raises(StaleVersion):
        write("Mitt.", version=4)
    adopted = stories.adopted(world.home)
    with pytest.raises(TransitionBlocked):
        paper_writing.take_back(
            adopted, KIND, 1, version=1, by=world.home.actor(Role.COORDINATOR), now=timezone.now()
        )


def test_tell_history__one_line_a_day_and_person(case, write):
    for text in ("En.", "To.", "Tre."):
        write(text)
    assert [entry.action for entry in timeline(case)].count("write_case_paper") == 1


@pytest.mark.parametrize("page", ["edit", "versions"])
def test_open_section__costs_at_most_twelve_queries(
    case, as_role, write, page, django_assert_max_num_queries
):
    for minute in range(0, 400, 40):
        write(f"Tekst {minute}.", minutes=minute)
    client = as_role(Role.SECRETARIAT)
    client.get(url_of(case, KEY, page))
    with django_assert_max_num_queries(12):
        client.get(url_of(case, KEY, page))


# --- Forgetting, and words ---------------------------------------------------------------------------
def test_forget_section__in_every_version_and_what_went_out(world):
    secret = "Fru Ødegård bor i Storgata 1"
    sent = stories.on_agenda(world.home, at := stories.meeting(world.home))
    by = world.home.actor(Role.SECRETARIAT)
    typed = Typed(text=secret, version=1)
    paper_writing.save_section(sent, kind_of("recommendation"), typed, by=by, now=timezone.now())
    typed = Typed(text=f"{secret}, ny tekst", version=2)
    paper_writing.save_section(sent, kind_of("recommendation"), typed, by=by, now=timezone.now())
    meeting_workflow.perform("summon", at, by=by, now=timezone.now())
    row = row_of(sent, "recommendation")
    forget(row, columns=["text"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert {one.text for one in versions_of(row)} == {"[fjernet]"}
    paper = CasePaper.objects.get(initiative=sent)
    assert paper.published["recommendation"] == "[fjernet]"
    assert "Tekst" in paper.published["summary"]
    assert AgendaItem.objects.get(initiative=sent).recommendation == "[fjernet]"
    texts = [event.published for event in CasePaper.pgh_event_model.objects.filter(pgh_obj_id=paper.pk)]
    assert secret not in str(texts)


def test_compare_paragraphs__moves_nothing_between_them():
    old, new = "Først.\n\nBlir likt.\n\nTas bort.", "Først nå.\n\nBlir likt."
    parts = diff_paragraphs(old, new)
    kinds = [[(part.kind, part.text) for part in paragraph] for paragraph in parts]
    assert kinds[1] == [("kept", "Blir likt.")]
    assert kinds[2] == [("removed", "Tas bort.")]
    assert ("added", "Først nå.") in kinds[0]
