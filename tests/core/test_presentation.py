"""Buttons, deadlines and lines of a history, as pages show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from core.presentation import Line, actions_of, due_of, file_lines, history_lines, imported_on, way_back
from governance.models import Status
from governance.models.status import TONES
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (-5, "5 dager over fristen", "danger"),
        (-1, "1 dag over fristen", "danger"),
        (0, "Frist i dag", "warning"),
        (1, "Frist i morgen", "warning"),
        (4, "Frist om 4 dager", "neutral"),
        (14, "Frist om 14 dager", "neutral"),
        (15, "Frist 19. mars 2026", "neutral"),
    ],
)
def test_say_deadline__as_people_do(days, text, tone):
    due = due_of(TODAY + timedelta(days=days), TODAY)
    assert due is not None
    assert (due.text, due.tone) == (text, tone)


def test_say_deadline__when_there_is_none():
    assert due_of(None, TODAY) is None


def names(actions) -> list[str]:
    return [action.name for action in actions]


def test_sort_buttons__usual_first_then_two_and_withdrawal_in_the_menu(world):
    case = stories.received(world.home)
    offers = initiative_workflow.offers(case, world.home.actor(Role.SECRETARIAT))
    actions = actions_of(offers, lambda name: f"/{name}/")
    assert actions.primary is not None
    assert (actions.primary.name, actions.primary.url) == ("start_preparation", "/start_preparation/")
    assert names(actions.beside) == ["return_for_completion", "send_to_fast_track"]
    assert set(names(actions.menu)) == {"refer", "merge", "withdraw"}
    assert actions


def test_sort_buttons__what_waits_is_told_apart(world):
    case = stories.under_preparation(world.home, operation_per_year=900_000)
    actions = actions_of(initiative_workflow.offers(case, world.home.actor(Role.SECRETARIAT)), str)
    assert names(actions.waiting) == ["mark_ready"]
    assert names(actions.other_blocked) == ["send_to_fast_track"]
    assert actions.primary is None


def test_sort_buttons__nothing_for_who_may_nothing(world):
    case = stories.received(world.home)
    assert not actions_of(initiative_workflow.offers(case, world.home.actor(Role.HR)), str)


def test_find_way_back__only_to_where_it_came_from(world):
    case = stories.on_agenda(world.home)
    by = world.home.actor(Role.SECRETARIAT)
    assert str(way_back(initiative_workflow, case, by, Status.READY_FOR_COUNCIL)) == "Ta av sakslista"
    assert way_back(initiative_workflow, case, by, Status.RECEIVED) == ""


def test_tell_history__names_in_two_queries(world, django_assert_num_queries):
    case = stories.received(world.home)
    with django_assert_num_queries(2):
        lines = history_lines(case, states=Status, tones=TONES, with_reasons=True)
    assert lines[0].who == world.home.person(Role.SECTOR_LEADER).name
    assert str(lines[0].state) == "Mottatt i sekretariatet"
    assert "Stafett" in {line.who for line in lines}


def line(registered: datetime | None) -> Line:
    return Line(
        label="", who="", at=datetime(2026, 3, 1, tzinfo=UTC), state="", reason="", tone="info", icon="dot",
        registered_at=registered,
    )  # fmt: skip


def test_tell_import__when_all_was_registered_on_one_later_day():
    day = datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert imported_on([line(day), line(day)]) == date(2026, 5, 1)
    assert imported_on([line(day), line(None)]) is None
    assert imported_on([]) is None


def test_list_files__with_icon_size_and_day(world):
    from core.models import Attachment

    file = Attachment(
        key="7b0c1f0e-0000-4000-8000-000000000000", name="a.pdf", mime="application/pdf", size=2048,
        uploaded_at=timezone.make_aware(datetime(2026, 3, 1, 12)),  # noqa: DTZ001 - made aware here
    )  # fmt: skip
    (shown,) = file_lines([file])
    assert (shown.name, shown.icon) == ("a.pdf", "pdf")
    assert shown.note.endswith("1. mars 2026")
