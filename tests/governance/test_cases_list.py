"""The open list: who sees what, search and filters, pages, and the list as a file."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import exports
from governance.models import Initiative
from organization.roles import Role
from tests import stories

LIST = reverse("governance:initiative_list")


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def file_of(response) -> bytes:
    """Return what a streamed answer holds, and close the file behind it."""
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return content


def is_late(case: Initiative) -> None:
    Initiative.objects.filter(pk=case.pk).update(due_on=timezone.localdate() - timedelta(days=3))


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ELECTED_REPRESENTATIVE, Role.HR])
def test_see_open_list__shows_where_each_case_stands(world, as_role, role):
    stories.received(world.home)
    page = text_of(as_role(role).get(LIST))
    assert "Digital vaktplan" in page
    assert "Mottatt i sekretariatet" in page
    assert "Sekretariatet" in page


def test_see_open_list__holds_no_case_of_another_municipality(world, as_role):
    stories.received(world.home)
    assert "Digital vaktplan" not in text_of(as_role(Role.EMPLOYEE, world.neighbor).get(LIST))


def test_see_open_list__holds_no_draft_of_another(world, as_role):
    stories.draft(world.home)
    assert "Digital vaktplan" not in text_of(as_role(Role.HR).get(LIST))
    assert "Digital vaktplan" in text_of(as_role(Role.EMPLOYEE).get(LIST))


def test_see_open_list__offers_raising_only_to_those_who_may(world, as_role):
    start = reverse("governance:intake_start")
    assert start in text_of(as_role(Role.EMPLOYEE).get(LIST))
    assert start not in text_of(as_role(Role.ELECTED_REPRESENTATIVE).get(LIST))


def test_see_open_list__shows_public_title_of_shielded_case_to_all(world, as_role):
    stories.received(
        world.home, title="Kameraer i garderoben", shield_basis="offl_24", public_title="Sikringstiltak"
    )
    for role in (Role.EMPLOYEE, Role.SECRETARIAT):
        page = text_of(as_role(role).get(LIST))
        assert "Sikringstiltak" in page
        assert "Kameraer" not in page


def test_see_open_list__escapes_what_people_write(world, as_role):
    stories.received(world.home, title="<script>alert(1)</script> & «Áŋ» 🎉")
    page = text_of(as_role(Role.EMPLOYEE).get(LIST))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; «Áŋ» 🎉" in page


def test_search_list__finds_content_only_for_readers(world, as_role):
    stories.received(world.home, need="Vi mister medisinlister.")
    assert "Digital vaktplan" in text_of(as_role(Role.SECRETARIAT).get(LIST, {"q": "medisinliste"}))
    missing = text_of(as_role(Role.HR).get(LIST, {"q": "medisinliste"}))
    assert "Digital vaktplan" not in missing
    assert "Ingen tiltak passer" in missing


@pytest.mark.parametrize("typed", ["x" * 300, "a\x00b", "'; drop table", '"', "🎉", "<b>", "-", "   "])
def test_search_list__survives_odd_input(world, as_role, typed):
    stories.received(world.home)
    assert as_role(Role.EMPLOYEE).get(LIST, {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "received"}, {"Mottatt"}),
        ({"status": "trinn:secretariat"}, {"Mottatt", "Utredes"}),
        ({"status": "ended"}, set()),
        ({"forfalt": "on"}, {"Utredes"}),
        ({"kategori": "procurement"}, set()),
        ({"q": "utredes"}, {"Utredes"}),
        ({"status": "finnes-ikke"}, {"Mottatt", "Utredes"}),
        ({"enhet": "-1"}, {"Mottatt", "Utredes"}),
    ],
)
def test_filter_list__keeps_what_fits(world, as_role, query, expected):
    stories.received(world.home, title="Mottatt")
    is_late(stories.under_preparation(world.home, title="Utredes", category="procurement"))
    response = as_role(Role.HR).get(LIST, query)
    assert {line["case"].card_title for line in response.context["lines"]} == expected


def test_filter_list__by_unit_takes_what_is_below(world, as_role):
    stories.received(world.home)
    client = as_role(Role.HR)
    for unit, count in ((world.home.municipality, 1), (world.home.sector, 1), (world.home.unit, 1)):
        assert len(client.get(LIST, {"enhet": unit.pk}).context["lines"]) == count
    stranger = client.get(LIST, {"enhet": world.stranger.unit.pk})
    assert "Velg et gyldig valg" in stranger.content.decode()


def test_filter_list__mine_is_what_i_wrote_or_am_named_on(world, as_role):
    stories.under_preparation(world.home)
    for role, count in ((Role.EMPLOYEE, 1), (Role.COORDINATOR, 1), (Role.SERVICE_OWNER, 1), (Role.HR, 0)):
        assert len(as_role(role).get(LIST, {"mine": "on"}).context["lines"]) == count


def test_filter_list__by_category_for_those_who_read_the_papers(world, as_role):
    stories.under_preparation(world.home, title="Utredes", category="procurement")
    for role, count in ((Role.LEADER, 1), (Role.HR, 0)):
        assert len(as_role(role).get(LIST, {"kategori": "procurement"}).context["lines"]) == count


def test_filter_list__by_category_tells_nothing_of_shielded_cases(world, as_role):
    stories.received(world.home, shield_basis="offl_13", public_title="Skjermet sak", category="procurement")
    assert not as_role(Role.HR).get(LIST, {"kategori": "procurement"}).context["lines"]
    assert as_role(Role.SECRETARIAT).get(LIST, {"kategori": "procurement"}).context["lines"]


def test_page_list__walks_forth_and_back_without_counting(world, as_role):
    first = stories.received(world.home)
    for number in range(70):
        Initiative.objects.create(
            municipality=first.municipality, unit=first.unit, submitter=first.submitter, title=f"Sak {number}",
            number=f"2020-{number:03d}", status="received", status_since=first.status_since, created_at=first.created_at,
            submitted_at=first.submitted_at, changed_at=first.changed_at - timedelta(hours=number + 1),
        )  # fmt: skip
    client, url, seen = as_role(Role.HR), LIST, []
    while url:
        page = client.get(url).context["page"]
        seen.append([row.pk for row in page.rows])
        url = LIST + page.next_url if page.next_url else ""
    assert [len(rows) for rows in seen] == [30, 30, 11]
    assert len({pk for rows in seen for pk in rows}) == 71
    back = client.get(LIST + page.previous_url).context["page"]
    assert [row.pk for row in back.rows] == seen[1]


def test_see_open_list__query_count_does_not_grow(world, as_role, django_assert_max_num_queries):
    client = as_role(Role.EMPLOYEE)
    stories.received(world.home)
    client.get(LIST)
    with django_assert_max_num_queries(7) as few:
        client.get(LIST)
    for _ in range(4):
        stories.under_preparation(world.home)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_export_list__as_csv_holds_what_is_filtered_and_no_formula(world, as_role):
    stories.received(world.home, title="=HYPERLINK(1)")
    stories.awaiting_endorsement(world.home, title="Utenfor filteret")
    response = as_role(Role.EMPLOYEE).get(LIST, {"fil": "csv", "status": "received"})
    assert response["Content-Disposition"].startswith("attachment;")
    lines = file_of(response).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Nummer;Tittel;Status;Trinn")
    assert "'=HYPERLINK(1)" in lines[1]
    assert len(lines) == 2


def test_export_list__as_xlsx_opens(world, as_role):
    stories.received(world.home, title="=1+1 Áŋ")
    content = file_of(as_role(Role.EMPLOYEE).get(LIST, {"fil": "xlsx"}))
    sheet = load_workbook(BytesIO(content)).active
    assert [cell.value for cell in sheet[2]][1:4] == ["=1+1 Áŋ", "Mottatt i sekretariatet", "Sekretariat"]
    assert sheet["B2"].data_type == "s"


def test_export_list__says_when_it_is_cut(world, as_role, monkeypatch):
    monkeypatch.setattr(exports, "LIMIT", 1)
    stories.received(world.home)
    stories.received(world.home)
    lines = file_of(as_role(Role.EMPLOYEE).get(LIST, {"fil": "csv"})).decode().splitlines()
    assert len(lines) == 3
    assert "kuttet ved 1 rader" in lines[2]


def test_see_open_list__nobody_without_login(client, world):
    assert client.get(LIST).status_code == 302
