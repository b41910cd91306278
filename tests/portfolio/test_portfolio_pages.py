"""Board, table and project: who sees them, what moves, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import StaleVersion
from core.workflow import TransitionBlocked, TransitionDenied
from governance.models import Status
from organization.models import RoleAssignment
from organization.roles import Role
from portfolio import operations, panels, presentation
from portfolio.models import DecisionPoint, Project
from tests import stories
from tests.benefits import baton_stories as baton
from tests.benefits import stories as benefits
from tests.governance import regional, rules

MAX_QUERIES = 12


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def manager(place):
    return place.actor(Role.PORTFOLIO_MANAGER)


@pytest.fixture
def project(place):
    """Return a project whose checklists stand in no way."""
    made = stories.in_portfolio(place).project
    stories.answer_checklist(made, place, DecisionPoint.BP6)
    return made


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def another(project, place, **fields):
    """Return one more project, on an initiative of its own that nobody looks at."""
    initiative = stories.draft(place)
    values = {
        "initiative": initiative, "municipality": place.municipality, "unit": place.unit, "name": "Et til",
        "owner": project.owner, "manager": project.manager, "status_since": timezone.now(), "created_at": timezone.now(),
        "changed_at": timezone.now(), **fields,
    }  # fmt: skip
    return Project.objects.create(**values)


def move(client, project, target, *, version=None, query="", **extra):
    data = {"target": target, "version": project.version if version is None else version}
    return client.post(url("project_move", project.pk) + query, data, **extra)


# --- Who sees ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["board", "table"])
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.ELECTED_REPRESENTATIVE, Role.PORTFOLIO_MANAGER])
def test_open_portfolio__everyone_in_the_organisation(as_role, project, name, role):
    assert project.name in as_role(role).get(url(name)).content.decode()


@pytest.mark.parametrize("where", ["neighbor", "stranger"])
def test_open_portfolio__not_another_municipality(as_role, world, project, where):
    client = as_role(Role.PORTFOLIO_MANAGER, getattr(world, where))
    assert project.name not in client.get(url("board")).content.decode()
    assert client.get(url("project_detail", project.pk)).status_code == 404
    assert client.get(url("project_transition", project.pk, "pause")).status_code == 404
    assert move(client, project, "planning").status_code == 404
    project.refresh_from_db()
    assert project.phase == "concept"


def test_open_project__of_the_region_is_open_to_its_participants(as_role, world):
    initiative = regional.recommended(world)
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    region = world.region
    made = operations.start_project(
        initiative, name="Felles prosjekt", owner=region.person(Role.PROJECT_OWNER), by=region.actor(Role.PORTFOLIO_MANAGER),
        manager=region.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip
    assert as_role(Role.EMPLOYEE).get(url("project_detail", made.pk)).status_code == 200
    assert move(as_role(Role.PORTFOLIO_MANAGER), made, "planning").status_code == 403
    assert as_role(Role.EMPLOYEE, world.stranger).get(url("project_detail", made.pk)).status_code == 404


def test_open_project__anonymous_is_sent_to_log_in(client, project):
    assert client.get(url("project_detail", project.pk)).status_code == 302


def test_open_project__role_that_ended_yesterday_sees_nothing(as_role, place, project):
    person = place.person(Role.PORTFOLIO_MANAGER)
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate() - timedelta(days=1))
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert client.get(url("project_detail", project.pk)).status_code == 404
    assert project.name not in client.get(url("board")).content.decode()


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_open_project__that_does_not_exist_is_not_found(as_role, pk):
    assert as_role(Role.EMPLOYEE).get(f"/portefolje/{pk}/").status_code == 404


# --- The board -----------------------------------------------------------------------------------
def test_board__offers_only_legal_moves(place, project, manager):
    def targets(actor):
        return [one["value"] for one in presentation.moves_of(project, actor) if not one["reasons"]]

    assert targets(manager) == ["planning"]
    assert targets(place.actor(Role.PROJECT_OWNER)) == ["planning"]
    assert targets(place.actor(Role.PROJECT_MANAGER)) == []
    assert targets(place.actor(Role.EMPLOYEE)) == []
    project = operations.move_phase(project, to="planning", by=manager, now=timezone.now())
    assert targets(manager) == ["concept"]
    rules.demand(place, gates=[])
    assert targets(manager) == ["execution", "concept"]
    assert targets(place.actor(Role.PROJECT_OWNER)) == ["execution"]


def test_board__menu_is_for_those_who_may_move(as_role, project):
    assert "Flytt til Planlegge" in as_role(Role.PORTFOLIO_MANAGER).get(url("board")).content.decode()
    assert "Flytt til" not in as_role(Role.EMPLOYEE).get(url("board")).content.decode()


def test_board__few_queries_whatever_the_number_of_cards(
    as_role, place, project, django_assert_max_num_queries
):
    client = as_role(Role.PORTFOLIO_MANAGER)
    for number in range(20):
        another(project, place, name=f"Prosjekt {number}")
    search = "?q=prosjekt"
    for page in (
        url("board"),
        url("board") + search,
        url("table"),
        url("table") + search,
        project.get_absolute_url(),
    ):
        with django_assert_max_num_queries(MAX_QUERIES, info=page):
            assert client.get(page).status_code == 200


def shown(client, **query):
    """Return how many there are and how many are shown, of the first two columns."""
    columns = client.get(url("board"), query).context["columns"]
    return [(column.total.count, len(column.cards)) for column in columns][:2]


def test_board__shows_the_first_cards_and_how_many_there_are(as_role, place, project, monkeypatch):
    monkeypatch.setattr(presentation, "CARDS_PER_COLUMN", 3)
    for number in range(5):
        another(
            project, place, name=f"Prosjekt {number}", changed_at=timezone.now() + timedelta(minutes=number)
        )
    answer = as_role(Role.EMPLOYEE).get(url("board"), {"q": "prosjekt"})
    concept = answer.context["columns"][0]
    assert [card.project.name for card in concept.cards] == ["Prosjekt 4", "Prosjekt 3", "Prosjekt 2"]
    assert concept.total.count == 5
    text = answer.content.decode()
    assert "Viser 3 av 5." in text
    assert "q=prosjekt&amp;fase=concept" in text


def test_board__more_cards_of_one_column_on_demand(as_role, place, project, monkeypatch):
    monkeypatch.setattr(presentation, "CARDS_PER_COLUMN", 2)
    monkeypatch.setattr(presentation, "MORE_CARDS", 3)
    monkeypatch.setattr(presentation, "MOST_STEPS", 2)
    for number in range(9):
        another(project, place, name=f"Nummer {number}")
        another(project, place, phase="planning")
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert shown(client) == [(10, 2), (9, 2)]
    assert shown(client, mer="concept") == [(10, 5), (9, 2)]
    assert shown(client, mer=["concept", "planning", "concept", "concept", "<b>"]) == [(10, 8), (9, 5)]
    column = client.get(url("board"), {"mer": "concept", "q": "nummer"}).context["columns"][0]
    assert column.more_query == "mer=concept&mer=concept&q=nummer"
    text = client.get(url("board"), {"mer": ["concept", "concept"]}).content.decode()
    assert 'id="flere-planning"' in text
    assert 'id="flere-concept"' not in text
    pressed = {"HX-Request": "true", "HX-Trigger": "flere-concept"}
    cards = client.get(url("board"), {"mer": "concept"}, headers=pressed).context["columns"][0].cards
    assert [card.is_first_new for card in cards] == [False, False, True, False, False]
    moved = move(client, project, "planning", query="?mer=concept")
    assert moved.url == url("board") + "?mer=concept"


def test_board__search_that_finds_much_is_counted_to_the_end(as_role, place, project, monkeypatch):
    monkeypatch.setattr(presentation, "CARDS_PER_COLUMN", 3)
    client, now = as_role(Role.EMPLOYEE), timezone.now()
    for number in range(4):
        another(project, place, name=f"Løype {number}", changed_at=now + timedelta(minutes=number))
    another(project, place, name="Løype 9", phase="planning", changed_at=now - timedelta(hours=1))
    assert shown(client, q="løype") == [(4, 3), (1, 1)]
    assert shown(client, q="løype", mer="concept") == [(4, 4), (1, 1)]
    assert shown(client, q="løype 1") == [(1, 1), (0, 0)]


def test_board__project_found_by_name_and_by_number_stands_there_once(as_role, project):
    number = project.initiative.number
    Project.objects.filter(pk=project.pk).update(name=f"Gjennomføring av {number}")
    for query in ({"q": number}, {"q": number, "status": "alle"}):
        assert shown(as_role(Role.EMPLOYEE), **query) == [(1, 1), (0, 0)]
        assert as_role(Role.EMPLOYEE).get(url("table"), query).context["page"].rows == [project]


def test_board__stopped_is_not_there_until_asked_for(as_role, project, place):
    another(project, place, name="Stoppet sak", status="stopped")
    client = as_role(Role.EMPLOYEE)
    assert "Stoppet sak" not in client.get(url("board")).content.decode()
    assert "Stoppet sak" in client.get(url("board"), {"status": "stopped"}).content.decode()
    assert "Stoppet sak" in client.get(url("table"), {"status": "alle"}).content.decode()


def test_filter__by_sector_owner_phase_and_text(as_role, place, project):
    other = place.person(Role.HR)
    top = another(project, place, name="Rådhuset", unit=place.municipality, owner=other, phase="planning")
    client = as_role(Role.EMPLOYEE)

    def names(**query):
        return {row.name for row in client.get(url("table"), query).context["page"].rows}

    everything = {project.name, top.name}
    assert names() == everything
    assert names(sektor=place.sector.pk) == {project.name}
    assert names(eier=other.pk) == {top.name}
    assert names(fase="planning") == {top.name}
    assert names(q="rådh") == {top.name}
    assert names(q=project.initiative.number) == {project.name}
    assert names(q="huset") == {top.name}
    assert names(q="huset råd") == {top.name}
    assert names(q="huset skole") == set()
    assert names(q="%_") == set()
    assert names(q=".*.") == set()
    assert names(sektor="999999", eier="<b>", fase="x", status="y", q="\x00") == everything


def test_filter__municipality_only_where_there_is_a_choice(as_role, project):
    form = as_role(Role.EMPLOYEE).get(url("board")).context["filters"]
    assert "kommune" not in form.fields
    assert [label for _value, label in form.fields["eier"].choices][1:] == [project.owner.name]


def test_filter__owners_of_regional_projects_only_where_one_takes_part(as_role, world, project):
    shared = regional.recommended(world)
    for place in (world.home, world.neighbor):
        shared = regional.answer(shared, place, "approved")
    region = world.region
    operations.start_project(
        shared, name="Felles prosjekt", owner=region.person(Role.PROJECT_OWNER), by=region.actor(Role.PORTFOLIO_MANAGER),
        manager=region.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip

    def offered(name, place):
        fields = as_role(Role.EMPLOYEE, place).get(url("table")).context["filters"].fields
        return {label for _value, label in fields[name].choices[1:]} if name in fields else set()

    own, theirs = project.owner.name, region.person(Role.PROJECT_OWNER).name
    assert offered("eier", world.home) == {own, theirs}
    assert offered("eier", world.neighbor) == {theirs}
    assert offered("kommune", world.home) == {world.home.municipality.name, region.municipality.name}
    shared.participations.filter(municipality=world.neighbor.municipality).update(left_at=timezone.now())
    assert offered("eier", world.neighbor) == set()
    assert offered("eier", world.stranger) == set()


def test_table__search_pages_by_key(as_role, place, project):
    for number in range(34):
        changed = timezone.now() - timedelta(minutes=number + 1)
        another(project, place, name=f"Løype {number:02d}", changed_at=changed)
    client = as_role(Role.EMPLOYEE)
    first = client.get(url("table"), {"q": "løype"}).context["page"]
    second = client.get(url("table") + first.next_url).context["page"]
    names = [row.name for row in (*first.rows, *second.rows)]
    assert names == [f"Løype {number:02d}" for number in range(34)]
    assert [row.name for row in client.get(url("table") + second.previous_url).context["page"].rows] == names[
        :30
    ]


@pytest.mark.parametrize("page", ["board", "table"])
def test_search__short_finds_words_of_titles_and_says_so(as_role, place, project, page):
    found = stories.in_portfolio(place, title="KI i byggesak").project
    Project.objects.filter(pk=found.pk).update(name="Noe annet")
    client = as_role(Role.EMPLOYEE)
    text = client.get(url(page), {"q": "ki"}).content.decode()
    assert "Noe annet" in text
    assert project.name not in text
    assert "minst tre tegn" in text
    assert "minst tre tegn" not in client.get(url(page), {"q": "byg"}).content.decode()


# --- Moving --------------------------------------------------------------------------------------
def test_move_project__without_javascript(as_role, project):
    answer = move(as_role(Role.PORTFOLIO_MANAGER), project, "planning", query="?q=vakt", follow=True)
    assert answer.redirect_chain[-1][0] == url("board") + "?q=vakt"
    assert "er flyttet til Planlegge" in answer.content.decode()
    project.refresh_from_db()
    assert project.phase == "planning"


def test_move_project__with_htmx_answers_with_the_board(as_role, project):
    answer = move(as_role(Role.PROJECT_OWNER), project, "planning", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "data-announce" in answer.content.decode()
    assert answer.context["columns"][1].total.count == 1


def test_move_project__stale_version_shows_what_changed(as_role, place, project, manager):
    rules.demand(place, gates=[])
    operations.move_phase(project, to="planning", by=manager, now=timezone.now())
    answer = move(as_role(Role.PROJECT_OWNER), project, "planning", version=project.version)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nå står det i Planlegge" in text
    assert place.person(Role.PORTFOLIO_MANAGER).name in text
    assert "data-error-text" in text
    assert "Flytt til Gjennomføre" in text
    project.refresh_from_db()
    assert project.phase == "planning"


def test_move_project__double_submit_moves_once(as_role, project):
    client = as_role(Role.PORTFOLIO_MANAGER)
    assert move(client, project, "planning").status_code == 302
    assert move(client, project, "planning").status_code == 409
    project.refresh_from_db()
    assert (project.phase, project.version) == ("planning", 2)


@pytest.mark.parametrize("target", ["closing", "realizing", "", "finnes-ikke", "x" * 5000, "\x00"])
def test_move_project__where_no_step_leads_is_refused(as_role, project, target):
    answer = move(as_role(Role.PORTFOLIO_MANAGER), project, target)
    assert answer.status_code == 409
    assert "kan ikke flyttes dit" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40])
def test_move_project__odd_version(as_role, project, version):
    answer = move(as_role(Role.PORTFOLIO_MANAGER), project, "planning", version=version)
    assert answer.status_code == (409 if version else 302)


@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.PROJECT_MANAGER, Role.SECRETARIAT, Role.KOMMUNEDIREKTOR]
)
def test_move_project__by_others_is_forbidden(as_role, project, role):
    assert move(as_role(role), project, "planning").status_code == 403
    assert as_role(role).get(url("project_move", project.pk)).status_code == 405


def test_move_project__back_is_the_portfolio_managers(as_role, project, manager):
    project = operations.move_phase(project, to="planning", by=manager, now=timezone.now())
    assert move(as_role(Role.PROJECT_OWNER), project, "concept").status_code == 403
    assert move(as_role(Role.PORTFOLIO_MANAGER), project, "concept").status_code == 302


def test_move_phase__paused_project_stands_still(project, manager, as_role):
    client = as_role(Role.PORTFOLIO_MANAGER)
    client.post(
        url("project_transition", project.pk, "pause"), {"reason": "Venter på leverandør", "until": ""}
    )
    project.refresh_from_db()
    with pytest.raises(TransitionBlocked, match="Gjenoppta"):
        operations.move_phase(project, to="planning", by=manager, now=timezone.now())
    assert presentation.moves_of(project, manager) == []
    assert (
        "Gjenoppta det før du flytter det" in client.get(url("project_detail", project.pk)).content.decode()
    )


def test_move_phase__with_version(place, project, manager):
    with pytest.raises(StaleVersion):
        operations.move_phase(
            project, to="planning", version=project.version + 1, by=manager, now=timezone.now()
        )
    with pytest.raises(TransitionDenied):
        operations.move_phase(project, to="planning", by=place.actor(Role.EMPLOYEE), now=timezone.now())


# --- Steps ---------------------------------------------------------------------------------------
def test_take_steps__initiative_follows_to_the_end(as_role, place, manager):
    benefit = benefits.realizing(place)
    project = benefit.initiative.project
    client = as_role(Role.PORTFOLIO_MANAGER)
    stories.answer_checklist(project, place, DecisionPoint.BP6)
    for name in ("to_planning", "to_execution", "to_closing", "to_realizing", "complete"):
        page = url("project_transition", project.pk, name)
        if name == "to_realizing":
            assert client.post(page).status_code == 409
            baton.accepted(place, project.initiative)
        if name == "complete":
            assert client.post(page).status_code == 409
            assert "ikke vurdert" in client.get(url("project_detail", project.pk)).content.decode()
            benefits.conclude(benefit, place, "conclude_partly", 25)
        assert client.get(page).status_code == 200
        assert client.post(page).status_code == 302
    project.refresh_from_db()
    project.initiative.refresh_from_db()
    assert (project.phase, project.status) == ("realizing", "completed")
    assert project.initiative.status == Status.CLOSED
    text = client.get(url("project_detail", project.pk)).content.decode()
    for words in ("Flyttet til Planlegge", "Overlevert til linjen", "Lukket"):
        assert words in text
    assert "Gevinstene tas ut i linjen" not in text
    assert (
        "Gevinstene tas ut i linjen"
        in client.get(f"{project.initiative.get_absolute_url()}?vis=historikk").content.decode()
    )


def test_stop_project__needs_reason_and_amount(as_role, project):
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_transition", project.pk, "stop")
    answer = client.post(page, {"reason": "Lang begrunnelse <b>", "spent": "mange"})
    assert answer.status_code == 422
    assert "Lang begrunnelse &lt;b&gt;" in answer.content.decode()
    assert client.post(page, {"reason": "x", "spent": "-1"}).status_code == 422
    assert client.post(page, {"reason": "For dyrt", "spent": "120 000"}).status_code == 302
    project.refresh_from_db()
    project.initiative.refresh_from_db()
    assert (project.spent_when_stopped, project.initiative.status) == (120_000, Status.STOPPED)
    text = client.get(url("project_detail", project.pk)).content.decode()
    assert "For dyrt" in text
    assert "Sett på vent" not in text
    assert client.post(page, {"reason": "x", "spent": "1"}).status_code == 409


@pytest.mark.parametrize("until", ["1.1.2020", "i morgen"])
def test_pause_project__until_a_day_to_come(as_role, project, until):
    answer = as_role(Role.PORTFOLIO_MANAGER).post(
        url("project_transition", project.pk, "pause"), {"reason": "Venter", "until": until}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(("role", "code"), [(Role.PROJECT_OWNER, 403), (Role.EMPLOYEE, 403)])
def test_pause_project__by_others_is_forbidden(as_role, project, role, code):
    assert (
        as_role(role).post(url("project_transition", project.pk, "pause"), {"reason": "x"}).status_code
        == code
    )


@pytest.mark.parametrize("name", ["finnes-ikke", "start_project"])
def test_take_step__unknown_is_not_found(as_role, project, name):
    assert as_role(Role.PORTFOLIO_MANAGER).get(url("project_transition", project.pk, name)).status_code == 404


def test_complete_project__before_hand_over_says_what_is_missing(as_role, project):
    answer = as_role(Role.PORTFOLIO_MANAGER).post(url("project_transition", project.pk, "complete"))
    assert answer.status_code == 409
    assert "Overlever til linjen" in answer.content.decode()


# --- Beginning -----------------------------------------------------------------------------------
@pytest.fixture
def adopted(place):
    return stories.adopted(place)


def start_data(place, **fields):
    return {
        "name": "Nytt prosjekt", "kind": "project", "owner": place.person(Role.PROJECT_OWNER).name,
        "manager": place.person(Role.PROJECT_MANAGER).name, "starts_on": "1.12.2026", "ends_on": "1.6.2027", **fields,
    }  # fmt: skip


def test_start_project__puts_it_on_the_board(as_role, place, adopted):
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_start", adopted.pk)
    assert client.get(page).context["form"]["name"].value() == adopted.title
    answer = client.post(page, start_data(place), follow=True)
    made = Project.objects.get(initiative=adopted)
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert (made.owner, made.phase) == (place.person(Role.PROJECT_OWNER), "concept")
    assert client.post(page, start_data(place)).status_code == 302
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Du må fylle ut"),
        ({"owner": "Ingen Slik"}, "Fant ingen treff"),
        ({"manager": "nul\x00"}, "manager"),
        ({"ends_on": "1.1.2020"}, "slutte før det begynner"),
        ({"name": "x" * 201}, "høyst 200"),
    ],
)
def test_start_project__errors_keep_what_was_typed(as_role, place, adopted, fields, words):
    page = url("project_start", adopted.pk)
    answer = as_role(Role.PORTFOLIO_MANAGER).post(page, start_data(place, **{"name": "Behold Ŋ", **fields}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Project.objects.exists()


def test_start_project__people_of_another_municipality_cannot_be_chosen(as_role, world, place, adopted):
    foreign = world.neighbor.person(Role.PROJECT_OWNER).name
    answer = as_role(Role.PORTFOLIO_MANAGER).post(
        url("project_start", adopted.pk), start_data(place, owner=foreign)
    )
    assert answer.status_code == 422


def test_start_project__of_what_is_not_adopted_says_why(as_role, place):
    initiative = stories.received(place)
    client, page = as_role(Role.PORTFOLIO_MANAGER), url("project_start", initiative.pk)
    assert "Tiltaket er ikke vedtatt" in client.get(page).content.decode()
    answer = client.post(page, start_data(place))
    assert answer.status_code == 409
    assert "Nytt prosjekt" in answer.content.decode()


@pytest.mark.parametrize(("role", "code"), [(Role.EMPLOYEE, 403), (Role.SECRETARIAT, 403)])
def test_start_project__by_others_is_forbidden(as_role, adopted, role, code):
    assert as_role(role).get(url("project_start", adopted.pk)).status_code == code


def test_start_project__in_another_municipality_is_not_found(as_role, world, adopted):
    assert (
        as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(url("project_start", adopted.pk)).status_code
        == 404
    )


def test_start_project__shielded_title_is_not_proposed(as_role, place):
    shielded = stories.adopted(
        place, title="Kodenavn Bjørn", shield_basis="offl_23", public_title="Anskaffelse"
    )
    answer = as_role(Role.PORTFOLIO_MANAGER).get(url("project_start", shielded.pk))
    assert answer.context["form"]["name"].value() == "Anskaffelse"
    assert "Kodenavn Bjørn" not in answer.content.decode()


# --- The start page ------------------------------------------------------------------------------
def test_panel__for_those_who_lead(place, project, manager):
    spread = panels.portfolio(manager)
    assert [(str(n["label"]), n["value"]) for n in spread.context["numbers"]][:2] == [
        ("Konsept", "1"),
        ("Planlegge", "0"),
    ]
    mine = panels.portfolio(place.actor(Role.PROJECT_OWNER))
    assert (mine.context["mine"], mine.context["numbers"]) == ([project], [])
    assert panels.portfolio(place.actor(Role.EMPLOYEE)) is None


def test_start_page__shows_the_panel(as_role, project):
    text = as_role(Role.PROJECT_MANAGER).get("/").content.decode()
    assert "Prosjekter du leder" in text
    assert project.name in text
