"""A request that is sent again is answered again, and not carried out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from core.api import idempotency
from core.api.idempotency import KEPT, lock_name
from core.history import timeline
from core.models import IdempotentRequest
from governance.models import Initiative
from organization.models import RoleAssignment
from organization.roles import Role
from tests import stories
from tests.api.conftest import slug_of

KEY = "0b6e5d6e-6a3f-4a4e-9a55-1f2d3c4b5a69"


def new(world, **fields):
    return {"title": "Digital vaktplan", "unit_id": world.home.unit.pk, **fields}


def test_create__with_the_same_key_makes_one(api, world):
    caller = api(Role.EMPLOYEE)
    first = caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    again = caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    assert Initiative.objects.count() == 1
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert not first.has_header("Idempotent-Replayed")
    assert again["Idempotent-Replayed"] == "true"
    assert again["Cache-Control"] == "private, no-store"


def test_create__without_a_key_makes_two(api, world):
    for _ in range(2):
        api(Role.EMPLOYEE).post("/initiatives/", new(world))
    assert Initiative.objects.count() == 2
    assert not IdempotentRequest.objects.exists()


def test_create__same_json_written_otherwise_is_the_same_request(api, world):
    caller = api(Role.EMPLOYEE)
    caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    turned = dict(reversed(new(world).items()))
    assert caller.post("/initiatives/", turned, HTTP_IDEMPOTENCY_KEY=KEY)["Idempotent-Replayed"] == "true"


def test_create__same_key_with_another_body_is_422(api, world):
    caller = api(Role.EMPLOYEE)
    caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    response = caller.post("/initiatives/", new(world, title="Noe annet"), HTTP_IDEMPOTENCY_KEY=KEY)
    assert (response.status_code, slug_of(response)) == (422, "key-reused")
    assert Initiative.objects.count() == 1


def test_transition__with_the_same_key_is_taken_once(api, world):
    initiative = stories.awaiting_endorsement(world.home)
    caller, address = api(Role.SECTOR_LEADER), f"/initiatives/{initiative.pk}/transitions/endorse/"
    first = caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY)
    again = caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY)
    assert (again.status_code, again.content) == (200, first.content)
    assert len([entry for entry in timeline(initiative) if entry.action == "endorse"]) == 1
    other = caller.post(address.replace("endorse", "withdraw"), {"reason": "x"}, HTTP_IDEMPOTENCY_KEY=KEY)
    assert slug_of(other) == "key-reused"


def test_change__with_the_same_key_is_saved_once(api, world):
    draft, caller = stories.draft(world.home), api(Role.EMPLOYEE)
    for _ in range(2):
        response = caller.patch(
            f"/initiatives/{draft.pk}/", {"need": "x"}, HTTP_IF_MATCH='"1"', HTTP_IDEMPOTENCY_KEY=KEY
        )
        assert (response.status_code, response.json()["version"]) == (200, 2)


def test_request__that_was_refused_is_not_remembered(api, world):
    caller = api(Role.EMPLOYEE)
    assert caller.post("/initiatives/", new(world, title=""), HTTP_IDEMPOTENCY_KEY=KEY).status_code == 422
    assert not IdempotentRequest.objects.exists()
    assert caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY).status_code == 201


def test_key__belongs_to_the_person_who_chose_it(api, world):
    api(Role.EMPLOYEE).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    other = api(Role.LEADER).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    assert other.status_code == 201
    assert not other.has_header("Idempotent-Replayed")
    assert Initiative.objects.count() == 2


def test_repeat__shows_nothing_to_who_has_lost_access(api, world):
    from tests.world import end_roles_of

    initiative, caller = stories.awaiting_endorsement(world.home), api(Role.SECTOR_LEADER)
    address = f"/initiatives/{initiative.pk}/transitions/endorse/"
    assert caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 200
    end_roles_of(world.home.person(Role.SECTOR_LEADER), timezone.localdate())
    assert slug_of(caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY)) == "not-found"


def test_repeat__tells_nothing_of_what_another_role_read(api, world):
    initiative, caller = stories.awaiting_endorsement(world.home), api(Role.SECTOR_LEADER)
    address = f"/initiatives/{initiative.pk}/transitions/endorse/"
    assert b"reads_papers" in caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY).content
    RoleAssignment.objects.filter(person=world.home.person(Role.SECTOR_LEADER)).update(role=Role.EMPLOYEE)
    again = caller.post(address, {}, HTTP_IDEMPOTENCY_KEY=KEY)
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert again.json()["reads_papers"] is False
    assert IdempotentRequest.objects.count() == 1


def test_repeat__of_a_draft_is_not_read_by_who_has_left(api, world):
    from tests.world import end_roles_of

    caller = api(Role.EMPLOYEE)
    assert caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY).status_code == 201
    end_roles_of(world.home.person(Role.EMPLOYEE), timezone.localdate())
    assert slug_of(caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)) == "not-found"
    assert Initiative.objects.count() == 1


def test_body__nested_beyond_reason_is_refused_under_a_used_key_too(api, world):
    caller, body = api(Role.EMPLOYEE), b'{"title": ' + b"[" * 500 + b"]" * 500 + b"}"
    assert slug_of(caller.post("/initiatives/", body, HTTP_IDEMPOTENCY_KEY=KEY)) == "invalid"
    assert caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY).status_code == 201
    assert slug_of(caller.post("/initiatives/", body, HTTP_IDEMPOTENCY_KEY=KEY)) == "malformed"


@pytest.mark.parametrize("key", ["x" * 201, "med mellomrom", "æøå", "\x01"])
def test_key__that_is_malformed_is_refused(api, world, key):
    response = api(Role.EMPLOYEE).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=key)
    assert slug_of(response) == "malformed"
    assert not Initiative.objects.exists()


def test_key__is_forgotten_after_a_day(api, world):
    caller = api(Role.EMPLOYEE)
    caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY="another")
    IdempotentRequest.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    response = caller.post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    assert not response.has_header("Idempotent-Replayed")
    assert IdempotentRequest.objects.count() == 1  # what is too old is swept away


def test_sweep__removes_what_is_too_old_and_says_how_much(api, world):
    for key in ("a", "b", "c"):
        api(Role.EMPLOYEE).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=key)
    IdempotentRequest.objects.exclude(key="c").update(created_at=timezone.now() - KEPT)
    assert idempotency.sweep(timezone.now()) == 2
    assert IdempotentRequest.objects.get().key == "c"


def test_forget_answers__leaves_that_the_request_was_carried_out(api, world):
    caller = api(Role.EMPLOYEE)
    caller.post("/initiatives/", new(world, title="Noe som skal glemmes"), HTTP_IDEMPOTENCY_KEY=KEY)
    caller.post("/initiatives/", new(world, title="Noe annet"), HTTP_IDEMPOTENCY_KEY="another")
    ids = [Initiative.objects.get(title="Noe som skal glemmes").pk]
    idempotency.forget_answers(Initiative, ids, columns=frozenset(), now=timezone.now())
    bodies = dict(IdempotentRequest.objects.values_list("key", "body"))
    assert bodies[KEY] == "{}"
    assert "Noe annet" in bodies["another"]
    again = caller.client.post(
        "/api/v1/initiatives/", new(world, title="Noe som skal glemmes"), content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=KEY,
    )  # fmt: skip
    assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (201, b"{}", "true")
    assert Initiative.objects.count() == 2


def test_same_key__while_the_first_is_under_way_is_409(api, world):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            name = lock_name(world.home.person(Role.EMPLOYEE).pk, KEY)
            cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        response = api(Role.EMPLOYEE).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
        assert (response.status_code, slug_of(response)) == (409, "in-progress")
        assert response["Retry-After"] == "1"
    finally:
        other.close()
    assert not Initiative.objects.exists()


def test_write__that_fails_midway_leaves_neither_row_nor_key(api, world, monkeypatch):
    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(idempotency, "_remember", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        api(Role.EMPLOYEE).post("/initiatives/", new(world), HTTP_IDEMPOTENCY_KEY=KEY)
    assert not connection.needs_rollback
    assert not Initiative.objects.exists()
    assert not IdempotentRequest.objects.exists()
