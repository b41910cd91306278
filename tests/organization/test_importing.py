"""Import of units, people and figures: checked first, all or nothing, and harmless to repeat."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from core.history import timeline
from organization.models import Exposure, Person, RoleAssignment, Unit
from organization.operations import give_role
from organization.policies import CASE_ROLES
from organization.roles import Role
from tests.organization.conftest import new_person, new_unit, text_of, url
from tests.world import SYSTEM

UNITS = "Kode;Navn;Nivå;Overordnet kode\n"
PEOPLE = "Brukernavn;Navn;E-post;Rolle;Enhetskode;Fra;Slutter\n"
FIGURES = "Enhetskode;Hva;Fra og med;Til og med;Tall;Kilde\n"


def upload(client, kind: str, content: str | bytes, name: str = "fil.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(url("import"), {"kind": kind, "file": SimpleUploadedFile(name, data)})


def read_in(client, kind: str, content: str | bytes, name: str = "fil.csv"):
    checked = upload(client, kind, content, name)
    assert checked.status_code == 200, [str(error) for error in checked.context["errors"]]
    return client.post(url("import"), {"key": checked.context["key"]})


def errors_of(response) -> list[tuple[int | None, str, str]]:
    return [(error.line, error.column, error.problem) for error in response.context["errors"]]


def only_error(response) -> tuple[int | None, str, str]:
    assert response.status_code == 422
    [error] = errors_of(response)
    return error


def workbook(*lines: list[object], merge: str = "") -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    if merge:
        book.active.merge_cells(merge)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


# --- Units ------------------------------------------------------------------------------------------
NEW_UNITS = UNITS + "o-avd;Natt;Avdeling;o-enh\no-enh;Skole;Enhet;o\no;Oppvekst;Sektor;\n"


def test_check_units__writes_nothing_and_tells_what_would_happen(admin, world):
    response = upload(admin, "units", NEW_UNITS + "heim-enhet;Heimetenesta;Enhet;o\n")
    page = text_of(response)
    assert (response.context["plan"].new, response.context["plan"].changed) == (3, 1)
    assert "Navn: Hjemmetjenesten heim → Heimetenesta" in page
    assert "Flyttes til o" in page
    assert not Unit.objects.filter(code="o").exists()
    assert Unit.objects.get(code="heim-enhet").name == "Hjemmetjenesten heim"


def test_import_units__parents_after_children_and_moves_in_one_file(admin, world):
    response = read_in(admin, "units", NEW_UNITS + "heim-enhet;Heimetenesta;Enhet;o\n")
    assert response.url == url("tree")
    top = Unit.objects.get(code="o")
    assert {u.code for u in Unit.objects.below(top)} == {"o", "o-enh", "o-avd", "heim-enhet"}
    assert {u.municipality for u in Unit.objects.below(top)} == {world.home.municipality}
    assert not any(Unit.objects.find_problems())
    entry = timeline(Unit.objects.get(code="heim-enhet"), field="name")[0]
    assert (entry.action, entry.reason) == ("import_units", "fil.csv")
    assert entry.actor_id == world.home.person(Role.ADMINISTRATOR).pk


def test_import_units__twice_changes_nothing(admin, world):
    read_in(admin, "units", NEW_UNITS)
    again = upload(admin, "units", NEW_UNITS)
    assert (again.context["plan"].same, again.context["key"]) == (3, "")
    assert "Alt i filen står slik fra før" in text_of(again)


def test_import_units__column_left_out_changes_nothing_empty_cell_clears(admin, world):
    unit = new_unit(world.home, "Skole", "skole")
    Unit.objects.filter(pk=unit.pk).update(short_name="SK")
    assert upload(admin, "units", UNITS + "skole;Skole;Enhet;heim-sektor\n").context["plan"].same == 1
    read_in(admin, "units", "Kode;Navn;Nivå;Kortnavn\nskole;Skole;Enhet;\n")
    assert Unit.objects.get(code="skole").short_name == ""


def test_import_units__two_can_change_places(admin, world):
    one = new_unit(world.home, "Ytre", "ytre", kind="department", parent=world.home.unit)
    new_unit(world.home, "Indre", "indre", kind="department", parent=one)
    read_in(admin, "units", UNITS + "ytre;Ytre;Avdeling;indre\nindre;Indre;Avdeling;heim-enhet\n")
    assert Unit.objects.get(code="ytre").path.startswith(Unit.objects.get(code="indre").path)
    assert not any(Unit.objects.find_problems())


@pytest.mark.parametrize(
    ("lines", "line", "column", "says"),
    [
        ("a;A;Enhet;finnes-ikke\n", 2, "Overordnet kode", "finnes verken i kommunen eller i filen"),
        ("a;A;Enhet;heim\na;B;Enhet;heim\n", 3, "Kode", "står også på linje 2"),
        ("a;A;Ting;heim\n", 2, "Nivå", "Skriv sektor, enhet eller avdeling"),
        ("a;;Enhet;heim\n", 2, "Navn", "tomt"),
        (";A;Enhet;heim\n", 2, "Kode", "tomt"),
        ("a;A;Sektor;heim-enhet\n", 2, "Nivå", "kan ikke ligge under enhet"),
        ("heim;Heim;Enhet;\n", 2, "Kode", "koden til kommunen selv"),
        ("granne-x;X;Enhet;granne-sektor\n", 2, "Overordnet kode", "finnes verken"),
        ("a;" + "x" * 200 + ";Enhet;heim\n", 2, "Navn", "160"),
        ("heim-sektor;Helse;Avdeling;\n", 2, "Nivå", "Enhet kan ikke ligge under avdeling"),
    ],
)
def test_check_units__says_where_and_what(admin, world, lines, line, column, says):
    error = only_error(upload(admin, "units", UNITS + lines))
    assert error[:2] == (line, column)
    assert says in error[2]


def test_check_units__circular_parents(admin, world):
    response = upload(admin, "units", UNITS + "a;A;Avdeling;b\nb;B;Avdeling;c\nc;C;Avdeling;a\n")
    assert [error[0] for error in errors_of(response)] == [2, 3, 4]
    assert "a → b → c → a" in errors_of(response)[0][2]


def test_check_units__too_many_levels(admin, world):
    chain = "".join(f"d{n};D{n};Avdeling;{f'd{n - 1}' if n else 'heim-enhet'}\n" for n in range(60))
    response = upload(admin, "units", UNITS + chain)
    assert response.status_code == 422
    assert "for mange nivåer" in errors_of(response)[-1][2]


def test_check_units__closing_with_somebody_in_it(admin, world):
    response = upload(admin, "units", "Kode;Navn;Nivå;Nedlagt fra\nheim-enhet;Heim;Enhet;01.01.2026\n")
    problems = [error[2] for error in errors_of(response)]
    assert any("Noen har fortsatt rolle" in problem for problem in problems)
    assert any("Tjenesten «Hjemmesykepleie»" in problem for problem in problems)


def test_import_units__all_or_nothing(admin, world):
    response = upload(admin, "units", NEW_UNITS + "heim-enhet;;Enhet;o\n")
    assert response.status_code == 422
    assert "Les inn filen" not in text_of(response)
    assert not Unit.objects.filter(code="o").exists()


# --- The file itself --------------------------------------------------------------------------------
def test_check_file__wrong_heading(admin):
    response = upload(admin, "units", "Nummer;Tittel\n1;A\n")
    assert response.status_code == 422
    assert "Filen mangler kolonnene «Kode», «Navn», «Nivå»" in text_of(response)


def test_check_file__broken_row_is_told_with_its_line(admin):
    response = upload(admin, "units", UNITS + 'a;A;Enhet;heim\nb;"B;Enhet;heim\n')
    assert response.status_code == 422
    assert "Linje 3" in text_of(response)


def test_check_file__merged_cells(admin):
    content = workbook(["Kode", "Navn", "Nivå"], ["a", "A", "Enhet"], ["b", "B", "Enhet"], merge="A2:A3")
    response = upload(admin, "units", content, "enheter.xlsx")
    assert response.status_code == 422
    assert "slått sammen" in text_of(response)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"MZ\x90\x00" + b"\x00" * 500, b"\xd0\xcf\x11\xe0x"],
)
def test_check_file__that_is_something_else(admin, content):
    response = upload(admin, "units", content, "enheter.xlsx")
    assert response.status_code == 422
    assert "ds-error-summary" in text_of(response)


def test_check_file__too_large(admin):
    response = upload(admin, "units", b"Kode;Navn\n" + b"x" * 10_000_001)
    assert response.status_code == 422
    assert "10 MB" in text_of(response)


def test_check_file__kind_or_file_missing(admin):
    response = admin.post(url("import"), {"kind": "planeter"})
    assert response.status_code == 422
    assert "Du må legge ved «Fil»" in text_of(response)


def test_check_file__markup_is_text_and_unused_columns_are_told(admin):
    response = upload(admin, "units", "Kode;Navn;Nivå;Farge\n<b>x</b>;<script>;Enhet;rød\n")
    page = text_of(response)
    assert "&lt;script&gt;" in page
    assert "<b>x</b>" not in page
    assert "Kolonnen Farge brukes ikke" in page


def test_check_file__xlsx_numbers_are_codes(admin):
    content = workbook(
        ["Kode", "Navn", "Nivå", "Overordnet kode"], [1001, "A", "Sektor", None], [1002, "B", "Enhet", 1001]
    )
    read_in(admin, "units", content, "enheter.xlsx")
    assert {unit.code for unit in Unit.objects.below(Unit.objects.get(code="1001"))} == {"1001", "1002"}


# --- Between the check and the confirmation ------------------------------------------------------------
def test_confirm__twice_reads_once(admin, world):
    key = upload(admin, "units", NEW_UNITS).context["key"]
    assert admin.post(url("import"), {"key": key}).status_code == 302
    response = admin.post(url("import"), {"key": key})
    assert response.status_code == 409
    assert "Den er lest inn allerede" in text_of(response)
    assert Unit.objects.filter(code="o").count() == 1


def test_confirm__after_half_an_hour_is_explained(admin):
    key = upload(admin, "units", NEW_UNITS).context["key"]
    cache.clear()
    response = admin.post(url("import"), {"key": key})
    assert response.status_code == 409
    assert "over 30 minutter" in text_of(response)
    assert not Unit.objects.filter(code="o").exists()


@pytest.mark.parametrize("key", ["", "x", "🦄", "\x00", "x" * 10_000])
def test_confirm__a_key_that_is_none(admin, key):
    upload(admin, "units", NEW_UNITS)
    assert admin.post(url("import"), {"key": key}).status_code == 409


def test_confirm__another_administrators_key_is_worth_nothing(admin, client, world):
    key = upload(admin, "units", NEW_UNITS).context["key"]
    client.force_login(
        new_person("admin.2", "Admin To", unit=world.home.municipality, role=Role.ADMINISTRATOR)
    )
    assert client.post(url("import"), {"key": key}).status_code == 409
    assert not Unit.objects.filter(code="o").exists()


def test_confirm__for_another_municipality_than_checked(client, world, today):
    person = new_person("to.hatter", "To Hatter", unit=world.home.municipality, role=Role.ADMINISTRATOR)
    give_role(
        person=person, role=Role.ADMINISTRATOR, unit=world.neighbor.municipality, valid_from=today, by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip
    client.force_login(person)
    key = upload(client, "units", NEW_UNITS).context["key"]
    client.post(url("act_for"), {"municipality": world.neighbor.municipality.pk})
    response = client.post(url("import"), {"key": key})
    assert response.status_code == 409
    assert "for en annen kommune" in text_of(response)
    assert not Unit.objects.filter(code="o").exists()


def test_confirm__when_something_has_changed_is_shown_anew(admin, world):
    key = upload(admin, "units", NEW_UNITS).context["key"]
    new_unit(world.home, "Oppvekst", "o", kind="sector", parent=world.home.municipality)
    response = admin.post(url("import"), {"key": key})
    assert response.status_code == 409
    assert "Noe er endret siden du kontrollerte filen" in text_of(response)
    assert not Unit.objects.filter(code="o-enh").exists()
    assert admin.post(url("import"), {"key": response.context["key"]}).status_code == 302
    assert Unit.objects.filter(code="o-enh").exists()


def test_confirm__by_who_is_no_longer_administrator(admin, world, yesterday):
    key = upload(admin, "units", NEW_UNITS).context["key"]
    world.home.person(Role.ADMINISTRATOR).roles.update(valid_to=yesterday)
    assert admin.post(url("import"), {"key": key}).status_code == 403
    assert not Unit.objects.filter(code="o").exists()


# --- People -------------------------------------------------------------------------------------------
KARI = "kari;Kari Nordmann;kari@heim.example;Leder;heim-enhet;01.08.2026;\n"
KARI_TOO = "kari;Kari Nordmann;kari@heim.example;Tjenesteeier;heim-enhet;01.08.2026;01.08.2027\n"


def test_import_people__one_line_per_role(admin, world):
    checked = upload(admin, "people", PEOPLE + KARI + KARI_TOO)
    assert not Person.objects.filter(username="kari").exists()
    assert "Ny person" in text_of(checked)
    assert admin.post(url("import"), {"key": checked.context["key"]}).url == url("person_list")
    kari = Person.objects.get(username="kari")
    assert not kari.has_usable_password()
    assert {(row.role, row.is_main) for row in kari.roles.all()} == {
        ("leader", True),
        ("service_owner", False),
    }
    entry = timeline(kari, field="name")[0]
    assert (entry.action, entry.actor_id) == ("import_people", world.home.person(Role.ADMINISTRATOR).pk)


def test_import_people__twice_changes_nothing_and_an_end_is_an_update(admin, world, today):
    read_in(admin, "people", PEOPLE + KARI)
    assert upload(admin, "people", PEOPLE + KARI).context["plan"].same == 1
    ended = KARI.replace(";01.08.2026;", ";01.08.2026;31.12.2026")
    checked = upload(admin, "people", PEOPLE + ended)
    assert "Slutter: tomt → 31. desember 2026" in text_of(checked)
    admin.post(url("import"), {"key": checked.context["key"]})
    assert str(Person.objects.get(username="kari").roles.get().valid_to) == "2026-12-31"


def test_import_people__found_by_employee_number(admin, world):
    person = world.home.person(Role.LEADER)
    Person.objects.filter(pk=person.pk).update(employee_number="77")
    file = f"Ansattnummer;Navn;Rolle;Enhetskode;Fra\n77;{person.name};Prosjekteier;heim-enhet;01.01.2026\n"
    read_in(admin, "people", file)
    assert person.roles.filter(role=Role.PROJECT_OWNER).exists()


def test_import_people__facts_are_updated_where_the_main_role_is(admin, world):
    read_in(admin, "people", PEOPLE + KARI)
    read_in(admin, "people", PEOPLE + KARI.replace("Kari Nordmann", "Kari Hansen"))
    assert Person.objects.get(username="kari").name == "Kari Hansen"


def test_import_people__facts_of_who_belongs_elsewhere_stay(admin, world, today):
    person = new_person("to.steder", "To Steder", unit=world.neighbor.unit)
    give_role(
        person=person,
        role=Role.EMPLOYEE,
        unit=world.home.unit,
        valid_from=today,
        by=SYSTEM,
        now=timezone.now(),
    )
    checked = upload(
        admin, "people", PEOPLE + "to.steder;Kapret Navn;kapret@heim.example;HR;heim-enhet;01.01.2026;\n"
    )
    assert "personen hører til et annet sted" in text_of(checked)
    admin.post(url("import"), {"key": checked.context["key"]})
    person.refresh_from_db()
    assert (person.name, person.email) == ("To Steder", "to.steder@example.org")
    assert person.roles.filter(role=Role.HR).exists()
    file = "Brukernavn;Navn;Rolle;Enhetskode;Fra;Hovedstilling\nto.steder;To Steder;Leder;heim-enhet;01.01.2026;ja\n"
    assert "hovedstillingen et annet sted" in only_error(upload(admin, "people", file))[2]


@pytest.mark.parametrize(
    ("lines", "line", "column", "says"),
    [
        (KARI.replace("heim-enhet", "finnes-ikke"), 2, "Enhetskode", "ingen enhet med koden «finnes-ikke»"),
        (KARI.replace("heim-enhet", "granne-enhet"), 2, "Enhetskode", "ingen enhet med koden"),
        (KARI.replace("Leder", "Konge"), 2, "Rolle", "Rollen «Konge» finnes ikke"),
        (KARI.replace("01.08.2026", "31.02.2026"), 2, "Fra", "finnes ikke i kalenderen"),
        (KARI.replace("01.08.2026", "snart"), 2, "Fra", "er ikke en dato"),
        (KARI.replace("01.08.2026;", "01.08.2026;01.01.2020"), 2, "Slutter", "ikke slutte før den begynner"),
        (KARI.replace("01.08.2026", "01.08.2150"), 2, "Fra", "Sjekk årstallet"),
        (KARI + KARI, 3, "Rolle", "står på linje 2"),
        (
            KARI + KARI_TOO.replace("Nordmann", "Hansen"),
            3,
            "Navn",
            "Samme person står med «Kari Nordmann» på linje 2",
        ),
        (
            KARI.replace("kari@heim.example", "leader@heim.example"),
            2,
            "E-post",
            "alt i bruk av en annen person",
        ),
        (KARI.replace("kari@heim.example", "ikke"), 2, "E-post", "gyldig"),
        (KARI.replace("kari;", "kari nordmann;"), 2, "Brukernavn", "gyldig brukernavn"),
        (KARI.replace("kari;", ";"), 2, "Brukernavn", "trenger et brukernavn"),
        (KARI.replace("kari;", "leader.granne;"), 2, "Brukernavn", "av noen utenfor kommunen"),
        (KARI + KARI.replace("kari;", "ola;"), 3, "E-post", "samme verdi på linje 2"),
        (
            "leader.heim;Leder I Heim;leader@heim.example;Leder;heim-enhet;01.08.2026;\n",
            2,
            "Fra",
            "har alt rollen her",
        ),
    ],
)
def test_check_people__says_where_and_what(admin, world, lines, line, column, says):
    error = only_error(upload(admin, "people", PEOPLE + lines))
    assert error[:2] == (line, column)
    assert says in error[2]
    assert not Person.objects.filter(username="kari").exists()


@pytest.mark.parametrize(
    ("role", "columns", "says"),
    [
        ("Leder", "40;;", "Gjelder bare koordinator"),
        ("Koordinator", "140;;", "mellom 0 og 100"),
        ("Koordinator", "mye;;", "ikke et tall"),
        ("Leder", ";Velferd;", "Gjelder bare roller i rådet"),
    ],
)
def test_check_people__terms_that_do_not_fit(admin, role, columns, says):
    heading = "Brukernavn;Navn;Rolle;Enhetskode;Fra;Avsatt tid i prosent;Fagfelt;Kompetanse\n"
    response = upload(admin, "people", f"{heading}kari;Kari;{role};heim;01.01.2026;{columns}\n")
    assert says in only_error(response)[2]


@pytest.mark.parametrize("role", sorted(CASE_ROLES)[:4])
def test_check_people__administrator_gets_no_role_that_reads_cases(admin, world, role):
    me = world.home.person(Role.ADMINISTRATOR)
    response = upload(
        admin,
        "people",
        f"Brukernavn;Navn;Rolle;Enhetskode;Fra\n{me.username};{me.name};{role};heim;01.01.2026\n",
    )
    assert "Du kan ikke gi deg selv" in only_error(response)[2]


def test_import_people__municipality_keeps_an_administrator(admin, world):
    me = world.home.person(Role.ADMINISTRATOR)
    file = f"Brukernavn;Navn;Rolle;Enhetskode;Fra;Slutter\n{me.username};{me.name};Administrator;heim;01.01.2024;01.01.2026\n"
    checked = upload(admin, "people", file)
    response = admin.post(url("import"), {"key": checked.context["key"]})
    assert response.status_code == 409
    assert "uten administrator" in text_of(response)
    assert me.roles.get().valid_to is None


def test_import_people__of_a_region_gives_roles_to_people_of_its_municipalities(as_role, world):
    region = as_role(Role.ADMINISTRATOR, world.region)
    person = world.home.person(Role.HR)
    file = f"Brukernavn;Navn;Rolle;Enhetskode;Fra\n{person.username};{person.name};Rådsmedlem;region;01.01.2026\n"
    read_in(region, "people", file)
    assert person.roles.filter(unit=world.region.municipality, role=Role.COUNCIL_MEMBER).exists()
    outsider = file.replace(person.username, "hr.framand")
    assert "utenfor kommunen" in only_error(upload(region, "people", outsider))[2]


def test_import_people__thousands_in_few_queries(admin, world, django_assert_max_num_queries):
    lines = "".join(f"u{n};Person {n};u{n}@heim.example;Ansatt;heim-enhet;01.01.2026;\n" for n in range(1500))
    with django_assert_max_num_queries(25):
        checked = upload(admin, "people", PEOPLE + lines)
    assert checked.context["more_changes"] == 1300
    with django_assert_max_num_queries(40):
        assert admin.post(url("import"), {"key": checked.context["key"]}).status_code == 302
    assert (
        RoleAssignment.objects.filter(unit=world.home.unit, person__username__startswith="u").count() >= 1500
    )


# --- Figures --------------------------------------------------------------------------------------------
FIGURE = "heim-enhet;Årsverk;01.01.2026;31.12.2026;42,5;Lønnssystemet\n"


def test_import_figures__then_corrected(admin, world):
    read_in(admin, "exposures", FIGURES + FIGURE)
    assert str(world.home.unit.exposures.get().value) == "42.50"
    assert upload(admin, "exposures", FIGURES + FIGURE).context["plan"].same == 1
    read_in(admin, "exposures", FIGURES + FIGURE.replace("42,5", "43"))
    stored = Exposure.objects.get(unit=world.home.unit)
    assert stored.value == 43
    assert timeline(stored, field="value")[0].action == "import_exposures"


@pytest.mark.parametrize(
    ("lines", "column", "says"),
    [
        (FIGURE.replace("42,5", "-1"), "Tall", "ikke være negativt"),
        (FIGURE.replace("42,5", "mange"), "Tall", "ikke et tall"),
        (FIGURE.replace("42,5", "9" * 20), "Tall", "tall"),
        (FIGURE.replace("Årsverk", "Kuer"), "Hva", "er ukjent"),
        (FIGURE.replace("31.12.2026", "31.12.2025"), "Til og med", "slutter før den begynner"),
        (FIGURE.replace("Lønnssystemet", ""), "Kilde", "tomt"),
        (FIGURE.replace("heim-enhet", "granne-enhet"), "Enhetskode", "ingen enhet med koden"),
        (FIGURE + FIGURE, "Fra og med", "står på linje 2"),
    ],
)
def test_check_figures__says_where_and_what(admin, world, lines, column, says):
    error = only_error(upload(admin, "exposures", FIGURES + lines))
    assert error[1] == column
    assert says in error[2]


# --- Examples ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shape", ["xlsx", "csv"])
def test_download_examples__can_be_read_in_as_they_are(admin, world, shape):
    for kind, name in (("units", "enheter"), ("people", "personer-og-roller"), ("exposures", "nevnere")):
        answer = admin.get(url("import_template", kind, query=f"format={shape}"))
        assert f"mal-{name}.{shape}" in answer["Content-Disposition"]
        assert read_in(admin, kind, b"".join(answer.streaming_content), f"mal.{shape}").status_code == 302
    assert Person.objects.get(username="kari.nordmann").roles.get().unit.name == "Bjørkelia skole"


def test_download_examples__not_for_others_and_only_those_there_are(as_role):
    assert as_role(Role.EMPLOYEE).get(url("import_template", "units")).status_code == 403
    assert as_role(Role.ADMINISTRATOR).get(url("import_template", "planeter")).status_code == 404
