"""Reports filed through the API as from the page: photos, questions and duties, and both degrees of anonymity."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.models import AccessLog, Attachment, IdempotentRequest
from deviations import operations
from deviations.models import Deviation, DeviationType, Duty
from organization.roles import Role
from tests.api.conftest import pointers, slug_of
from tests.api.test_api_deviations import KEY, ids, new
from tests.deviations import stories
from tests.deviations.test_report import _only_three_work_here, photo

CODE = "ABCDEFGHJKLMNPQR"


def large(name="stor.jpg"):
    return SimpleUploadedFile(name, photo().read() + b"\0" * (25 * 1024 * 1024), "image/jpeg")


def placed():
    """Return a photo that says where it was taken."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[2] = (59.0, 44.0, 0.0)
    exif[0x010F] = "SølvisKamera"
    Image.new("RGB", (64, 64), "blue").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_2.jpg", buffer.getvalue(), "image/jpeg")


def send(caller, path, body, *photos, **headers):
    """Send JSON with files beside it."""
    parts = {"photos": list(photos)} | ({} if body is None else {"json": json.dumps(body)})
    return caller.post(path, encode_multipart(BOUNDARY, parts), content_type=MULTIPART_CONTENT, **headers)


def anonymous(world, **changed):
    return new(world, anonymity="anonymous", confirmed_few=True, **changed)


# --- Photos ----------------------------------------------------------------------------------------
def test_file_deviation__with_photos_keeps_them_without_what_they_tell(api, world):
    caller = api(Role.EMPLOYEE)
    response = send(caller, "/deviations/", new(world), photo("Før.jpg"), placed())
    record = response.json()
    assert response.status_code == 201
    assert [one["name"] for one in record["photos"]] == ["Før.jpg", "IMG_2.jpg"]
    assert "refused_photos" not in record
    for one, kept in zip(record["photos"], Attachment.objects.order_by("pk"), strict=True):
        assert one["address"].endswith(f"/vedlegg/{kept.key}/")
        assert (one["mime"], one["sha256"]) == ("image/jpeg", kept.sha256)
        with kept.file.open() as content:
            assert not Image.open(content).getexif()


def test_file_deviation__goes_though_a_photo_is_refused(api, world):
    text = SimpleUploadedFile("notat.jpg", b"ikke et bilde", "image/jpeg")
    record = send(api(Role.EMPLOYEE), "/deviations/", new(world), photo(), text, large()).json()
    assert len(record["photos"]) == 1
    assert "«notat.jpg»" in record["refused_photos"][0]
    assert "større enn 25 MB" in record["refused_photos"][1]


def test_file_deviation__with_photos_twice_with_the_same_key_files_once(api, world):
    caller = api(Role.EMPLOYEE)
    first, again = (
        send(caller, "/deviations/", new(world), photo(), HTTP_IDEMPOTENCY_KEY=KEY) for _time in range(2)
    )
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    other = send(caller, "/deviations/", new(world), placed(), HTTP_IDEMPOTENCY_KEY=KEY)
    assert slug_of(other) == "key-reused"
    assert (Deviation.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"json": "{"}, 400), ({"json": "[]"}, 400), ({"json": ["{}", "{}"]}, 400), ({"other": "1"}, 400),
        ({"json": '{"photos": []}', "photos": photo()}, 400), ({"json": "{}", "files": photo()}, 422), ({}, 422),
        ({"json": '{"photos": ["x"]}'}, 422),
    ],
)  # fmt: skip
def test_file_deviation__refuses_parts_that_are_none(api, parts, status):
    sent = encode_multipart(BOUNDARY, parts)
    answer = api(Role.EMPLOYEE).post("/deviations/", sent, content_type=MULTIPART_CONTENT)
    assert answer.status_code == status
    assert not Deviation.objects.exists()


def test_add_photos__to_ones_own_report_until_it_ends(api, world):
    caller = api(Role.EMPLOYEE)
    case = stories.report(world.home)
    answer = send(caller, f"/deviations/{case.pk}/photos/", None, photo(), photo("samme.jpg"))
    assert answer.status_code == 201
    assert len(answer.json()["photos"]) == 1
    assert answer.json()["refused_photos"] == []
    assert send(api(Role.LEADER), f"/deviations/{case.pk}/photos/", None, placed()).status_code == 403
    assert send(api(Role.HR), f"/deviations/{case.pk}/photos/", None, placed()).status_code == 404
    stranger = api(Role.EMPLOYEE, world.neighbor)
    assert send(stranger, f"/deviations/{case.pk}/photos/", None, placed()).status_code == 404
    stories.perform(
        "dismiss", case, by=world.home.actor(Role.LEADER), now=timezone.now(), data={"reason": "Ikke vårt"}
    )
    assert send(caller, f"/deviations/{case.pk}/photos/", None, placed()).status_code == 403
    assert Attachment.objects.count() == 1


def test_add_photos__none_or_none_that_can_be_kept_is_refused(api, world):
    caller, case = api(Role.EMPLOYEE), stories.report(world.home)
    text = SimpleUploadedFile("notat.txt", b"ikke et bilde", "text/plain")
    for sent in ((), (text,)):
        answer = send(caller, f"/deviations/{case.pk}/photos/", None, *sent)
        assert slug_of(answer) == "invalid"
        assert pointers(answer) == ["#/photos"]
    assert caller.post(f"/deviations/{case.pk}/photos/", {}).status_code == 415
    assert not Attachment.objects.exists()


def test_fetch_photo__by_who_reads_the_words_and_nobody_else(api, world):
    record = send(api(Role.EMPLOYEE), "/deviations/", new(world), photo()).json()
    address = record["photos"][0]["address"].partition("/vedlegg/")[2]
    for place, role, status in (
        (world.home, Role.EMPLOYEE, 200), (world.home, Role.LEADER, 200), (world.home, Role.HR, 404),
        (world.neighbor, Role.LEADER, 404), (world.stranger, Role.KOMMUNEDIREKTOR, 404),
    ):  # fmt: skip
        answer = api(role, place).client.get(f"/vedlegg/{address}")
        assert answer.status_code == status, (place, role)
        if status == 200:
            assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
            for closer in answer._resource_closers:  # close() would close the connection of the test too
                closer()
    assert api(Role.LEADER).get(f"/deviations/{record['id']}/").json()["photos"] == record["photos"]


# --- Questions and duties ----------------------------------------------------------------------------
def test_list_questions__as_the_page_asks_them(api, world):
    caller, unit = api(Role.EMPLOYEE), world.home.unit.pk
    breach = stories.type_of(world.home, "IS-FEILSENDT")

    def codes(query):
        return [
            one["code"]
            for one in caller.get(f"/deviations/questions/?unit_id={unit}&{query}").json()["results"]
        ]

    assert "staff_injured" in codes("danger=unsure")
    assert "staff_injured" not in codes("danger=none")
    assert codes("kind=suggestion&danger=unsure") == []
    asked = codes(f"type_id={breach.pk}")
    assert "personal_data" in asked
    more = codes(f"type_id={breach.pk}&answer=personal_data:yes")
    assert set(asked) < set(more)


@pytest.mark.parametrize(
    ("query", "at"),
    [("", "unit_id"), ("unit_id=x", "unit_id"), ("unit_id={unit}&danger=tull", "danger"), ("unit_id={unit}&type_id=0", "type_id"), ("unit_id={unit}&noe=1", "noe")],
)  # fmt: skip
def test_list_questions__says_which_parameter_is_wrong(api, world, query, at):
    answer = api(Role.EMPLOYEE).get(f"/deviations/questions/?{query.format(unit=world.home.unit.pk)}")
    assert slug_of(answer) == "parameter"
    assert at in pointers(answer)


def test_list_questions__not_of_another_municipality(api, world):
    answer = api(Role.EMPLOYEE).get(f"/deviations/questions/?unit_id={world.neighbor.unit.pk}")
    assert slug_of(answer) == "parameter"


def test_list_types__of_the_own_municipality_at_a_constant_cost(api, world, django_assert_max_num_queries):
    caller = api(Role.EMPLOYEE)
    caller.get("/deviation-types/")
    with django_assert_max_num_queries(6):
        rows = caller.get("/deviation-types/?page_size=200").json()["results"]
    assert {row["municipality_id"] for row in rows} == {world.home.municipality.pk}
    named = caller.get("/deviation-types/?code=HMS-FALL").json()["results"]
    assert [row["id"] for row in named] == [stories.type_of(world.home, "HMS-FALL").pk]
    assert len(rows) == DeviationType.objects.filter(municipality=world.home.municipality).count()


def test_file_deviation__with_an_injury_starts_the_duty_whatever_the_type(api, world):
    found = timezone.now() - timedelta(hours=70)
    body = new(
        world, danger="injured", type_id=stories.type_of(world.home, "IS-FEILSENDT").pk, discovered_at=f"{found:%Y-%m-%dT%H:%M:%SZ}",
        answers={"staff_injured": "yes", "personal_data": "unsure"},
    )  # fmt: skip
    record = api(Role.EMPLOYEE).post("/deviations/", body).json()
    assert {one["code"]: one["value"] for one in record["answers"]} == body["answers"]
    assert all(one["from_reporter"] for one in record["answers"])
    duties = {one["code"]: one for one in record["duties"]}
    assert set(duties) == set(Duty.objects.values_list("code", flat=True))
    assert len(duties) >= 2
    assert {one["status"] for one in duties.values()} == {"open"}
    due = Duty.objects.get(code="GDPR_33").due_at
    assert due - found.replace(microsecond=0) == timedelta(hours=72)
    assert duties["GDPR_33"]["due_at"].startswith(f"{due:%Y-%m-%dT%H:%M:%S}")


@pytest.mark.parametrize(
    ("answers", "at"),
    [
        ([], "#/answers"), ("yes", "#/answers"), ({"finnes_ikke": "yes"}, "#/answers/finnes_ikke"),
        ({"staff_injured": "kanskje"}, "#/answers/staff_injured"), ({"staff_injured": True}, "#/answers/staff_injured"),
        ({"x~/y": 1}, "#/answers/x~0~1y"), ({"personal_data": "yes"}, "#/answers/personal_data"),
    ],
)  # fmt: skip
def test_file_deviation__refuses_answers_that_are_none(api, world, answers, at):
    body = new(world, danger="unsure", answers=answers, category="hms")
    response = api(Role.EMPLOYEE).post("/deviations/", body)
    assert slug_of(response) == "invalid"
    assert at in pointers(response)
    assert not Deviation.objects.exists()


# --- Anonymity -----------------------------------------------------------------------------------------
def test_file_anonymously__gives_the_code_and_nothing_that_leads_back(api, world):
    response = send(api(Role.EMPLOYEE), "/deviations/", anonymous(world, danger="unsure", answers={"staff_injured": "yes"}), photo("Sølvi.jpg"), HTTP_IDEMPOTENCY_KEY=KEY)  # fmt: skip
    receipt, case = response.json(), Deviation.objects.get()
    assert response.status_code == 201
    assert "Location" not in response
    assert "ETag" not in response
    assert set(receipt) == {"number", "follow_code", "follow_page", "responsible", "duties", "refused_photos"}
    assert (receipt["number"], receipt["responsible"]) == (case.number, str(world.home.person(Role.LEADER)))
    assert receipt["duties"]
    assert operations.receipt_of(receipt["follow_code"]) == case
    assert receipt["follow_page"].endswith(reverse("deviations:report_follow"))
    assert (case.reporter, case.anonymity) == (None, "anonymous")
    assert [file.name for file in Attachment.objects.all()] == ["bilde-1.jpg"]
    assert not IdempotentRequest.objects.exists()
    assert ids(api(Role.EMPLOYEE).get("/deviations/?mine=true")) == set()


def test_file_anonymously__of_a_confidential_type_is_not_logged_as_read(api, world):
    body = anonymous(world, type_id=stories.type_of(world.home, "HMS-PSYK").pk)
    assert api(Role.EMPLOYEE).post("/deviations/", body).status_code == 201
    assert Deviation.objects.get().is_confidential
    assert not AccessLog.objects.exists()


def test_file_anonymously__twice_is_once_for_who_has_the_code(api, world):
    caller, body = api(Role.EMPLOYEE), anonymous(world, follow_code=CODE)
    first, again = (caller.post("/deviations/", body, HTTP_IDEMPOTENCY_KEY=KEY).json() for _time in range(2))
    assert first == again
    assert first["follow_code"] == "ABCD-EFGH-JKLM-NPQR"
    for other in (
        anonymous(world),
        anonymous(world, follow_code=CODE[::-1]),
        {**body, "description": "Noe annet."},
    ):
        answer = caller.post("/deviations/", other, HTTP_IDEMPOTENCY_KEY=KEY)
        assert slug_of(answer) == "key-reused"
    assert Deviation.objects.count() == 1
    assert caller.post("/deviations/", body, HTTP_IDEMPOTENCY_KEY=str(uuid.uuid4())).status_code == 201


@pytest.mark.parametrize("code", ["KORT", "0" * 16, "æøå"])
def test_file_anonymously__refuses_a_code_that_cannot_be_one(api, world, code):
    answer = api(Role.EMPLOYEE).post("/deviations/", anonymous(world, follow_code=code))
    assert pointers(answer) == ["#/follow_code"]


@pytest.mark.parametrize("way", ["hidden", "anonymous"])
def test_file_hidden__warns_where_so_few_work_that_one_can_guess(api, world, way):
    _only_three_work_here(world.home)
    caller = api(Role.EMPLOYEE)
    answer = caller.post("/deviations/", new(world, anonymity=way))
    assert pointers(answer) == ["#/anonymity"]
    assert "kan gjette" in answer.json()["errors"][0]["detail"]
    assert caller.post("/deviations/", new(world, anonymity=way, confirmed_few=True)).status_code == 201
