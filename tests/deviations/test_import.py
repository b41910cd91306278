"""Older cases from a file: what is read, what is refused, nothing twice, and all of it undone."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.models import Tombstone
from core.spreadsheets import read_table, write_csv, write_xlsx
from core.workflow import TransitionDenied
from deviations import importing, operations
from deviations.models import Deviation, DeviationImport, DeviationType, ImportMapping, Origin, Status
from organization.roles import Role
from tests.deviations import stories
from tests.world import end_roles_of

ROOT = "/avvik/katalog/import/"
HEADINGS = (
    "Avviksnr",
    "Enhet",
    "Avvikstype",
    "Beskrivelse",
    "Opprettet",
    "Alvorlighetsgrad",
    "Status",
    "Lukket dato",
    "Tiltak",
    "Årsak",
)
GOOD = ("2023-1", "heim-enhet", "Fall eller snubling (ansatt)", "Gled på isen ved inngangen.", "14.02.2023", "Middels", "Lukket",
        "20.02.2023", "Det strøs før dagvakta.", "Vær og føre")  # fmt: skip


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def editor(place):
    return place.actor(Role.QUALITY_MANAGER)


def line(**changes):
    cells = dict(zip(HEADINGS, GOOD, strict=True)) | changes
    return tuple(cells.values())


def csv_of(*lines, headings=HEADINGS):
    return b"".join(write_csv(headings, lines))


def xlsx_of(*lines):
    with write_xlsx(HEADINGS, lines) as book:
        return book.read()


def table_of(*lines):
    return read_table(io.BytesIO(csv_of(*lines)), "gamle.csv")


def read(place, by, *lines, values=None, system="Gammelt"):
    file = importing.keep(table_of(*lines), system=system, municipality=place.municipality, by=by)
    columns = importing.guess(file.table.headings, {})
    return file, importing.check(
        file, columns, values or {}, municipality=place.municipality, by=by, now=timezone.now()
    )


def bring(place, by, *lines, **options):
    file, reading = read(place, by, *lines, **options)
    assert not reading.found.errors, [str(error) for error in reading.found.errors]
    return importing.confirm(
        file, reading.found.fingerprint, municipality=place.municipality, by=by, now=timezone.now()
    )


def problems(place, by, *lines):
    return [str(error) for error in read(place, by, *lines)[1].found.errors]


# --- What is read ------------------------------------------------------------------------------
def test_import__a_closed_case_bears_its_origin_and_its_dates(place, editor):
    brought = bring(place, editor, GOOD)
    case = Deviation.objects.get(origin__brought=brought)
    assert (case.status, case.number, case.type_name, case.severity) == (
        "closed",
        "A2023-0001",
        "Fall eller snubling (ansatt)",
        2,
    )
    assert (timezone.localdate(case.reported_at), timezone.localdate(case.closed_at)) == (
        date(2023, 2, 14),
        date(2023, 2, 20),
    )
    assert (case.origin.system, case.origin.external_number) == ("Gammelt", "2023-1")
    assert (case.reporter, case.responsible, case.closing_note) == (None, None, "Det strøs før dagvakta.")
    assert [cause.name for cause in case.causes.all()] == ["Vær og føre"]
    assert (
        case.pgh_event_model.objects.get(pgh_obj_id=case.pk).pgh_context.metadata["action"]
        == "import_deviations"
    )


def test_import__the_page_of_the_case_says_where_it_came_from(place, editor, as_role):
    case = Deviation.objects.get(origin__brought=bring(place, editor, GOOD))
    client = as_role(Role.LEADER)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Hentet inn fra" in page
    assert "2023-1" in page
    assert (
        "Hentet inn fra et tidligere system"
        in client.get(f"{case.get_absolute_url()}?vis=historikk").content.decode()
    )


def test_import__an_open_case_lies_with_who_receives_today(place, editor):
    brought = bring(place, editor, line(Status="Åpen", **{"Lukket dato": "", "Tiltak": ""}))
    case = Deviation.objects.get(origin__brought=brought)
    assert (case.status, case.responsible, case.severity, case.reported_severity) == (
        "reported",
        place.person(Role.LEADER),
        None,
        2,
    )
    assert case.due_on > timezone.localdate()
    assert "Gammelt" in case.routings.get().why
    moved = stories.perform("receive", case, by=place.actor(Role.LEADER), now=timezone.now())
    assert moved.status == Status.RECEIVED


def test_import__an_open_case_that_nobody_can_receive_is_an_error(place, editor):
    for role in (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR):
        end_roles_of(place.person(role), timezone.localdate())
    told = problems(place, editor, line(Status="Åpen", **{"Lukket dato": ""}))
    assert "Ingen leder kan ta imot saken" in told[0]


def test_import__the_seal_guards_every_later_step(place, editor):
    case = Deviation.objects.get(origin__brought=bring(place, editor, GOOD))
    from django.db import InternalError, transaction

    with pytest.raises(InternalError), transaction.atomic():
        Deviation.objects.filter(pk=case.pk).update(status="reported", closed_at=None)


def test_import__a_confidential_type_is_seen_by_those_it_names(place, editor, world):
    brought = bring(place, editor, line(Avvikstype="Psykososialt arbeidsmiljø"))
    case = Deviation.objects.get(origin__brought=brought)
    assert case.is_confidential
    seen = {
        role: Deviation.objects.visible_to(place.actor(role)).contains(case)
        for role in (
            Role.LEADER,
            Role.SECTOR_LEADER,
            Role.VERNEOMBUD,
            Role.QUALITY_MANAGER,
            Role.KOMMUNEDIREKTOR,
        )
    }
    assert seen == {
        "leader": True,
        "sector_leader": False,
        "verneombud": True,
        "quality_manager": False,
        "kommunedirektor": False,
    }
    assert not Deviation.objects.visible_to(world.neighbor.actor(Role.LEADER)).contains(case)


def test_import__numbers_go_on_where_the_year_stands(place, editor):
    year = timezone.localdate().year
    stories.report(place)
    day = f"02.01.{year}"
    brought = bring(place, editor, line(Opprettet=day, **{"Lukket dato": day}), line(Avviksnr="2023-2"))
    numbers = set(Deviation.objects.filter(origin__brought=brought).values_list("number", flat=True))
    assert numbers == {f"A{year}-0002", "A2023-0001"}
    assert stories.report(place).number == f"A{year}-0003"


def test_import__a_suggestion_has_no_severity(place, editor):
    headings = (*HEADINGS, "Meldingstype")
    file = importing.keep(
        read_table(io.BytesIO(csv_of((*GOOD, "Forbedringsforslag"), headings=headings)), "a.csv"),
        system="Gammelt", municipality=place.municipality, by=editor,
    )  # fmt: skip
    columns = importing.guess(file.table.headings, {})
    found = importing.check(
        file, columns, {}, municipality=place.municipality, by=editor, now=timezone.now()
    ).found
    assert (found.cases[0].row.kind, found.cases[0].row.severity) == ("suggestion", None)


# --- Nothing twice --------------------------------------------------------------------------------
def test_import__the_same_file_again_brings_nothing(place, editor):
    bring(place, editor, GOOD)
    _file, reading = read(place, editor, GOOD, line(Avviksnr="2023-2"))
    assert (reading.found.known, reading.found.new) == (1, 1)
    assert read(place, editor, GOOD, system="Et annet")[1].found.new == 1


def test_import__the_neighbor_may_have_the_same_numbers(place, editor, world):
    bring(place, editor, GOOD)
    there = world.neighbor
    bring(there, there.actor(Role.QUALITY_MANAGER), line(Enhet="granne-enhet"))
    assert Origin.objects.count() == 2


def test_confirm__what_changed_meanwhile_is_shown_anew(place, editor):
    file, reading = read(place, editor, GOOD)
    seen = reading.found.fingerprint
    bring(place, editor, GOOD)
    file = importing.keep(table_of(GOOD), system="Gammelt", municipality=place.municipality, by=editor)
    with pytest.raises(importing.Moved):
        importing.confirm(file, seen, municipality=place.municipality, by=editor, now=timezone.now())
    assert DeviationImport.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"Beskrivelse": "Noe helt annet."}, {"Alvorlighetsgrad": "Høy"}, {"Årsak": ""}]
)
def test_confirm__another_file_than_the_one_that_was_seen_is_shown_anew(place, editor, changes):
    _file, reading = read(place, editor, GOOD)
    other = importing.keep(
        table_of(line(**changes)), system="Gammelt", municipality=place.municipality, by=editor
    )
    with pytest.raises(importing.Moved):
        importing.confirm(
            other, reading.found.fingerprint, municipality=place.municipality, by=editor, now=timezone.now()
        )
    assert not Deviation.objects.exists()


def test_confirm__what_ended_today_stays_the_same_as_the_clock_goes(place, editor):
    morning = timezone.localtime().replace(hour=8, minute=0)
    today = f"{morning:%d.%m.%Y}"
    closed_today = line(Opprettet=today, **{"Lukket dato": today})
    file = importing.keep(
        table_of(closed_today), system="Gammelt", municipality=place.municipality, by=editor
    )
    reading = importing.check(
        file, importing.guess(HEADINGS, {}), {}, municipality=place.municipality, by=editor, now=morning
    )
    later = morning + timedelta(minutes=5)
    brought = importing.confirm(
        file, reading.found.fingerprint, municipality=place.municipality, by=editor, now=later
    )
    assert Deviation.objects.get(origin__brought=brought).closed_at == later


# --- What is refused -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Avviksnr": ""}, "Linje 2, kolonnen «Avviksnr»"),
        ({"Enhet": "Sykehuset"}, "Linje 2, kolonnen «Enhet»: Kommunen har ingen enhet som heter «Sykehuset»"),
        ({"Enhet": "granne-enhet"}, "Kommunen har ingen enhet som heter"),
        ({"Avvikstype": "Dinosaur"}, "Katalogen har ingen type som heter «Dinosaur»"),
        ({"Avvikstype": "Elevmiljø"}, "lagres ikke her"),
        ({"Avvikstype": ""}, "verken type eller kategori"),
        ({"Beskrivelse": ""}, "Linje 2, kolonnen «Beskrivelse»"),
        ({"Beskrivelse": "Bruker 01019010046 falt."}, "fødselsnummer"),
        ({"Beskrivelse": "=HYPERLINK(1)"}, "Cellen er en formel"),
        ({"Beskrivelse": "x" * 20_001}, "20001 tegn"),
        ({"Opprettet": "i fjor"}, "ikke en dato"),
        ({"Opprettet": "14.02.2123"}, "Sjekk årstallet"),
        ({"Opprettet": "14.02.1923"}, "Sjekk årstallet"),
        ({"Lukket dato": "01.01.2023"}, "lukket før den ble meldt"),
        ({"Alvorlighetsgrad": "gul"}, "Skriv 1–4"),
        ({"Status": "kanskje"}, "Skriv lukket eller åpen"),
        ({"Status": "Åpen"}, "åpen, men har en dato for lukking"),
        ({"Årsak": "Månen"}, "ingen årsak som heter"),
        ({"Avviksnr": "9" * 61}, "61 tegn"),
    ],
)
def test_check__says_what_is_wrong_by_line_and_column(place, editor, changes, told):
    assert any(told in problem for problem in problems(place, editor, line(**changes)))
    assert Deviation.objects.count() == 0


def test_check__tomorrow_is_not_come(place, editor):
    tomorrow = timezone.localdate() + timedelta(days=1)
    told = problems(place, editor, line(Opprettet=f"{tomorrow:%d.%m.%Y}", **{"Lukket dato": ""}))
    assert "ikke kommet ennå" in told[0]


def test_check__one_number_on_two_lines(place, editor):
    assert "Nummeret står også på linje 2" in problems(place, editor, GOOD, GOOD)[0]


def test_check__one_error_and_nothing_is_read(place, editor):
    file, reading = read(place, editor, GOOD, line(Avviksnr="2", Enhet="Sykehuset"))
    with pytest.raises(importing.Moved):
        importing.confirm(
            file, reading.found.fingerprint, municipality=place.municipality, by=editor, now=timezone.now()
        )
    assert Deviation.objects.count() == 0


def test_check__counts_phone_numbers(place, editor):
    found = read(place, editor, line(Beskrivelse="Ringte 91 23 45 67, ingen svarte."))[1].found
    assert (found.phones, found.errors) == ([2], [])


def test_check__words_of_the_file_are_said_once_and_remembered(place, editor):
    values = {"type": {"Glatt gulv": "HMS-FALL"}, "unit": {"Sone 1": "heim-enhet"}}
    bring(place, editor, line(Avvikstype="Glatt gulv", Enhet="Sone 1"), values=values)
    assert ImportMapping.objects.get().values == values
    assert Deviation.objects.get().unit == place.unit


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (("ID", "Avdeling", "Hendelsestype", "Hendelse", "Registrert dato"), {"external": "ID", "unit": "Avdeling", "type": "Hendelsestype", "description": "Hendelse", "reported": "Registrert dato"}),
        (("Saksnummer:", "ENHET", "Kategori", "Beskrivelse av hendelsen", "Meldt dato kl"), {"external": "Saksnummer:", "unit": "ENHET", "category": "Kategori", "description": "Beskrivelse av hendelsen", "reported": "Meldt dato kl"}),
    ],
)  # fmt: skip
def test_guess__headings_of_other_systems(headings, found):
    assert importing.guess(headings, {}) == found


def test_guess__what_was_chosen_last_time_goes_first():
    assert importing.guess(("A", "Beskrivelse"), {"description": "A"})["description"] == "A"


# --- Undo -----------------------------------------------------------------------------------------
def test_undo__takes_everything_away_and_can_be_read_again(place, editor):
    brought = bring(place, editor, GOOD, line(Avviksnr="2", Status="Åpen", **{"Lukket dato": ""}))
    ids = list(Deviation.objects.values_list("pk", flat=True))
    assert importing.undo(brought, by=editor, now=timezone.now()) == 2
    assert not Deviation.objects.exists()
    assert not Deviation.pgh_event_model.objects.filter(pgh_obj_id__in=ids).exists()
    assert Tombstone.objects.filter(kind="deviations.deviation", object_id__in=ids).count() == 2
    with pytest.raises(Refused):
        importing.undo(brought, by=editor, now=timezone.now())
    bring(place, editor, GOOD)


def test_undo__asks_no_more_for_a_large_batch_and_as_much_again_for_the_next(place, editor, monkeypatch):
    def asked(first, count):
        lines = [line(Avviksnr=str(number)) for number in range(first, first + count)]
        brought = bring(place, editor, *lines)
        with CaptureQueriesContext(connection) as queries:
            assert importing.undo(brought, by=editor, now=timezone.now()) == count
        return len(queries)

    few = asked(0, 3)
    assert asked(1000, 250) == few
    monkeypatch.setattr("deviations.importing.writing.BATCH", 10)
    one = asked(2000, 10)
    assert asked(3000, 30) - asked(4000, 20) == asked(5000, 20) - one
    assert not Deviation.objects.exists()


def test_undo__is_refused_when_somebody_has_worked_on_a_case(place, editor):
    brought = bring(place, editor, GOOD, line(Avviksnr="2", Status="Åpen", **{"Lukket dato": ""}))
    stories.perform(
        "receive", Deviation.objects.get(status="reported"), by=place.actor(Role.LEADER), now=timezone.now()
    )
    with pytest.raises(Refused) as refused:
        importing.undo(brought, by=editor, now=timezone.now())
    assert "Noen har arbeidet med" in str(refused.value)
    assert Deviation.objects.count() == 2


def test_undo__is_refused_when_a_case_is_tied_to_another(place, editor):
    brought = bring(place, editor, GOOD)
    case = stories.in_progress(place)
    operations.link_deviations(
        case, Deviation.objects.get(origin__brought=brought), by=place.actor(Role.LEADER), now=timezone.now()
    )
    with pytest.raises(Refused):
        importing.undo(brought, by=editor, now=timezone.now())


def test_undo__only_who_did_it_and_only_for_thirty_days(place, editor):
    brought = bring(place, editor, GOOD)
    with pytest.raises(TransitionDenied):
        importing.undo(brought, by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    with pytest.raises(Refused):
        importing.undo(brought, by=editor, now=timezone.now() + timedelta(days=31))


# --- The pages --------------------------------------------------------------------------------------
def upload(client, content, name="gamle.csv", system="Gammelt"):
    return client.post(ROOT, {"system": system, "file": SimpleUploadedFile(name, content)})


def columns(**changes):
    return {
        "external": "Avviksnr", "unit": "Enhet", "type": "Avvikstype", "description": "Beskrivelse", "reported": "Opprettet",
        "severity": "Alvorlighetsgrad", "status": "Status", "closed": "Lukket dato", "outcome": "Tiltak", "cause": "Årsak", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_import_pages__from_the_file_to_the_report_and_back(as_role, place, form):
    client = as_role(Role.QUALITY_MANAGER)
    content = csv_of(GOOD) if form == "csv" else xlsx_of(GOOD)
    assert upload(client, content, f"gamle.{form}").url == f"{ROOT}kolonner/"
    page = client.get(f"{ROOT}kolonner/").content.decode()
    assert '<option value="Avviksnr" selected>' in page
    answer = client.post(f"{ROOT}kolonner/", columns())
    assert answer.status_code == 200, answer.content.decode()
    done = client.post(f"{ROOT}kolonner/", {"seen": answer.context["found"].fingerprint})
    assert done.status_code == 302
    assert Deviation.objects.filter(municipality=place.municipality, origin__isnull=False).count() == 1
    assert "1 sak er lest inn" in client.get(done.url).content.decode()
    assert client.get(f"{ROOT}kolonner/").url == ROOT
    assert client.post(f"{done.url}angre/").status_code == 302
    assert not Deviation.objects.exists()


def test_import_pages__refuse_what_was_never_checked(as_role):
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(GOOD))
    answer = client.post(f"{ROOT}kolonner/", {"seen": "æ"})
    assert answer.status_code == 409
    assert "ikke kontrollert ennå" in answer.content.decode()
    client.post(f"{ROOT}kolonner/", columns())
    assert client.post(f"{ROOT}kolonner/", {"seen": "æ"}).status_code == 409
    assert not Deviation.objects.exists()


def test_check__is_for_those_who_look_after_the_catalogue(place, editor):
    file = importing.keep(table_of(GOOD), system="Gammelt", municipality=place.municipality, by=editor)
    with pytest.raises(TransitionDenied):
        importing.check(
            file, {}, {}, municipality=place.municipality, by=place.actor(Role.LEADER), now=timezone.now()
        )
    assert not ImportMapping.objects.exists()


def test_import_pages__a_word_is_told_once(as_role):
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(line(Avvikstype="Glatt gulv")))
    answer = client.post(f"{ROOT}kolonner/", columns())
    assert answer.status_code == 422
    assert 'name="code_type_0"' in answer.content.decode()
    said = {"word_type_0": "Glatt gulv", "code_type_0": "HMS-FALL"}
    assert client.post(f"{ROOT}kolonner/", columns(**said)).status_code == 200
    upload(client, csv_of(line(Avvikstype="Glatt gulv", Avviksnr="7")))
    assert client.post(f"{ROOT}kolonner/", columns()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"external": ""}, "Du må velge «Nummer i systemet»"),
        ({"place": "Avviksnr"}, "er valgt også for"),
        ({"type": ""}, "Velg kolonnen som sier hvilken type"),
        ({"reported": "Finnes ikke"}, "Finnes ikke"),
    ],
)
def test_import_pages__say_what_is_wrong_with_the_columns(as_role, changes, told):
    client = as_role(Role.QUALITY_MANAGER)
    upload(client, csv_of(GOOD))
    answer = client.post(f"{ROOT}kolonner/", columns(**changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "tom.csv", "er tom"),
        (csv_of(), "bare.csv", "har bare overskrifter"),
        (b"\x00\x01\x02", "rart.csv", "verken en CSV-fil eller et Excel-regneark"),
        (b"PK\x03\x04ikke en zip", "feil.xlsx", "kan ikke leses"),
        (b"x" * 10_000_001, "stor.csv", "større enn 10 MB"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "gammel.xls", "eldre eller passordbeskyttet"),
    ],
)
def test_import_pages__refuse_a_file_that_is_none(as_role, content, name, told):
    answer = upload(as_role(Role.QUALITY_MANAGER), content, name)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_import_pages__are_for_those_who_look_after_the_catalogue(as_role, world):
    theirs = bring(world.neighbor, world.neighbor.actor(Role.QUALITY_MANAGER), line(Enhet="granne-enhet"))
    client = as_role(Role.QUALITY_MANAGER)
    assert client.get(f"{ROOT}{theirs.pk}/").status_code == 404
    assert client.post(f"{ROOT}{theirs.pk}/angre/").status_code == 404
    for role in (Role.LEADER, Role.EMPLOYEE, Role.VERNEOMBUD):
        assert as_role(role).get(ROOT).status_code == 403
        assert upload(as_role(role), csv_of(GOOD)).status_code == 403


def test_import_pages__give_a_template_that_can_be_read(as_role):
    answer = as_role(Role.QUALITY_MANAGER).get(f"{ROOT}?mal=xlsx")
    table = read_table(io.BytesIO(b"".join(answer.streaming_content)), "mal.xlsx")
    assert len(importing.guess(table.headings, {})) == len(importing.COLUMNS)


# --- How much it asks of the database -----------------------------------------------------------------
def test_import__asks_the_same_of_the_database_for_many_rows(place, editor):
    counts = []
    types = list(
        DeviationType.objects.filter(municipality=place.municipality, refers_to="").values_list(
            "name", flat=True
        )
    )
    for start, size in ((0, 20), (500, 20), (1000, 400)):
        rows = [
            line(
                Avviksnr=str(start + n),
                Avvikstype=types[n % len(types)],
                Status="Åpen" if n % 3 else "Lukket",
                **{"Lukket dato": ""},
            )
            for n in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            bring(place, editor, *rows)
        counts.append(len(asked))
    assert counts[1] == counts[2]
