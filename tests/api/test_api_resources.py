"""The read lists of every resource: their own municipality's, filtered, expanded, one query, no more than the pages show."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from archive.models import ArchiveMessage
from core import attachments
from core.api.schema import document
from core.models import AccessLog
from governance.models import Initiative
from organization.models import Consultation, ConsultationPoint
from organization.roles import Role
from organization.scopes import SCOPES
from tests import stories
from tests.api.clients import machine
from tests.api.conftest import Api, slug_of, validated
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.organization import consulted
from tests.portfolio import statuses

LISTS = (
    "services", "people", "council-meetings", "decisions", "corrective-actions", "projects", "status-reports", "benefits",
    "indicators", "measurements", "archive-messages", "consultations", "consultation-points",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _calls_are_counted_anew(db):
    django_cache.clear()


def furnish(place: Any) -> None:
    """Give a municipality at least one row of every resource."""
    project = benefits.realizing(place).initiative.project
    statuses.published(project, place)
    deviations.propose(deviations.in_progress(place), place)
    consulted.opened(place, title=f"Plan {Consultation.objects.count()}")


def ids(answer: Any) -> set[int]:
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["results"]}


def everything(place: Any, name: str = "Alt") -> Any:
    return machine(place, *SCOPES, name=name)


# --- Who sees what -----------------------------------------------------------------------------------
def test_list__holds_the_own_municipality_alone(world):
    furnish(world.home)
    furnish(world.neighbor)
    callers = [
        everything(place, f"Alt {place.code}") for place in (world.home, world.neighbor, world.stranger)
    ]
    for resource in LISTS:
        own, theirs, outside = (ids(caller.get(f"/{resource}/?page_size=200")) for caller in callers)
        assert own, resource
        assert theirs, resource
        assert not own & theirs, resource
        assert not outside & (own | theirs), resource


def test_list__shows_each_person_what_visible_to_says(world):
    furnish(world.home)
    outside = Api(world.stranger.person(Role.SECRETARIAT))
    whole = everything(world.home)
    for resource in LISTS:
        seen = ids(whole.get(f"/{resource}/?page_size=200"))
        assert ids(outside.get(f"/{resource}/?page_size=200")).isdisjoint(seen), resource
        _compare_with_visible_to(world, resource)


def _compare_with_visible_to(world, resource):
    model = MODELS[resource]()
    for role in (Role.EMPLOYEE, Role.SECRETARIAT, Role.ARCHIVIST, Role.ADMINISTRATOR, Role.PORTFOLIO_MANAGER):
        actor = world.home.actor(role)
        seen = model.logged_for(actor) if resource == "decisions" else model.visible_to(actor)
        listed = Api(world.home.person(role)).get(f"/{resource}/?page_size=200")
        assert ids(listed) == set(seen.values_list("pk", flat=True)), (resource, role)


def _models() -> dict[str, Any]:
    from benefits.models import Benefit, Indicator, Measurement
    from deviations.models import CorrectiveAction
    from governance.models import Decision, Meeting
    from organization.models import Person, Service
    from portfolio.models import Project, StatusReport

    return {
        "services": Service, "people": Person, "council-meetings": Meeting, "decisions": Decision,
        "corrective-actions": CorrectiveAction, "projects": Project, "status-reports": StatusReport, "benefits": Benefit,
        "indicators": Indicator, "measurements": Measurement, "archive-messages": ArchiveMessage,
        "consultations": Consultation, "consultation-points": ConsultationPoint,
    }  # fmt: skip


MODELS = {name: (lambda model=model: model.objects.all()) for name, model in _models().items()}


# --- Filters, order, pages -----------------------------------------------------------------------------
@cache
def parameters(resource: str) -> list[dict[str, Any]]:
    return [
        one
        for one in document()["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]
        if one["in"] == "query"
    ]


def value_of(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    schema = schema.get("items", schema)
    if "enum" in schema:
        return str(schema["enum"][0])
    if schema.get("format") == "date-time":
        return "2026-01-01T00:00:00Z"
    return {"integer": "1", "boolean": "true"}.get(schema["type"], "x")


def test_list__takes_every_parameter_it_documents_and_refuses_nonsense(world):
    furnish(world.home)
    caller = everything(world.home)
    for resource in LISTS:
        _takes(caller, resource)


def _takes(caller, resource):
    for parameter in parameters(resource):
        if parameter["name"] == "cursor":
            continue
        address = f"/{resource}/?{parameter['name']}="
        assert caller.get(address + value_of(parameter)).status_code == 200, address
        if (
            parameter["schema"].get("type") != "string"
            or "enum" in parameter["schema"]
            or "format" in parameter["schema"]
        ):
            assert caller.get(address + "%00'--").status_code == 400, address
    assert caller.get(f"/{resource}/?ukjent=1").status_code == 400


def test_list__walks_its_pages_without_repeating_or_losing_a_row(world):
    furnish(world.home)
    caller = everything(world.home)
    for resource in LISTS:
        _walks(caller, resource)


def _walks(caller, resource):
    whole = [row["id"] for row in caller.get(f"/{resource}/?page_size=200").json()["results"]]
    found, address = [], f"/{resource}/?page_size=1"
    while address and len(found) < 3:
        page = caller.get(address).json()
        found += [row["id"] for row in page["results"]]
        address = page["next"]
    assert found == whole[:3]
    newest = caller.get(f"/{resource}/?page_size=1").json()["results"][0]["changed_at"]
    assert caller.get(f"/{resource}/?updated_after={newest.replace('+', '%2B')}").json()["results"] == []


def test_list__asks_the_same_few_questions_however_many_rows(world, django_assert_num_queries):
    furnish(world.home)
    caller = everything(world.home)
    for _round in range(2):
        for resource in LISTS:
            names = [
                one["schema"]["items"]["enum"] for one in parameters(resource) if one["name"] == "expand"
            ]
            with django_assert_num_queries(3):  # who calls, the rows, the count of the call
                caller.get(f"/{resource}/?expand={','.join(*names)}" if names else f"/{resource}/")
        furnish(world.home)


# --- What only some may know ----------------------------------------------------------------------------
def test_list_status_reports__drafts_stay_with_who_writes_them(world):
    project = stories.in_portfolio(world.home).project
    published = statuses.published(project, world.home)
    draft = statuses.draft(project, world.home)
    assert ids(everything(world.home).get("/status-reports/")) == {published.pk}
    manager = Api(draft.author)
    assert draft.pk in ids(manager.get("/status-reports/"))


def test_list_decisions__words_and_votes_only_where_the_papers_are_read(world):
    decided = stories.adopted(world.home).decisions.get()
    Initiative.objects.filter(pk=decided.initiative_id).update(shield_basis="offl_13", public_title="Sak")
    usual = machine(world.home, "decisions:read", name="Vanlig")
    trusted = machine(world.home, "decisions:read", "papers:read", "shielded:read", name="Betrodd")
    [row] = usual.get("/decisions/").json()["results"]
    assert (row["reads_text"], row["text"], row["amount"], row["votes_for"], row["responsible_id"]) == (
        False, "", None, None, None,
    )  # fmt: skip
    [row] = trusted.get("/decisions/").json()["results"]
    assert (row["reads_text"], row["text"]) == (True, decided.text)


def test_list_council_meetings__the_agenda_follows_the_summons(world):
    meeting = stories.meeting(world.home)
    stories.on_agenda(world.home, meeting)
    usual = machine(world.home, "council-meetings:read", name="Vanlig")
    council = machine(world.home, "council-meetings:read", "papers:read", name="Råd")
    told = {name: {row["id"]: row for row in caller.get("/council-meetings/").json()["results"]}[meeting.pk]
            for name, caller in (("usual", usual), ("council", council))}  # fmt: skip
    assert (told["usual"]["reads_papers"], told["usual"]["agenda"]) == (False, [])
    assert told["council"]["reads_papers"]
    assert [entry["initiative_id"] for entry in told["council"]["agenda"]] == [
        item.initiative_id for item in meeting.items.order_by("position", "pk")
    ]
    assert told["council"]["agenda"]


def test_list_corrective_actions__not_those_of_confidential_cases(world):
    plain = deviations.propose(deviations.in_progress(world.home), world.home)
    hidden = deviations.propose(deviations.in_progress(world.home, code="HMS-PSYK"), world.home)
    found = ids(everything(world.home).get("/corrective-actions/"))
    assert plain.pk in found
    assert hidden.pk not in found


def test_list_benefits__of_a_shielded_plan_only_with_that_scope(world):
    benefit = benefits.baseline_measured(world.home)
    Initiative.objects.filter(pk=benefit.initiative_id).update(shield_basis="offl_13", public_title="Sak")
    usual = machine(
        world.home, "benefits:read", "indicators:read", "measurements:read", "papers:read", name="Vanlig"
    )
    trusted = machine(
        world.home, "benefits:read", "indicators:read", "measurements:read", "shielded:read", name="Betrodd"
    )
    for resource in ("benefits", "indicators", "measurements"):
        assert not ids(usual.get(f"/{resource}/"))
        assert ids(trusted.get(f"/{resource}/"))


def test_list_people__tells_names_and_roles_and_not_how_to_reach_them(world):
    leader = world.home.person(Role.LEADER)
    rows = {row["id"]: row for row in everything(world.home).get("/people/?page_size=200").json()["results"]}
    assert rows[leader.pk] == {
        "id": leader.pk, "name": leader.name, "title": leader.title, "changed_at": rows[leader.pk]["changed_at"],
        "roles": [{"role": "leader", "unit_id": world.home.unit.pk, "municipality_id": world.home.municipality.pk}],
    }  # fmt: skip
    assert ids(everything(world.home, "To").get(f"/people/?role=leader&below={world.home.sector.pk}")) == {
        leader.pk
    }


def test_list_archive_messages__for_the_archivist_and_who_was_given_them(world):
    stories.awaiting_endorsement(world.home)
    assert ids(everything(world.home).get("/archive-messages/"))
    assert ids(Api(world.home.person(Role.ARCHIVIST)).get("/archive-messages/"))
    assert not ids(Api(world.home.person(Role.EMPLOYEE)).get("/archive-messages/"))


# --- Files ------------------------------------------------------------------------------------------------
def _with_file(place: Any, *, shielded: bool = False, **fields: Any) -> tuple[Any, Any]:
    draft = stories.draft(place, **fields)
    upload = SimpleUploadedFile("behov.txt", b"Et lite notat.", "text/plain")
    file = attachments.attach(
        draft, upload, by=place.actor(Role.EMPLOYEE), now=timezone.now(), is_shielded=shielded
    )
    return draft, file


def _download(caller: Any, file: Any) -> Any:
    return caller.client.get(f"/api/v1/attachments/{file.key}/", HTTP_AUTHORIZATION=f"Bearer {caller.token}")


def _body(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return content


def test_read_attachments__as_the_record_lets(world):
    draft, file = _with_file(world.home)
    stories.perform("submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    reader = machine(world.home, "attachments:read", "initiatives:read", "papers:read", name="Leser")
    address = f"/attachments/?of=initiatives&id={draft.pk}"
    [row] = reader.get(address).json()["results"]
    assert (row["key"], row["sha256"], row["size"]) == (str(file.key), file.sha256, file.size)
    assert _body(_download(reader, file)) == b"Et lite notat."
    card = machine(world.home, "attachments:read", "initiatives:read", name="Bare kort")
    assert card.get(address).json() == {"results": []}
    assert _download(card, file).status_code == 404
    for other in (world.neighbor, world.stranger):
        outside = everything(other, f"Alt {other.code}")
        assert outside.get(address).status_code == 404
        assert _download(outside, file).status_code == 404


def test_read_attachments__needs_the_scope_of_the_record_too(world):
    draft, file = _with_file(world.home)
    stories.perform("submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    only_files = machine(world.home, "attachments:read", "papers:read", name="Bare filer")
    assert slug_of(only_files.get(f"/attachments/?of=initiatives&id={draft.pk}")) == "scope"
    assert slug_of(_download(only_files, file)) == "scope"


def test_read_attachments__shielded_only_with_that_scope_and_logged(world):
    draft, file = _with_file(world.home, shielded=True)
    stories.perform("submit", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now())
    usual = machine(world.home, "attachments:read", "initiatives:read", "papers:read", name="Vanlig")
    assert usual.get(f"/attachments/?of=initiatives&id={draft.pk}").json() == {"results": []}
    assert _download(usual, file).status_code == 404
    trusted = everything(world.home)
    assert len(trusted.get(f"/attachments/?of=initiatives&id={draft.pk}").json()["results"]) == 1
    _body(_download(trusted, file))
    assert [row.what for row in AccessLog.objects.order_by("pk")] == [
        "api: attachments",
        f"attachment:{file.pk}",
    ]


@pytest.mark.parametrize(
    "query", ["", "of=initiatives", "id=1", "of=people&id=1", "of=initiatives&id=x", "of=initiatives&id=0",
              "of=initiatives&id=99999999999999999999", "of=initiatives&id=1%00", "of=initiatives&id=1&x=1"],
)  # fmt: skip
def test_read_attachments__bad_parameters_are_400(world, query):
    assert everything(world.home).get(f"/attachments/?{query}").status_code == 400


# --- The document --------------------------------------------------------------------------------------------
def test_examples__fit_what_they_are_examples_of(db):
    count, wrong = 0, {}
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                count += 1
                if found := validated(content["schema"], example["value"]):
                    wrong[path] = found
    assert wrong == {}
    assert count >= len(LISTS)
