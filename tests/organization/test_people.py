"""People: finding them, who sees what of them, registering, editing, and the link to choose a password."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from core.history import timeline
from core.models import Notice
from organization.models import Person
from organization.operations import give_role
from organization.roles import Role
from tests.organization.conftest import new_person, text_of, url
from tests.world import PASSWORD, SYSTEM, end_roles_of


def names_on(response) -> list[str]:
    return [person.name for person in response.context["page"].rows]


def test_find_person__by_words_of_name_role_and_unit(employee, world):
    new_person("ase", "Åse Ødegård", unit=world.home.unit, role=Role.TILLITSVALGT)
    assert names_on(employee.get(url("person_list"), {"q": "ødegård åse"})) == ["Åse Ødegård"]
    found = names_on(employee.get(url("person_list"), {"rolle": "tillitsvalgt"}))
    assert sorted(found) == sorted(["Åse Ødegård", world.home.person(Role.TILLITSVALGT).name])
    below = names_on(employee.get(url("person_list"), {"enhet": world.home.unit.pk, "q": "ase ød"}))
    assert below == []
    assert "Åse Ødegård" in names_on(
        employee.get(url("person_list"), {"enhet": world.home.sector.pk, "q": "Åse"})
    )


def test_find_person__never_of_another_municipality(admin, world):
    names = names_on(admin.get(url("person_list"), {"q": "Tillitsvalgt", "tidligere": "on"}))
    assert names == [world.home.person(Role.TILLITSVALGT).name]
    response = admin.get(url("person_list"), {"enhet": world.neighbor.unit.pk})
    assert "Velg et gyldig valg" in text_of(response)


def test_find_person__who_left_only_when_asked(employee, world, yesterday):
    person = world.home.person(Role.HR)
    end_roles_of(person, yesterday)
    assert names_on(employee.get(url("person_list"), {"q": person.name})) == []
    assert names_on(employee.get(url("person_list"), {"q": person.name, "tidligere": "on"})) == [person.name]


def test_page_through_people__all_once_in_norwegian_order(employee, world):
    for number, name in enumerate(
        ["Øyvind", "Ærlend", "Åge", "Zara", "Anne"] + [f"Navn {n:02}" for n in range(60)]
    ):
        new_person(f"p{number}", name, unit=world.home.unit)
    seen, address = [], url("person_list")
    while address:
        response = employee.get(address)
        seen += names_on(response)
        more = response.context["page"].next_url
        address = url("person_list") + more if more else ""
    assert len(seen) == len(set(seen))
    order = [seen.index(name) for name in ("Anne", "Navn 00", "Zara", "Ærlend", "Øyvind", "Åge")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "query", ["q=%00", "etter=xyz", "rolle=konge", "enhet=99999999999999999999", "q=" + "a" * 3000]
)
def test_find_person__odd_addresses(employee, query):
    assert employee.get(url("person_list", query=query)).status_code == 200


def test_suggest_people__own_municipality_and_region_only(employee, world):
    answer = text_of(employee.get(url("person_options"), {"person": "økonomisjef"}))
    for place in (world.home, world.region, world.neighbor):
        assert place.person(Role.CHIEF_OF_FINANCE).name in answer
    assert world.stranger.person(Role.CHIEF_OF_FINANCE).name not in answer
    assert employee.get(url("person_options"), {"person": "a\x00b"}).status_code == 200


def test_suggest_people__outside_any_region_only_own(as_role, world):
    answer = text_of(
        as_role(Role.EMPLOYEE, world.stranger).get(url("person_options"), {"person": "økonomisjef"})
    )
    assert world.stranger.person(Role.CHIEF_OF_FINANCE).name in answer
    assert world.home.person(Role.CHIEF_OF_FINANCE).name not in answer


def test_show_person__colleagues_see_contact_but_not_history_or_user_name(employee, world):
    person = world.home.person(Role.LEADER)
    page = text_of(employee.get(url("person_detail", person.pk)))
    assert person.email in page
    assert "Historikk" not in page
    assert "Brukernavn" not in page
    assert "Avslutt" not in page


def test_show_person__contact_is_not_shown_after_leaving(employee, world, yesterday):
    person = world.home.person(Role.LEADER)
    end_roles_of(person, yesterday)
    page = text_of(employee.get(url("person_detail", person.pk)))
    assert person.name in page
    assert "Tidligere roller" in page
    assert person.email not in page


def test_show_person__roles_in_another_municipality_are_not_shown(employee, world, today):
    person = world.home.person(Role.LEADER)
    give_role(
        person=person, role=Role.HR, unit=world.neighbor.unit, valid_from=today, by=SYSTEM, now=timezone.now()
    )
    assert world.neighbor.unit.name not in text_of(employee.get(url("person_detail", person.pk)))


def wanted(world, **changes) -> dict[str, object]:
    return {
        "name": "Kari Nordmann", "username": "kari.nordmann", "email": "kari@heim.example", "phone": "99 88 77 66",
        "title": "Rektor", "employee_number": "10234", "unit": world.home.unit.pk, "role": "leader",
        "valid_from": "01.08.2026", **changes,
    }  # fmt: skip


def link_in(response) -> str:
    found = re.search(r"http://testserver(/konto/\S+?)</p>", text_of(response))
    assert found, "the page shows no link"
    return found[1]


def test_create_person__shows_a_link_once_with_which_a_password_is_chosen(admin, world):
    response = admin.post(url("person_create"), wanted(world))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    person = Person.objects.get(username="kari.nordmann")
    assert not person.has_usable_password()
    assert (person.roles.get().role, person.roles.get().is_main) == ("leader", True)
    assert timeline(person, field="is_active")[-1].action == "create_person"
    link = link_in(response)
    assert link not in text_of(admin.get(url("person_detail", person.pk)))

    stranger = Client()
    form = stranger.get(link, follow=True)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    assert stranger.post(form.redirect_chain[-1][0], chosen).status_code == 302
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert "Lenken virker ikke" in text_of(Client().get(link, follow=True))  # it was used


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Du må fylle ut «Navn»"),
        ({"username": "leader.heim"}, "Brukernavnet er alt i bruk"),
        ({"username": "LEADER.granne"}, "Brukernavnet er alt i bruk"),
        ({"username": "kari nordmann"}, "gyldig brukernavn"),
        ({"email": "Leader@Heim.example"}, "E-postadressen er alt i bruk"),
        ({"email": "ikke en adresse"}, "gyldig epost-adresse"),
        ({"unit": ""}, "Du må velge «Enhet»"),
        ({"role": "konge"}, "konge"),
        ({"valid_from": "32.13.2026"}, "dag.måned.år"),
        ({"valid_from": "01.08.0226"}, "Sjekk årstallet"),
        ({"name": "Kari\x00"}, "Null-tegn"),
        ({"name": "x" * 10_000}, "tegn"),
    ],
)
def test_create_person__says_what_is_wrong_and_keeps_what_was_typed(admin, world, changes, says):
    before = Person.objects.count()
    response = admin.post(url("person_create"), wanted(world, **changes))
    assert response.status_code == 422
    assert says in text_of(response)
    assert 'value="99 88 77 66"' in text_of(response)
    assert Person.objects.count() == before


def test_create_person__only_on_own_units(admin, world):
    response = admin.post(url("person_create"), wanted(world, unit=world.neighbor.unit.pk))
    assert response.status_code == 422
    assert not Person.objects.filter(username="kari.nordmann").exists()


def test_create_person__sent_twice_makes_one(admin, world):
    admin.post(url("person_create"), wanted(world))
    assert admin.post(url("person_create"), wanted(world)).status_code == 422
    assert Person.objects.filter(username="kari.nordmann").count() == 1


def test_create_person__employee_number_is_one_persons(admin, world):
    admin.post(url("person_create"), wanted(world))
    response = admin.post(url("person_create"), wanted(world, username="ola", email="ola@heim.example"))
    assert response.status_code == 422
    assert "En annen person har dette ansattnummeret" in text_of(response)


def known(person, **changes) -> dict[str, object]:
    shown = {
        name: getattr(person, name)
        for name in ("name", "username", "email", "phone", "title", "employee_number")
    }
    return {**shown, "seen": person.changed_at.isoformat(), **changes}


def test_edit_person__saves_with_history_that_administrators_read(admin, world):
    person = world.home.person(Role.LEADER)
    assert (
        admin.post(url("person_edit", person.pk), known(person, title="Virksomhetsleder")).status_code == 302
    )
    page = text_of(admin.get(url("person_detail", person.pk)))
    assert "Virksomhetsleder" in page
    assert "Opplysninger endret" in page
    assert world.home.person(Role.ADMINISTRATOR).name in page


def test_edit_person__two_at_once_are_told(admin, world):
    person = world.home.person(Role.LEADER)
    admin.post(url("person_edit", person.pk), known(person, title="Først"))
    response = admin.post(url("person_edit", person.pk), known(person, title="Etterpå"))
    assert response.status_code == 409
    assert "Stilling er nå «Først»" in text_of(response)
    assert 'value="Etterpå"' in text_of(response)


def test_edit_person__is_told_when_the_way_to_log_in_is_changed(admin, world):
    person = world.home.person(Role.LEADER)
    admin.post(url("person_edit", person.pk), known(person, title="Virksomhetsleder"))
    assert not Notice.objects.filter(recipient=person).exists()
    person.refresh_from_db()
    admin.post(url("person_edit", person.pk), known(person, email="annen@heim.example"))
    notice = Notice.objects.get(recipient=person)
    assert "e-postadressen din er endret" in notice.title
    assert world.home.person(Role.ADMINISTRATOR).name in notice.body


def test_make_link__who_has_a_password_but_no_address_is_told(admin, world):
    person = world.home.person(Role.LEADER)
    Person.objects.filter(pk=person.pk).update(email="")
    assert link_in(admin.post(url("person_edit", person.pk), {"handling": "link"}))
    assert "bytte passordet ditt" in Notice.objects.get(recipient=person).title


def test_make_link__only_for_who_cannot_do_it_alone(admin, world):
    person = world.home.person(Role.LEADER)
    assert "Lag lenke" not in text_of(admin.get(url("person_edit", person.pk)))
    assert admin.post(url("person_edit", person.pk), {"handling": "link"}).status_code == 403
    person.set_unusable_password()
    person.save()
    response = admin.post(url("person_edit", person.pk), {"handling": "link"})
    assert link_in(response)
    assert "Lenke for å lage passord utstedt" in text_of(admin.get(url("person_detail", person.pk)))


def test_show_leaving__tells_what_somebody_must_take_over(admin, world):
    page = text_of(admin.get(url("person_leave", world.home.person(Role.SERVICE_OWNER).pk)))
    assert "Noen andre må ta over dette" in page
    assert "Hjemmesykepleie" in page


def test_leave__last_administrator_is_refused(admin, world, today):
    person = world.home.person(Role.ADMINISTRATOR)
    response = admin.post(url("person_leave", person.pk), {"day": today.isoformat()})
    assert response.status_code == 409
    assert "uten administrator" in text_of(response)
    assert person.roles.get().valid_to is None


def test_leave__who_has_left_already_is_403(admin, world, yesterday):
    person = world.home.person(Role.HR)
    end_roles_of(person, yesterday)
    assert admin.get(url("person_leave", person.pk)).status_code == 403


@pytest.mark.parametrize("typed", ["", "snart", "1.1.1800", "2999-01-01"])
def test_leave__odd_dates_are_told(admin, world, typed):
    person = world.home.person(Role.HR)
    response = admin.post(url("person_leave", person.pk), {"day": typed, "reason": "Behold meg"})
    assert response.status_code == 422
    assert "Behold meg" in text_of(response)
    assert person.roles.get().valid_to is None


def test_edit_person__whose_roles_reach_elsewhere_keeps_the_way_to_log_in(admin, world):
    """Else the administrator of one municipality could take over an account that opens another's cases."""
    person = world.home.person(Role.LEADER)
    give_role(
        person=person, role=Role.SECRETARIAT, unit=world.neighbor.municipality, valid_from=timezone.localdate(),
        by=SYSTEM, now=timezone.now(),
    )  # fmt: skip
    assert "også roller et annet sted" in text_of(admin.get(url("person_edit", person.pk)))
    before = person.email
    admin.post(
        url("person_edit", person.pk), known(person, email="annen@heim.example", title="Avdelingsleder")
    )
    person.refresh_from_db()
    assert (person.email, person.title) == (before, "Avdelingsleder")
    person.set_unusable_password()
    person.save()
    assert admin.post(url("person_edit", person.pk), {"handling": "link"}).status_code == 403
