"""The pages of the catalogue: who looks after it, what each save keeps, and what two editors see of each other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from deviations import operations
from deviations.models import (
    Answer,
    Cause,
    Danger,
    DeviationRules,
    DeviationType,
    DutyTemplate,
    Question,
    RoutingRule,
)
from deviations.operations import catalogue
from deviations.routing import route
from organization.roles import Role
from tests.deviations import stories
from tests.world import end_roles_of

ROOT = "/avvik/katalog/"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def editor(place):
    return place.actor(Role.QUALITY_MANAGER)


def row(place, model=DeviationType, code="HMS-FALL"):
    return model.objects.get(municipality=place.municipality, code=code)


def address(part, one, rest=""):
    return f"{ROOT}{part}/{one.pk}/{rest}"


def type_data(one, **changes):
    data = {
        "name": one.name, "category": one.category, "keywords": one.keywords, "question_sets": one.question_sets, "asks": one.asks,
        "confidential_roles": one.confidential_roles, "refers_to": one.refers_to, "version": one.version,
        "identity_kept_months": "", "deleted_after_years": "",
        "disposal_decision": one.disposal_decision, **changes,
    }  # fmt: skip
    return data | ({"is_confidential": "on"} if one.is_confidential else {})


def question_data(one, **changes):
    return {
        "set": one.set, "text": one.text, "help": one.help, "choices": "\n".join(one.choices), "categories": one.categories,
        "starts": one.starts, "opens": one.opens, "version": one.version, **({"only_in_danger": "on"} if one.only_in_danger else {}),
        **changes,
    }  # fmt: skip


def duty_data(one, **changes):
    points = {f"point_{n}": point["label"] for n, point in enumerate(one.stamps)}
    points |= {f"meets_{n}": "on" for n, point in enumerate(one.stamps) if point.get("meets_deadline")}
    return {
        "name": one.name, "recipients": "\n".join(one.recipients), "deadline": one.deadline, "hours": one.hours or "",
        "escalation_hours": ", ".join(map(str, one.escalation_hours)), "escalation_roles": one.escalation_roles,
        "channel": one.channel, "phone": one.phone, "guidance": one.guidance, "source": one.source, "version": one.version,
        **points, **changes,
    }  # fmt: skip


# --- Who ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.QUALITY_MANAGER, Role.ADMINISTRATOR])
def test_open_catalogue__those_who_look_after_it(as_role, role):
    assert as_role(role).get(ROOT).status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER, Role.KOMMUNEDIREKTOR, Role.VERNEOMBUD, Role.EMPLOYEE])
def test_open_catalogue__others_are_refused(as_role, place, role):
    client = as_role(role)
    assert client.get(ROOT).status_code == 403
    assert client.get(address("typer", row(place))).status_code == 403


def test_edit_row__of_the_neighbor_is_not_there(as_role, world):
    client, theirs = as_role(Role.QUALITY_MANAGER), row(world.neighbor)
    for rest in ("", "historikk/"):
        assert client.get(address("typer", theirs, rest)).status_code == 404
    for rest in ("bruk/", "flytt/"):
        assert client.post(address("typer", theirs, rest), {"retning": "opp"}).status_code == 404
    assert client.post(address("typer", theirs), type_data(theirs, name="Vår")).status_code == 404
    with pytest.raises(TransitionDenied):
        catalogue.edit_row(
            theirs, {"name": "Vår"}, version=1, by=world.home.actor(Role.QUALITY_MANAGER), now=timezone.now()
        )


def test_list_catalogue__shows_only_the_own(as_role, place, world):
    DeviationType.objects.filter(pk=row(world.neighbor).pk).update(name="Grannens egen type")
    page = as_role(Role.QUALITY_MANAGER).get(ROOT).content.decode()
    assert "Grannens egen type" not in page
    assert row(place).name in page


# --- What a save keeps ---------------------------------------------------------------------------
def test_edit_type__makes_a_version_with_who_and_what(as_role, place):
    client, fall = as_role(Role.QUALITY_MANAGER), row(place)
    assert client.post(address("typer", fall), type_data(fall, name="Fall hos ansatt")).status_code == 302
    fall.refresh_from_db()
    assert (fall.name, fall.version) == ("Fall hos ansatt", 2)
    page = client.get(address("typer", fall, "historikk/")).content.decode()
    assert "Fall eller snubling (ansatt)" in page
    assert "Fall hos ansatt" in page
    assert place.person(Role.QUALITY_MANAGER).name in page
    first = fall.pgh_event_model.objects.filter(pgh_obj_id=fall.pk).order_by("pgh_id")[0].pgh_id
    assert (
        "ved siden av i dag" in client.get(address("typer", fall, f"historikk/?mot={first}")).content.decode()
    )


def test_move_type__old_cases_keep_category_name_and_wording(place, editor):
    answers = {"staff_injured": "yes", "serious_injury": "no"}
    case = stories.in_progress(place, danger=Danger.INJURED, answers=answers)
    asked = row(place, Question, "staff_injured")
    wording = asked.text
    catalogue.edit_row(
        row(place),
        {"category": "organization", "name": "Fall, ny plass"},
        version=1,
        by=editor,
        now=timezone.now(),
    )
    catalogue.edit_row(asked, {"text": "Ble noen hos oss skadet?"}, version=1, by=editor, now=timezone.now())
    case.refresh_from_db()
    assert (case.category, case.type_name, case.type_version) == ("hms", "Fall eller snubling (ansatt)", 1)
    assert Answer.objects.get(deviation=case, question=asked).wording == wording
    operations.assess(
        case,
        type_=row(place),
        category="organization",
        severity=2,
        by=place.actor(Role.LEADER),
        now=timezone.now(),
    )
    case.refresh_from_db()
    assert (case.category, case.type_name, case.severity) == ("hms", "Fall eller snubling (ansatt)", 2)
    new = stories.report(place)
    assert (new.category, new.type_name, new.type_version) == ("organization", "Fall, ny plass", 2)


def test_assess__another_type_takes_its_words_of_today(place):
    case = stories.in_progress(place)
    other = row(place, code="HMS-KLEM")
    operations.assess(
        case, type_=other, category="", severity=1, by=place.actor(Role.LEADER), now=timezone.now()
    )
    case.refresh_from_db()
    assert case.type_name == other.name


def test_edit_type__two_at_once_see_each_other(as_role, place, editor):
    client, fall = as_role(Role.QUALITY_MANAGER), row(place)
    catalogue.edit_row(fall, {"name": "Navnet den andre ga"}, version=1, by=editor, now=timezone.now())
    answer = client.post(address("typer", fall), type_data(fall, name="Mitt navn", version=1))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "den andre" in page
    assert 'value="Mitt navn"' in page
    assert 'name="version" value="2"' in page
    assert (
        client.post(address("typer", fall), type_data(fall, name="Mitt navn", version=2)).status_code == 302
    )
    assert row(place).name == "Mitt navn"


def test_edit_row__stale_version_is_refused(place, editor):
    catalogue.edit_row(row(place), {"name": "A"}, version=1, by=editor, now=timezone.now())
    with pytest.raises(StaleVersion):
        catalogue.edit_row(row(place), {"name": "B"}, version=1, by=editor, now=timezone.now())


def test_add_type__can_be_reported_and_has_its_own_code(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    data = type_data(DeviationType(name="Hund på arbeidsplassen", category="hms"), version="")
    assert client.post(f"{ROOT}typer/ny/", data).status_code == 302
    made = DeviationType.objects.get(municipality=place.municipality, name="Hund på arbeidsplassen")
    assert made.code.startswith("HMS-HUND")
    assert stories.report(place, code=made.code).type_name == made.name
    assert client.post(f"{ROOT}typer/ny/", data).status_code == 422


def test_retire_type__is_not_offered_and_can_come_back(as_role, place):
    client, fall = as_role(Role.QUALITY_MANAGER), row(place)
    assert client.post(address("typer", fall, "bruk/"), {"version": 1, "i_bruk": "nei"}).status_code == 302
    assert not row(place).is_active
    assert client.post(address("typer", fall, "bruk/"), {"version": 1, "i_bruk": "nei"}).status_code == 409
    assert client.post(address("typer", fall, "bruk/"), {"version": 1, "i_bruk": "ja"}).status_code == 409
    assert client.post(address("typer", fall, "bruk/"), {"version": 2, "i_bruk": "ja"}).status_code == 302
    assert row(place).is_active
    assert client.post(address("typer", fall, "bruk/"), {"version": "x", "i_bruk": "nei"}).status_code == 409


def test_retire_question__that_others_need_is_refused(place, editor):
    asked = row(place, Question, "staff_injured")
    with pytest.raises(Refused) as refused:
        catalogue.retire(asked, version=1, by=editor, now=timezone.now())
    assert "Yrkesskademelding" in str(refused.value)
    assert "Gjelder noe av dette skaden" in str(refused.value)
    choice = row(place, Question, "medication_step")
    assert not catalogue.retire(choice, version=1, by=editor, now=timezone.now()).is_active


def test_move_row__changes_places_with_its_neighbor(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    rows = Question.objects.filter(municipality=place.municipality, set="medication").order_by(
        "position", "pk"
    )
    first, second = rows[0], rows[1]
    assert client.post(address("sporsmal", second, "flytt/"), {"retning": "opp"}).status_code == 302
    assert list(rows.all()[:2]) == [second, first]
    client.post(address("sporsmal", second, "flytt/"), {"retning": "opp"})
    assert rows.all()[0] == second
    assert client.post(address("sporsmal", second, "flytt/"), {"retning": "bort"}).status_code == 404


def test_move_row__where_all_stand_in_one_order(as_role, place):
    rows = DutyTemplate.objects.filter(municipality=place.municipality).order_by("position", "pk")
    first, second = rows[0], rows[1]
    assert (
        as_role(Role.QUALITY_MANAGER)
        .post(address("plikter", second, "flytt/"), {"retning": "opp"})
        .status_code
        == 302
    )
    assert list(rows.all()[:2]) == [second, first]


def test_add_row__the_same_form_sent_twice_adds_it_once(place, world, editor):
    now = timezone.now()

    def added(where, by):
        rats = DeviationType(
            municipality=where.municipality, name="Rotter i kjelleren", category="environment"
        )
        return catalogue.add_row(rats, by=by, now=now)

    first = added(place, editor)
    with pytest.raises(Refused, match="finnes alt"):
        added(place, editor)
    added(world.neighbor, world.neighbor.actor(Role.QUALITY_MANAGER))
    catalogue.retire(first, version=1, by=editor, now=now)
    added(place, editor)
    with pytest.raises(Refused, match="finnes alt"):
        catalogue.bring_back(first, version=2, by=editor, now=now)


# --- What is asked, and what is serious -------------------------------------------------------------
def test_edit_question__what_is_serious_starts_the_duty(as_role, place):
    serious = row(place, Question, "serious_injury")
    data = question_data(
        serious,
        choices="\n".join([*serious.choices, "Bitt av hund"]),
        shown_after="staff_injured",
        shown_on="Ja",
    )
    assert as_role(Role.QUALITY_MANAGER).post(address("sporsmal", serious), data).status_code == 302
    answers = {"staff_injured": "yes", "serious_injury": "Bitt av hund"}
    case = stories.report(place, danger=Danger.INJURED, answers=answers)
    assert case.duties.filter(code="AML_5_2").exists()


@pytest.mark.parametrize(
    ("code", "changes", "told"),
    [
        ("medication_step", {"choices": "Bare ett"}, "Skriv minst to valg"),
        ("injury_treated", {"choices": "A\nB"}, "Svarformen har ingen valg"),
        ("medication_name", {"starts": ["HTL_6"]}, "Bare ja/nei og valg kan starte en plikt"),
        ("serious_injury", {"shown_after": "staff_injured", "shown_on": "Kanskje"}, "Skriv et av svarene på"),
        ("staff_injured", {"shown_after": "serious_injury", "shown_on": "Dødsfall"}, "Velg et annet."),
        ("injury_treated", {"text": "Skjedde det i arbeidet?"}, "finnes alt"),
        ("injury_treated", {"set": "+", "new_set": " "}, "Skriv navnet på det nye settet"),
        ("medication_step", {"choices": "A\n" + "x" * 130}, "Linje 2 er for lang"),
        ("injury_treated", {"set": "finnes-ikke"}, "set"),
        ("injury_treated", {"text": ""}, "Du må fylle ut"),
    ],
)
def test_edit_question__says_what_is_wrong_and_keeps_what_was_typed(as_role, place, code, changes, told):
    one = row(place, Question, code)
    after = {"shown_after": next(iter(one.show_when), ""), "shown_on": "Ja" if one.show_when else ""}
    answer = as_role(Role.QUALITY_MANAGER).post(
        address("sporsmal", one), question_data(one, **{**after, **changes})
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()
    one.refresh_from_db()
    assert one.version == 1


def test_edit_question__its_form_of_answer_stays(as_role, place):
    one = row(place, Question, "injury_treated")
    as_role(Role.QUALITY_MANAGER).post(
        address("sporsmal", one), question_data(one, form="text", text="Så lege på det?")
    )
    one.refresh_from_db()
    assert (one.form, one.text) == ("yes_no", "Så lege på det?")


def test_add_question__in_a_set_of_its_own_is_asked_by_the_type(as_role, place):
    client, fall = as_role(Role.QUALITY_MANAGER), row(place)
    data = question_data(
        Question(set="+", text="Var gulvet vått?", form="yes_no"), form="yes_no", new_set="Fall", version=""
    )
    assert client.post(f"{ROOT}sporsmal/ny/", data).status_code == 302
    assert (
        client.post(address("typer", fall), type_data(fall, question_sets=["injury", "Fall"])).status_code
        == 302
    )
    assert row(place).question_sets == ["injury", "Fall"]


# --- Duties ------------------------------------------------------------------------------------------
def test_edit_duty__running_duties_keep_their_checklist(as_role, place):
    case = stories.report(place, code="IS-TAPT", answers={"personal_data": "yes", "high_risk": "no"})
    template = row(place, DutyTemplate, "GDPR_33")
    data = duty_data(template, point_1="Første melding sendt i Altinn", point_3="Kopi til arkivet")
    assert as_role(Role.QUALITY_MANAGER).post(address("plikter", template), data).status_code == 302
    template.refresh_from_db()
    assert [point["code"] for point in template.stamps] == [
        "vurdert",
        "forste_melding",
        "siste_melding",
        "kopi_til_arkivet",
    ]
    labels = case.duties.get(code="GDPR_33").stamps.order_by("pk").values_list("label", flat=True)
    assert "Første melding sendt" in list(labels)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hours": ""}, "Skriv hvor mange timer fristen er"),
        ({"deadline": "soon"}, "Timer hører bare til fristen"),
        ({"escalation_hours": "48, snart"}, "«snart» er ikke et antall timer"),
        ({"escalation_hours": "99999999999999"}, "er ikke et antall timer"),
        ({"escalation_roles": []}, "Velg hvem som varsles videre"),
        ({"meets_1": ""}, "Kryss av for minst ett punkt"),
        ({"recipients": " "}, "Du må fylle ut «Mottakere»"),
        ({"recipients": "Politiet\x00"}, "Mottakere"),
        ({"confirmed_on": "i går"}, "Skriv datoen som"),
        ({"hours": "1000000000000"}, "Tallet kan ikke være større"),
    ],
)
def test_edit_duty__says_what_is_wrong(as_role, place, changes, told):
    template = row(place, DutyTemplate, "GDPR_33")
    answer = as_role(Role.QUALITY_MANAGER).post(address("plikter", template), duty_data(template, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()


# --- Causes, types: bad input ---------------------------------------------------------------------------
def test_edit_cause__is_grouped_and_not_doubled(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    assert client.post(f"{ROOT}arsaker/ny/", {"group": "Dyr", "name": "Løs hund"}).status_code == 302
    assert client.post(f"{ROOT}arsaker/ny/", {"group": "Dyr", "name": "løs hund"}).status_code == 422
    assert Cause.objects.filter(municipality=place.municipality, group="Dyr").count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Du må fylle ut «Navn»"),
        ({"name": "Vold mot ansatt"}, "finnes alt"),
        ({"category": "hage"}, "Kategori"),
        ({"identity_kept_months": "36", "deleted_after_years": "2"}, "Skriv høyst 24 måneder"),
        ({"identity_kept_months": "-1"}, "Tallet kan ikke være mindre"),
        ({"deleted_after_years": "99999999999"}, "Tallet kan ikke være større"),
        ({"confidential_roles": ["employee"]}, "employee"),
        ({"refers_to": "brevdue"}, "brevdue"),
        ({"name": "x" * 161}, "Skriv høyst 160 tegn"),
    ],
)
def test_edit_type__says_what_is_wrong(as_role, place, changes, told):
    fall = row(place)
    answer = as_role(Role.QUALITY_MANAGER).post(address("typer", fall), type_data(fall, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert row(place).version == 1


# --- Deadlines and channels ----------------------------------------------------------------------------
def rules_data(rules, **changes):
    data = {
        name: getattr(rules, name)
        for name in (
            "receive_days",
            "answer_days",
            "reopening_days",
            "matrix",
            "yellow_from",
            "red_from",
            "small_unit",
        )
    }
    data |= {f"days_{severity}": days for severity, days in rules.handling_days.items()}
    for code, channel in rules.channels.items():
        data |= {f"{part}_{code}": channel[part] for part in ("title", "text", "url")}
    return {**data, "stamp": rules.changed_at.isoformat(), **changes}


def test_set_rules__deadlines_count_from_now_and_only_here(as_role, place, world):
    client = as_role(Role.QUALITY_MANAGER)
    rules = DeviationRules.objects.get(municipality=place.municipality)
    data = rules_data(rules, days_2="5", title_="Vernetjenesten", text_="Ring vernetjenesten.", url_="")
    answer = client.post(f"{ROOT}regler/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    rules.refresh_from_db()
    assert (rules.days_for(2), rules.channels["vernetjenesten"]["text"]) == (5, "Ring vernetjenesten.")
    assert DeviationRules.objects.get(municipality=world.neighbor.municipality).days_for(2) == 21
    answer = client.post(f"{ROOT}regler/", data)
    assert answer.status_code == 409
    assert client.get(f"{ROOT}regler/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days_4": "0"}, "Tallet kan ikke være mindre"),
        ({"red_from": "4", "yellow_from": "5"}, "Skriv et tall over 5"),
        ({"matrix": "3", "red_from": "12"}, "Matrisen går til 9"),
        (
            {"title_whistleblowing": "", "text_whistleblowing": "", "url_whistleblowing": ""},
            "Minst én type henviser hit",
        ),
        ({"text_whistleblowing": ""}, "Skriv hva melderen skal lese"),
        ({"url_whistleblowing": "javascript:alert(1)"}, "Lenken må begynne med https://"),
        (
            {"title_": "varsling om kritikkverdige forhold", "text_": "Ring."},
            "En annen kanal har dette navnet",
        ),
        ({"receive_days": "99999"}, "Skriv et tall fra 1 til"),
    ],
)
def test_set_rules__says_what_is_wrong(as_role, place, changes, told):
    rules = DeviationRules.objects.get(municipality=place.municipality)
    answer = as_role(Role.QUALITY_MANAGER).post(f"{ROOT}regler/", rules_data(rules, **changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_set_rules__keeps_every_channel(as_role, place):
    rules = DeviationRules.objects.get(municipality=place.municipality)
    for number in range(10 - len(rules.channels)):
        rules.channels[f"kanal_{number}"] = {"title": f"Kanal {number}", "text": "Ring.", "url": ""}
    rules.save()
    client = as_role(Role.QUALITY_MANAGER)
    assert 'name="title_"' not in client.get(f"{ROOT}regler/").content.decode()
    assert client.post(f"{ROOT}regler/", rules_data(rules, days_2="5")).status_code == 302
    stands = DeviationRules.objects.get(pk=rules.pk)
    assert (len(stands.channels), stands.channels) == (10, rules.channels)


def test_set_rules__a_new_channel_never_takes_the_place_of_another(as_role, place):
    rules = DeviationRules.objects.get(municipality=place.municipality)
    first = next(iter(rules.channels))
    data = rules_data(rules, title_=first.replace("_", " "), text_="Ring.", url_="")
    assert as_role(Role.QUALITY_MANAGER).post(f"{ROOT}regler/", data).status_code == 302
    stands = DeviationRules.objects.get(pk=rules.pk)
    assert stands.channels[first] == rules.channels[first]
    assert stands.channels[f"{first}_2"]["text"] == "Ring."


def test_set_rules__a_channel_that_came_meanwhile_stays_when_saved_once_more(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    rules = DeviationRules.objects.get(municipality=place.municipality)
    opened = rules_data(rules, days_2="5")
    assert (
        client.post(f"{ROOT}regler/", rules_data(rules, title_="Ny", text_="Ring.", url_="")).status_code
        == 302
    )
    answer = client.post(f"{ROOT}regler/", opened)
    assert answer.status_code == 409
    again = {**opened, "stamp": answer.context["form"].data["stamp"]}
    assert client.post(f"{ROOT}regler/", again).status_code == 302
    stands = DeviationRules.objects.get(pk=rules.pk)
    assert (stands.days_for(2), stands.channels["ny"]["text"]) == (5, "Ring.")


def test_set_rules__a_stamp_that_is_none_is_no_fault(as_role, place):
    client = as_role(Role.QUALITY_MANAGER)
    rules = DeviationRules.objects.get(municipality=place.municipality)
    data = rules_data(rules, stamp="i går")
    assert client.post(f"{ROOT}regler/", data).status_code == 409
    rules.delete()
    assert client.post(f"{ROOT}regler/", data).status_code == 409
    new = {"unit": place.sector.name, "matter": "category:hms", "role": "hr", "person": "", "stamp": "i går"}
    assert client.post(f"{ROOT}mottakere/ny/", new).status_code == 404


# --- Who receives ----------------------------------------------------------------------------------------
def test_add_rule__lands_there_and_the_trial_says_the_same(as_role, place):
    client, fall = as_role(Role.QUALITY_MANAGER), row(place)
    data = {"unit": place.sector.name, "matter": f"type:{fall.pk}", "role": "hr", "person": "", "stamp": ""}
    assert client.post(f"{ROOT}mottakere/ny/", data).status_code == 302
    case = stories.report(place)
    assert case.responsible == place.person(Role.HR)
    page = client.get(
        f"{ROOT}mottakere/", {"enhet": place.unit.name, "type": f"type:{fall.pk}"}
    ).content.decode()
    found = route(case, day=timezone.localdate())
    assert found.person.name in page
    assert found.why in page
    other = client.get(
        f"{ROOT}mottakere/", {"enhet": place.unit.name, "type": "category:hms"}
    ).content.decode()
    assert place.person(Role.LEADER).name in other


def test_list_rules__warns_where_nobody_holds_the_role(as_role, place):
    RoutingRule.objects.create(
        municipality=place.municipality, unit=place.unit, category="service", role=Role.COUNCIL_SUBSTITUTE, changed_at=timezone.now()
    )  # fmt: skip
    client = as_role(Role.QUALITY_MANAGER)
    assert "Ingen har rollen" not in client.get(f"{ROOT}mottakere/").content.decode()
    RoutingRule.objects.update(role=Role.TILLITSVALGT)
    end_roles_of(place.person(Role.TILLITSVALGT), timezone.localdate())
    assert "Ingen har rollen" in client.get(f"{ROOT}mottakere/").content.decode()


def test_try_rule__says_who_else_sees_a_confidential_type(as_role, place):
    psych = row(place, code="HMS-PSYK")
    page = (
        as_role(Role.QUALITY_MANAGER)
        .get(f"{ROOT}mottakere/", {"enhet": place.unit.name, "type": f"type:{psych.pk}"})
        .content.decode()
    )
    assert place.person(Role.VERNEOMBUD).name in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"role": ""}, "Velg enten en rolle eller en person"),
        ({"person": "Sektorleder I Heim"}, "Velg enten en rolle eller en person"),
        ({"unit": "Hjemmetjenesten granne"}, "Fant ingen treff"),
        ({"matter": "type:999999"}, "Gjelder"),
        ({"matter": ""}, "Du må velge «Gjelder»"),
        ({"role": "employee"}, "Rolle"),
    ],
)
def test_add_rule__says_what_is_wrong(as_role, place, changes, told):
    data = {
        "unit": place.unit.name,
        "matter": "category:hms",
        "role": "hr",
        "person": "",
        "stamp": "",
        **changes,
    }
    answer = as_role(Role.QUALITY_MANAGER).post(f"{ROOT}mottakere/ny/", data)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_remove_rule__the_nearest_leader_receives_again(as_role, place, world):
    rules = [
        RoutingRule.objects.create(
            municipality=where.municipality,
            unit=where.unit,
            category="hms",
            role=Role.HR,
            changed_at=timezone.now(),
        )
        for where in (place, world.neighbor)
    ]
    client = as_role(Role.QUALITY_MANAGER)
    assert client.post(f"{ROOT}mottakere/{rules[1].pk}/fjern/").status_code == 404
    assert client.post(f"{ROOT}mottakere/{rules[0].pk}/fjern/").status_code == 302
    assert stories.report(place).responsible == place.person(Role.LEADER)
    assert RoutingRule.objects.count() == 1


# --- How much it asks of the database ------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["", "sporsmal/", "plikter/", "arsaker/", "regler/", "mottakere/"])
def test_open_catalogue__asks_no_more_with_more_rows(as_role, place, django_assert_max_num_queries, part):
    client = as_role(Role.QUALITY_MANAGER)
    client.get(ROOT + part)
    for number in range(20):
        RoutingRule.objects.create(
            municipality=place.municipality, unit=place.unit, type=DeviationType.objects.filter(municipality=place.municipality)[number],
            role=Role.HR, changed_at=timezone.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        client.get(ROOT + part)
