"""The pages of a duty: checklist, judgement, the report to Datatilsynet, the letter, and their files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from core.models import AccessLog
from deviations import breach, operations
from deviations.models import Anonymity, Danger, Duty, Question
from organization.roles import Role
from tests.deviations import stories

ANSWERS = {
    "personal_data": "yes", "high_risk": "yes", "breach_of": "Konfidensialitet (noen så det de ikke skulle)",
    "breach_number": "42", "breach_data": "Fødselsnummer; Helse", "breach_special": "yes", "breach_where": "I en e-post",
    "breach_stopped": "no",
}  # fmt: skip
WHOLE = {
    "cause": "human", "people": "42", "what": "Et brev gikk til feil adresse.", "kinds": ["Helse"], "relations": ["patients"],
    "consequences": "Noen kan ha lest det.", "measures": "Brevet er hentet.", "contact_name": "Leder i Heim",
    "prevention": "To ser over adressen.",
}  # fmt: skip


@pytest.fixture
def place(world):
    return world.home


def duty_of(place, wanted="GDPR_33", /, **fields) -> Duty:
    values = {
        "code": "IS-FEILSENDT",
        "answers": ANSWERS,
        "discovered_at": timezone.now() - timedelta(hours=2),
        **fields,
    }
    return stories.report(place, **values).duties.get(code=wanted)


def address(duty, rest=""):
    return f"/avvik/plikt/{duty.pk}/{rest}"


def wall(moment) -> str:
    """Write a moment as the browser's control sends it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def write(client, duty, **values):
    duty.refresh_from_db()
    return client.post(address(duty, "melding/"), {"seen": duty.seen, **WHOLE, **values})


def send(client, duty, kind="first", **values):
    data = {"kind": kind, "at": wall(timezone.now()), "reference": "AR123", **values}
    return client.post(address(duty, "melding/send/"), data)


# --- The page of a duty ------------------------------------------------------------------------
def test_page__says_what_why_whom_how_and_how_long(as_role, place):
    duty = duty_of(
        place,
        "AML_5_2",
        code="HMS-BRANN",
        danger=Danger.INJURED,
        answers={"serious_injury": "Bevissthetstap"},
    )
    page = as_role(Role.LEADER).get(address(duty)).content.decode()
    for words in (
        duty.name, "Gjelder noe av dette", "Bevissthetstap", "Arbeidstilsynet, Politiet", "Telefon først",
        'href="tel:73199700"', "Straks", "arbeidsmiljøloven § 5-2", "Kopi til verneombudet", "0 av 5 punkter",
        "for 2 timer siden",
    ):  # fmt: skip
        assert escape(words) in page or words in page, words


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.LEADER, 200), (Role.SECTOR_LEADER, 200), (Role.PRIVACY_OFFICER, 200), (Role.EMPLOYEE, 200),
        (Role.VERNEOMBUD, 404), (Role.HR, 404), (Role.CHANGE_AGENT, 404), (Role.ADMINISTRATOR, 404),
    ],
)  # fmt: skip
def test_page__for_those_who_read_the_case(as_role, place, role, status):
    duty = duty_of(place)
    assert as_role(role).get(address(duty)).status_code == status


def test_page__of_another_municipality_is_not_found(as_role, world):
    duty = duty_of(world.neighbor)
    client = as_role(Role.PRIVACY_OFFICER)
    for rest in ("", "melding/", "melding/send/", "dokument/pdf/", f"punkt/{duty.stamps.first().pk}/"):
        assert client.get(address(duty, rest)).status_code == 404, rest


def test_page__the_reporter_reads_but_does_not_write(as_role, place):
    duty = duty_of(place)
    client = as_role(Role.EMPLOYEE)
    assert "Stemple" not in client.get(address(duty)).content.decode().split("<main")[1]
    for rest in (
        "melding/",
        "melding/send/",
        f"punkt/{duty.stamps.first().pk}/",
        "handling/judge_not_notifiable/",
    ):
        assert client.get(address(duty, rest)).status_code == 403, rest


def test_page__does_not_name_a_reporter_who_is_hidden(as_role, place):
    duty = duty_of(place, anonymity=Anonymity.HIDDEN)
    operations.stamp_duty(
        duty.stamps.first(),
        proof="Vurdert",
        at=timezone.now(),
        by=place.actor(Role.LEADER),
        now=timezone.now(),
    )
    page = as_role(Role.LEADER).get(address(duty)).content.decode().split("<main")[1]
    assert place.person(Role.EMPLOYEE).name not in page
    assert "Meldeplikt stemplet" in page


def test_page__of_a_confidential_case_is_logged(as_role, place):
    duty = duty_of(place, code="IS-SNOK")
    as_role(Role.PRIVACY_OFFICER).get(address(duty))
    assert AccessLog.objects.filter(
        person=place.person(Role.PRIVACY_OFFICER), object_id=duty.deviation_id, what="deviation"
    ).exists()


def test_page__query_count_is_small_and_constant(as_role, place, django_assert_max_num_queries):
    duty = duty_of(place, "AML_5_2", answers={"violence": "yes"})
    client = as_role(Role.LEADER)
    with django_assert_max_num_queries(12):
        client.get(address(duty))
    for stamp in duty.stamps.all()[:4]:
        operations.stamp_duty(
            stamp, proof="Ja", at=timezone.now(), by=place.actor(Role.LEADER), now=timezone.now()
        )
    with django_assert_max_num_queries(12):
        client.get(address(duty))


# --- The checklist -----------------------------------------------------------------------------
def test_stamp__keeps_what_was_typed_when_the_time_cannot_be(as_role, place):
    duty = duty_of(place)
    stamp, client = duty.stamps.first(), as_role(Role.LEADER)
    for at, words in (
        (wall(timezone.now() + timedelta(hours=2)), "ikke kommet"),
        (wall(timezone.now() - timedelta(days=3)), "før avviket ble oppdaget"),
        ("i går", "Skriv dato og klokkeslett"),
        ("", "Du må fylle ut"),
    ):
        answer = client.post(address(duty, f"punkt/{stamp.pk}/"), {"at": at, "proof": "Snakket med Hansen"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Snakket med Hansen" in answer.content.decode()
    assert (
        client.post(
            address(duty, f"punkt/{stamp.pk}/"), {"at": wall(timezone.now()), "proof": ""}
        ).status_code
        == 422
    )
    stamp.refresh_from_db()
    assert stamp.done_at is None


def test_stamp__with_a_time_of_ones_own_and_takes_it_away_again(as_role, place):
    duty = duty_of(place)
    stamp, client = duty.stamps.first(), as_role(Role.LEADER)
    at = timezone.now() - timedelta(hours=1)
    answer = client.post(
        address(duty, f"punkt/{stamp.pk}/"), {"at": wall(at), "proof": "Ref. 9"}, follow=True
    )
    assert answer.status_code == 200
    stamp.refresh_from_db()
    assert stamp.done_at == at.replace(second=0, microsecond=0)
    assert client.post(address(duty, f"punkt/{stamp.pk}/fjern/"), {"reason": ""}).status_code == 422
    client.post(address(duty, f"punkt/{stamp.pk}/fjern/"), {"reason": "Feil"})
    stamp.refresh_from_db()
    assert stamp.done_at is None


def test_stamp__of_another_duty_is_not_found(as_role, place):
    duty, other = duty_of(place), duty_of(place)
    assert as_role(Role.LEADER).get(address(duty, f"punkt/{other.stamps.first().pk}/")).status_code == 404


def test_stamp__when_the_duty_is_judged_says_what_to_do(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    client.post(address(duty, "handling/judge_not_notifiable/"), {"reason": "Ingen risiko"})
    answer = client.get(address(duty, f"punkt/{duty.stamps.first().pk}/"))
    assert answer.status_code == 409
    assert "Åpne den igjen" in answer.content.decode()
    page = client.get(address(duty)).content.decode()
    assert "Ingen risiko" in page
    assert place.person(Role.LEADER).name in page
    client.post(address(duty, "handling/reopen_duty/"), {"reason": "Nye opplysninger"})
    duty.refresh_from_db()
    assert duty.is_open


# --- The report to Datatilsynet ----------------------------------------------------------------
def test_report__is_filled_in_from_the_answers(as_role, place):
    form = as_role(Role.LEADER).get(address(duty_of(place), "melding/")).context["form"]
    assert form["people"].value() == "42"
    assert form["breach_of"].value() == ["Konfidensialitet (noen så det de ikke skulle)"]
    assert form["kinds"].value() == ["Fødselsnummer", "Helse"]
    assert form["special"].value() == "yes"
    assert form["where_now"].value() == "I en e-post"
    assert form["is_ongoing"].value() is True
    assert "Er bruddet stanset? Nei." in form["measures"].value()
    assert form["dpo_name"].value() == place.person(Role.PRIVACY_OFFICER).name
    assert form["contact_email"].value() == place.person(Role.LEADER).email


def test_report__offers_the_choices_of_the_catalogue_and_keeps_older_words(as_role, place):
    duty = duty_of(place)
    Question.objects.filter(municipality=place.municipality, code="breach_data").update(
        choices=["Stemmeopptak"]
    )
    form = as_role(Role.LEADER).get(address(duty, "melding/")).context["form"]
    assert [value for value, _label in form.fields["kinds"].choices] == [
        "Stemmeopptak",
        "Fødselsnummer",
        "Helse",
    ]


def test_report__stands_in_the_order_of_the_form_of_datatilsynet():
    order = [str(item.heading) for item in breach.REPORT]
    asked = [
        "Hovedårsak", "Tidsrom", "Når ble avviket oppdaget?", "Antall personer som er berørt (omtrent)", "Hva har skjedd?",
        "Hvordan oppsto avviket?", "Hva slags personopplysninger?", "Særlige kategorier", "Kommunens relasjon til de berørte",
        "Hvor er opplysningene nå?", "Mulige konsekvenser for de berørte",
        "Hva er gjort for å stanse bruddet og begrense følgene?", "Kontaktperson", "Personvernombud",
    ]  # fmt: skip
    assert [heading for heading in order if heading in asked] == asked


def test_report__is_kept_and_read_back(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    started = timezone.now() - timedelta(hours=9)
    assert write(client, duty, started_at=wall(started), is_ongoing="on").status_code == 302
    form = client.get(address(duty, "melding/")).context["form"]
    assert form["what"].value() == WHOLE["what"]
    assert form["started_at"].value().strftime("%H:%M") == timezone.localtime(started).strftime("%H:%M")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"people": "mange"}, "Skriv et helt tall"),
        ({"people": "-3"}, "mindre enn 0"),
        ({"started_at": "2099-01-01T10:00"}, "ikke kommet"),
        ({"started_at": "2026-01-02T10:00", "ended_at": "2026-01-01T10:00"}, "før det begynte"),
        ({"ended_at": "2026-01-01T10:00", "is_ongoing": "on"}, "Kryss ikke av"),
        ({"contact_email": "kari"}, "kari"),
        ({"what": "x" * 4001}, "høyst 4000"),
        ({"kinds": ["Noe annet"]}, "Noe annet"),
        ({"cause": "magi"}, "magi"),
    ],
)
def test_report__keeps_what_was_typed_when_it_cannot_be(as_role, place, values, words):
    duty, client = duty_of(place), as_role(Role.LEADER)
    answer = write(client, duty, **values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page.replace("\xa0", " ")
    assert WHOLE["consequences"] in page


def test_report__of_two_who_write_loses_nothing(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    seen = duty.seen
    write(client, duty, what="Den første teksten")
    answer = client.post(address(duty, "melding/"), {**WHOLE, "seen": seen, "what": "Den andre teksten"})
    assert answer.status_code == 409
    assert "Den andre teksten" in answer.content.decode()
    duty.refresh_from_db()
    assert duty.details["report"]["what"] == "Den første teksten"
    again = client.post(
        address(duty, "melding/"),
        {**WHOLE, "seen": answer.context["form"]["seen"].value(), "what": "Den andre teksten"},
    )
    assert again.status_code == 302


def test_send__step_by_step_keeps_each_part_with_time_and_name(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    write(client, duty, what="Det vi vet nå")
    assert send(client, duty).status_code == 302
    write(client, duty, what="Mer", prevention="")
    assert send(client, duty, "additional", reference="AR124").status_code == 302
    write(client, duty, what="Alt")
    assert send(client, duty, "final", reference="AR125").status_code == 302
    duty.refresh_from_db()
    parts = duty.details["parts"]
    assert [(part["kind"], part["reference"], part["report"]["what"]) for part in parts] == [
        ("first", "AR123", "Det vi vet nå"), ("additional", "AR124", "Mer"), ("final", "AR125", "Alt"),
    ]  # fmt: skip
    assert {part["name"] for part in parts} == {place.person(Role.LEADER).name}
    stamped = {stamp.code: stamp.proof for stamp in duty.stamps.exclude(done_at=None)}
    assert stamped == {"forste_melding": "Første melding: AR123", "siste_melding": "Siste melding: AR125"}
    assert duty.is_open  # the risk is not stamped as assessed
    page = client.get(address(duty)).content.decode()
    assert "AR124" in page
    text = client.get(address(duty, "dokument/tekst/"), {"del": 1}).content.decode()
    assert "Det vi vet nå" in text
    assert "AR123" in text


def test_send__a_report_that_is_whole_at_once_is_the_first_and_the_last(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    write(client, duty)
    send(client, duty, "final")
    assert set(duty.stamps.exclude(done_at=None).values_list("code", flat=True)) == {
        "forste_melding",
        "siste_melding",
    }


def test_send__says_what_is_missing(as_role, place):
    duty, client = duty_of(place), as_role(Role.LEADER)
    empty = send(client, duty)
    assert empty.status_code == 409
    assert "lagre meldingen først" in empty.content.decode()
    write(client, duty, consequences="", relations=[])
    half = send(client, duty, "final").content.decode()
    assert "Mulige konsekvenser" in half
    assert "relasjon" in half
    assert send(client, duty).status_code == 302
    assert send(client, duty).status_code == 422  # the first is no choice any more


def test_send__after_the_deadline_asks_why(as_role, place):
    duty, client = duty_of(place, discovered_at=timezone.now() - timedelta(hours=80)), as_role(Role.LEADER)
    write(client, duty)
    answer = send(client, duty)
    assert answer.status_code == 409
    assert "art. 33 nr. 1" in answer.content.decode()
    write(client, duty, delay_reason="Det ble funnet i en sikkerhetskopi.")
    assert send(client, duty).status_code == 302


def test_report__as_text_and_as_pdf(as_role, place):
    duty, client = duty_of(place, description="Brev til #feil [adresse] $x$"), as_role(Role.LEADER)
    for rest in ("dokument/tekst/", "dokument/pdf/"):
        assert client.get(address(duty, rest)).status_code == 404
    write(client, duty, what="Brev til #feil [adresse] $x$")
    answer = client.get(address(duty, "dokument/tekst/"))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert "Hva har skjedd?\nBrev til #feil [adresse] $x$\n" in text
    assert (
        text.index("Hovedårsak\nMenneskelig feil")
        < text.index("Antall personer")
        < text.index("Kontaktperson")
    )
    pdf = client.get(address(duty, "dokument/pdf/"))
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Cache-Control"] == "private, no-store"
    for rest in ("dokument/docx/", "dokument/pdf/?del=1", "dokument/pdf/?del=x", "dokument/tekst/?del=-1"):
        assert client.get(address(duty, rest)).status_code == 404


# --- The letter --------------------------------------------------------------------------------
def test_letter__begins_with_what_datatilsynet_was_told(as_role, place):
    report, client = duty_of(place), as_role(Role.LEADER)
    write(client, report)
    letter = report.deviation.duties.get(code="GDPR_34")
    form = client.get(address(letter, "underretning/")).context["form"]
    assert form["description"].value() == WHOLE["what"]
    assert form["measures"].value() == "Brevet er hentet.\nTo ser over adressen."
    assert place.person(Role.PRIVACY_OFFICER).name in form["contact"].value()
    data = {
        "seen": letter.seen, "description": "Brevet ditt gikk feil.", "consequences": "Noen kan ha lest det.",
        "measures": "Vi har hentet det.", "contact": "Personvernombudet", "people": "1 200", "way": "Brev i posten",
    }  # fmt: skip
    assert client.post(address(letter, "underretning/"), data).status_code == 302
    text = client.get(address(letter, "dokument/tekst/")).content.decode()
    assert "Hva kan dette bety for deg?\nNoen kan ha lest det." in text
    for hidden in ("Brev i posten", "1200", letter.deviation.number, letter.deviation.type_name):
        assert hidden not in text
    assert client.get(address(letter, "dokument/pdf/")).content.startswith(b"%PDF")
    assert "1 200 personer" in client.get(address(letter)).content.decode().replace("\xa0", " ")


def test_pages__only_of_the_duty_they_belong_to(as_role, place):
    case = stories.report(place, danger=Danger.INJURED, answers={"violence": "yes"})
    duty, client = case.duties.get(), as_role(Role.LEADER)
    for rest in ("melding/", "melding/send/", "underretning/", "dokument/pdf/", "dokument/tekst/"):
        assert client.get(address(duty, rest)).status_code == 404, rest
