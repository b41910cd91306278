"""Mine oppgaver: grouped tasks, notices read and unread, and the same list by e-mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.actors import System
from core.inbox import MOST_TASKS, PAGE_SIZE, Inbox, Task, grouped
from core.models import Notice
from governance import operations
from governance.models import Initiative
from organization.roles import Role
from tests import stories
from tests.stories import perform
from tests.world import end_roles_of

INBOX = reverse("core:inbox")
WEDNESDAY = date(2026, 3, 4)


def due(title: str, day: date | None) -> Task:
    return Task(verb="Gjør", title=title, why="", url="/", due=day)


def test_group_tasks__by_urgency():
    tasks = [
        due("i går", WEDNESDAY - timedelta(days=1)), due("i dag", WEDNESDAY), due("søndag", date(2026, 3, 8)),
        due("mandag", date(2026, 3, 9)), due("uten frist", None),
    ]  # fmt: skip
    found = {str(label): [task.title for task in group] for label, group in grouped(tasks, WEDNESDAY)}
    assert found == {
        "Forfalt": ["i går"],
        "Denne uka": ["i dag", "søndag"],
        "Senere": ["mandag"],
        "Uten frist": ["uten frist"],
    }


def test_open_inbox__shows_verb_object_reason_and_deadline(world, as_role):
    case = stories.awaiting_endorsement(world.home)
    Initiative.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    page = as_role(Role.SECTOR_LEADER).get(INBOX).content.decode()
    for words in (
        "Forfalt",
        "Gi tilråding til",
        "Digital vaktplan",
        "Du er sektorleder for enheten",
        "2 dager over fristen",
    ):
        assert words in page
    assert case.get_absolute_url() in page


def test_open_inbox__empty_says_what_comes(world, as_role):
    page = as_role(Role.HR).get(INBOX).content.decode()
    assert "Ingenting venter på deg" in page
    assert "Du har ingen varsler ennå" in page


def test_open_inbox__of_shielded_case_shows_public_title(world, as_role):
    stories.under_preparation(
        world.home,
        title="Kameraer",
        shield_basis="offl_24",
        public_title="Sikringstiltak",
        affects_staff="yes",
    )
    page = as_role(Role.TILLITSVALGT).get(INBOX).content.decode()
    assert "Sikringstiltak" in page
    assert "Kameraer" not in page


def test_open_inbox__counts_what_the_badge_counts(world, as_role):
    stories.received(world.home)
    stories.received(world.home)
    client = as_role(Role.SECRETARIAT)
    assert client.get(INBOX).context["inbox_count"] == 2
    assert "(2 venter)" in client.get(reverse("governance:initiative_list")).content.decode()


def test_open_notice__marks_it_read_and_leads_there(world, as_role):
    case = stories.received(world.home)
    notice = Notice.objects.get(recipient=world.home.person(Role.EMPLOYEE), event="endorsed")
    client = as_role(Role.EMPLOYEE)
    assert "Ulest" in client.get(INBOX).content.decode()
    response = client.get(reverse("core:notice_open", args=[notice.pk]))
    assert response["Location"] == case.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_open_notice__of_another_does_not_exist(world, as_role):
    stories.received(world.home)
    notice = Notice.objects.get(recipient=world.home.person(Role.EMPLOYEE), event="endorsed")
    assert as_role(Role.SECRETARIAT).get(reverse("core:notice_open", args=[notice.pk])).status_code == 404


def test_mark_all_read__only_mine_and_only_by_post(world, as_role):
    stories.received(world.home)
    client = as_role(Role.EMPLOYEE)
    url = reverse("core:notices_read")
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == INBOX
    assert not Notice.objects.filter(recipient=world.home.person(Role.EMPLOYEE), read_at=None).exists()
    assert Notice.objects.filter(read_at=None).exists()
    assert "Merk alle som lest" not in client.get(INBOX).content.decode()


def test_open_inbox__query_count_does_not_grow(world, as_role, django_assert_max_num_queries):
    client = as_role(Role.SECRETARIAT)
    stories.received(world.home)
    client.get(INBOX)
    with django_assert_max_num_queries(12) as few:
        client.get(INBOX)
    for _ in range(3):
        stories.received(world.home)
    with django_assert_max_num_queries(len(few)):
        client.get(INBOX)


@pytest.mark.parametrize("title", ["Vakt & <b>plan</b>", "Áŋ 🎉"])
def test_write_daily_mail__is_the_inbox_as_plain_text(world, title):
    case = stories.awaiting_endorsement(world.home, title=title)
    person = world.home.person(Role.SECTOR_LEADER)
    written = mail.bundle(person, day=timezone.localdate(), now=timezone.now())
    assert written is not None
    assert f"- Gi tilråding til {title} (frist " in written.body
    assert f"http://127.0.0.1:8000{case.get_absolute_url()}" in written.body
    assert "&lt;" not in written.body
    assert person.name in written.body
    assert "\n\n\n" not in written.body


def fill(place, number: int) -> None:
    """Let that many drafts wait for the employee."""
    for at in range(number):
        operations.create_initiative(
            title=f"Kladd {at:03}", unit=place.unit, by=place.actor(Role.EMPLOYEE), now=timezone.now()
        )


def shown(response) -> list[str]:
    return [row["task"].title for group in response.context["groups"] for row in group["rows"]]


def test_open_inbox__in_pages_with_each_task_once(world, as_role):
    fill(world.home, PAGE_SIZE + 3)
    client = as_role(Role.EMPLOYEE)
    first, second = client.get(INBOX), client.get(INBOX, {"side": 2})
    assert (len(shown(first)), len(shown(second))) == (PAGE_SIZE, 3)
    assert len({*shown(first), *shown(second)}) == PAGE_SIZE + 3
    assert "Oppgave 1–25 av 28." in first.content.decode()
    assert 'href="?side=2"' in first.content.decode()
    assert 'href="?side=1"' in second.content.decode()
    assert 'href="?side=3"' not in second.content.decode()


def test_open_inbox__most_urgent_on_the_first_page(world, as_role):
    fill(world.home, PAGE_SIZE + 3)
    last = Initiative.objects.order_by("-pk")[0]
    Initiative.objects.filter(pk=last.pk).update(due_on=timezone.localdate())
    assert shown(as_role(Role.EMPLOYEE).get(INBOX))[0] == last.title


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99", "9" * 5000, ""])
def test_open_inbox__odd_page_numbers(world, as_role, number):
    fill(world.home, 2)
    assert len(shown(as_role(Role.EMPLOYEE).get(INBOX, {"side": number}))) == 2


def test_open_inbox__counts_and_shows_no_more_than_anybody_works_with(world, as_role):
    fill(world.home, MOST_TASKS + 5)
    client = as_role(Role.EMPLOYEE)
    last = client.get(INBOX, {"side": MOST_TASKS // PAGE_SIZE}).content.decode()
    assert "Oppgave 76–100 av 99+. Her står de som haster mest." in last
    assert "?side=5" not in last
    assert "(99+ venter)" in client.get(reverse("governance:initiative_list")).content.decode()
    assert "Vis de neste oppgavene" in client.get(reverse("core:start")).content.decode()


def test_count_inbox__follows_what_is_done_and_who_one_is(world):
    case = stories.awaiting_endorsement(world.home)
    leader, employee = world.home.actor(Role.SECTOR_LEADER), world.home.actor(Role.EMPLOYEE)
    assert (Inbox(leader).total, Inbox(employee).total) == (1, 0)
    perform("endorse", case, by=leader, now=timezone.now())
    assert (Inbox(leader).total, Inbox(employee).total) == (0, 0)
    assert Inbox(world.home.actor(Role.SECRETARIAT)).total == 1
    assert Inbox(System("test")).total == 0


def test_see_notices__no_longer_of_cases_one_has_left(world, as_role):
    """Who leaves a role hears no more of its cases: not on the page, and not in the mail next morning."""
    from core.mail import bundle
    from core.models import Notice

    stories.received(world.home)
    person = world.home.person(Role.SECRETARIAT)
    assert Notice.objects.filter(recipient=person).exists()
    assert "Digital vaktplan" in as_role(Role.SECRETARIAT).get(INBOX).content.decode()
    end_roles_of(person, timezone.localdate())
    assert "Digital vaktplan" not in as_role(Role.SECRETARIAT).get(INBOX).content.decode()
    assert bundle(person, day=timezone.localdate(), now=timezone.now()) is None
