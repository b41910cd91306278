"""The annual cycle: its periods, what is late for a meeting, and the year made from the one before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.actors import System
from core.errors import Refused, StaleVersion
from core.retention import forget
from core.workdays import add_working_days, is_working_day
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.cycle import operations, rules
from governance.cycle.changes import changes_of
from governance.models import CyclePeriod, Initiative
from governance.workflow import initiative_workflow, meeting_workflow
from organization.operations import Edit
from organization.roles import Role
from tests import stories


@pytest.fixture
def late(place):
    """A period whose submission was due three working days ago, its papers not yet."""
    return stories.period(place, submission=-3, name="Vår")


@pytest.fixture
def open_one(place):
    return stories.period(place, submission=25, name="Sommer")


def submit(place, **data):
    draft = stories.draft(place)
    return initiative_workflow.perform(
        "submit", draft, by=place.actor(Role.EMPLOYEE), now=timezone.now(), data=data
    )


def ready(place, initiative):
    """Take a case that is sent in to where it waits for an agenda."""
    now, secretary = timezone.now(), place.actor(Role.SECRETARIAT)
    perform = initiative_workflow.perform
    perform("endorse", initiative, by=place.actor(Role.SECTOR_LEADER), now=now)
    data = {
        "case_handler": place.person(Role.COORDINATOR),
        "deadline": timezone.localdate() + timedelta(days=9),
    }
    perform("start_preparation", initiative, by=secretary, now=now, data=data)
    stories.write_paper(initiative, place)
    return perform("mark_ready", initiative, by=place.actor(Role.COORDINATOR), now=now)


def meeting_of(place, period):
    at = timezone.make_aware(datetime.combine(period.meeting_on, datetime.min.time().replace(hour=9)))
    return council.plan_meeting(
        municipality=place.municipality, starts_at=at, place="Salen", by=place.actor(Role.SECRETARIAT), now=timezone.now()
    )  # fmt: skip


# --- Sending in ------------------------------------------------------------------------------------
def test_submit__without_a_cycle_nothing_changes(place, world, client):
    stories.period(world.neighbor, submission=-3)
    sent = submit(place)
    assert (sent.cycle_period, sent.late_words) == (None, "")
    client.force_login(place.person(Role.EMPLOYEE))
    page = client.get(reverse("governance:intake_review", args=[stories.draft(place).pk])).content.decode()
    assert "Hvilket rådsmøte" not in page


def test_submit__goes_to_the_first_meeting_it_is_in_time_for(place, late, open_one):
    assert submit(place).cycle_period == open_one


def test_submit__on_the_very_day_of_the_deadline_is_in_time(place):
    today = stories.period(place, submission=0)
    if today.submission_on == timezone.localdate():  # not so on a Sunday
        assert submit(place, period=today).cycle_period == today


@pytest.mark.parametrize("data", [{}, {"late_category": "statutory"}, {"late_reason": "Ny forskrift."}])
def test_submit_late__needs_both_category_and_reason(place, late, open_one, data):
    with pytest.raises(TransitionBlocked, match="Velg hvorfor saken likevel må opp der"):
        submit(place, period=late, **data)


def test_submit_late__with_category_and_reason_keeps_both(place, late, open_one):
    sent = submit(place, period=late, late_category="statutory", late_reason="Ny forskrift gjelder fra mars.")
    assert sent.cycle_period == late
    assert sent.late_words == "Lov- eller myndighetskrav. Ny forskrift gjelder fra mars."


def test_submit__in_time_keeps_no_excuse(place, open_one):
    sent = submit(place, period=open_one, late_category="statutory", late_reason="Unødvendig.")
    assert (sent.late_category, sent.late_reason) == ("", "")


def test_submit__not_to_a_meeting_whose_papers_are_due(place, open_one):
    over = stories.period(place, submission=-40)
    with pytest.raises(TransitionBlocked, match="for sent å melde inn til rådsmøtet"):
        submit(place, period=over, late_category="statutory", late_reason="Ny forskrift.")


def test_submit__not_to_a_meeting_of_the_neighbor(place, world, open_one):
    theirs = stories.period(world.neighbor, submission=5)
    with pytest.raises(TransitionBlocked):
        submit(place, period=theirs)


def test_database__refuses_a_late_case_without_its_reason(place, late):
    sent = submit(place, period=late, late_category="unforeseen", late_reason="Leverandøren gikk konkurs.")
    with pytest.raises(IntegrityError, match="initiative_late"), transaction.atomic():
        Initiative.objects.filter(pk=sent.pk).update(late_reason="")


def test_review__asks_which_meeting_and_tells_it_on_the_receipt(place, late, open_one, client):
    client.force_login(place.person(Role.EMPLOYEE))
    draft = stories.draft(place)
    url = reverse("governance:intake_review", args=[draft.pk])
    page = client.get(url).content.decode()
    assert "Hvilket rådsmøte skal saken til?" in page
    assert "Fristen gikk ut" in page
    data = {"version": draft.version, "period": late.pk}
    wrong = client.post(url, data)
    assert wrong.status_code == 422
    assert "late_category" in wrong.context["form"].errors
    half = client.post(url, {**data, "late_category": "statutory"})
    assert list(half.context["form"].errors) == ["late_reason"]
    done = client.post(
        url, {**data, "late_category": "statutory", "late_reason": "Ny forskrift."}, follow=True
    )
    assert done.redirect_chain
    assert "Meldt inn til" in done.content.decode()
    draft.refresh_from_db()
    assert draft.cycle_period == late


@pytest.mark.parametrize("value", ["x", "-1", "999999999999999999999", "\x00"])
def test_review__odd_period_names_the_field(place, open_one, client, value):
    client.force_login(place.person(Role.EMPLOYEE))
    draft = stories.draft(place)
    url = reverse("governance:intake_review", args=[draft.pk])
    answer = client.post(url, {"version": draft.version, "period": value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["period"]


# --- The agenda ------------------------------------------------------------------------------------
def test_put_on_agenda__not_of_a_meeting_it_came_too_late_for(place, late, open_one, secretary):
    first = meeting_of(place, late)
    case = ready(place, submit(place))
    step = initiative_workflow.transitions["put_on_agenda"]
    assert next(str(reason) for reason in step.blockers(case)).endswith("Sett opp det møtet først.")
    with pytest.raises(TransitionBlocked, match="Fristen for møte"):
        initiative_workflow.perform(
            "put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": first}
        )
    second = meeting_of(place, open_one)
    assert not step.blockers(case)
    with pytest.raises(TransitionBlocked, match="Fristen for møte"):
        initiative_workflow.perform(
            "put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": first}
        )
    done = initiative_workflow.perform(
        "put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": second}
    )
    assert done.agenda_items.get().meeting == second


def test_put_on_agenda__form_says_why_at_the_meeting(place, late, open_one, client):
    first = meeting_of(place, late)
    meeting_of(place, open_one)
    case = ready(place, submit(place))
    client.force_login(place.person(Role.SECRETARIAT))
    url = reverse("governance:initiative_transition", args=[case.pk, "put_on_agenda"])
    answer = client.post(url, {"meeting": first.pk})
    assert answer.status_code == 422
    assert "Fristen for møte" in str(answer.context["form"].errors["meeting"])


def test_put_on_agenda__late_case_with_its_reason_and_one_from_before_the_deadline(place, late, secretary):
    at = meeting_of(place, late)
    urgent = ready(place, submit(place, period=late, late_category="statutory", late_reason="Ny forskrift."))
    early = ready(place, submit(place))
    before = timezone.now() - timedelta(days=30)
    Initiative.objects.filter(pk=early.pk).update(submitted_at=before)
    early.refresh_from_db()
    for case in (urgent, early):
        initiative_workflow.perform(
            "put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": at}
        )
    assert at.items.on_agenda().count() == 2


# --- A meeting outside the cycle ---------------------------------------------------------------------
WHY = {"late_category": "unforeseen", "late_reason": "Leverandøren gikk konkurs."}


@pytest.fixture
def extra(place, open_one):
    """A meeting outside the cycle, so soon that its papers were due before today."""
    return stories.meeting(place, days=3)


def put_on(case, at, secretary, **data):
    return initiative_workflow.perform(
        "put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": at, **data}
    )


def test_extra_meeting__has_the_deadline_of_its_papers_where_there_is_a_cycle(place, world, open_one):
    at = stories.meeting(place, days=30)
    assert rules.deadline_of(at) == council.papers_due(at)
    assert rules.comes_too_late(ready(place, submit(place)), at) is None
    assert rules.deadline_of(stories.meeting(world.neighbor, days=3)) is None
    assert rules.deadline_of(meeting_of(place, open_one)) == open_one.submission_on


@pytest.mark.parametrize(
    "data", [{}, {"late_category": "statutory"}, {"late_reason": "Haster."}, {**WHY, "late_reason": " "}]
)
def test_extra_meeting__takes_no_late_case_without_category_and_reason(place, extra, secretary, data):
    case = ready(place, submit(place))
    with pytest.raises(TransitionBlocked, match="Velg hvorfor den likevel må opp der"):
        put_on(case, extra, secretary, **data)
    assert not extra.items.on_agenda().exists()


def test_extra_meeting__keeps_why_and_only_for_that_meeting(place, extra, open_one, secretary, client):
    case = put_on(ready(place, submit(place)), extra, secretary, **WHY)
    item = extra.items.on_agenda().get()
    words = "Uforutsett behov. Leverandøren gikk konkurs."
    assert (item.late_words, case.late_words) == (words, "")
    client.force_login(place.person(Role.SECRETARIAT))
    for page in ("initiative_case_paper", "initiative_detail"):
        assert words in client.get(reverse(f"governance:{page}", args=[case.pk])).content.decode()
    with pytest.raises(IntegrityError, match="agenda_late"), transaction.atomic():
        type(item).objects.filter(pk=item.pk).update(late_reason="")
    later = meeting_of(place, open_one)
    initiative_workflow.perform(
        "take_off_agenda", case, by=secretary, now=timezone.now(), data={"reason": "Utsatt."}
    )
    put_on(case, later, secretary, **WHY)
    assert later.items.on_agenda().get().late_words == ""
    assert words not in client.get(reverse("governance:initiative_detail", args=[case.pk])).content.decode()


def test_extra_meeting__a_case_meant_for_an_earlier_one_is_not_late(place, late, extra, secretary):
    case = ready(place, submit(place, period=late, late_category="statutory", late_reason="Ny forskrift."))
    CyclePeriod.objects.filter(pk=late.pk).update(
        meeting_on=timezone.localdate(extra.starts_at), papers_on=timezone.localdate(extra.starts_at) - timedelta(days=1),
        hearing_on=timezone.localdate(extra.starts_at) - timedelta(days=2),
    )  # fmt: skip
    case = Initiative.objects.get(pk=case.pk)
    put_on(case, extra, secretary)
    assert extra.items.on_agenda().get().late_words == "Lov- eller myndighetskrav. Ny forskrift."


def test_extra_meeting__the_form_asks_and_names_what_is_lacking(place, extra, client):
    case = ready(place, submit(place))
    client.force_login(place.person(Role.SECRETARIAT))
    url = reverse("governance:initiative_transition", args=[case.pk, "put_on_agenda"])
    assert "Hvorfor må saken opp etter fristen?" in client.get(url).content.decode()
    for data, lacking in (
        ({}, "late_category"),
        ({"late_category": "statutory"}, "late_reason"),
        ({"late_category": "x"}, "late_category"),
    ):
        answer = client.post(url, {"meeting": extra.pk, **data})
        assert answer.status_code == 422
        assert lacking in answer.context["form"].errors
    assert client.post(url, {"meeting": extra.pk, **WHY}).status_code == 302
    assert extra.items.on_agenda().get().late_category == "unforeseen"


def test_extra_meeting__says_its_deadline_when_it_is_set_up(place, open_one, client):
    client.force_login(place.person(Role.SECRETARIAT))
    begins = timezone.localtime() + timedelta(days=40)
    sent = {"starts_at": begins.strftime("%Y-%m-%dT10:00"), "place": "Salen"}
    page = client.post(reverse("governance:meeting_create"), sent, follow=True).content.decode()
    assert "Saker må være meldt inn senest" in page


def test_forget_why__also_on_the_agenda(place, extra, secretary):
    case = put_on(ready(place, submit(place)), extra, secretary, **WHY)
    forget(case, columns=["late_reason"], legal_basis="lov", by=System("retention"), now=timezone.now())
    assert extra.items.get().late_reason == "[fjernet]"


def test_lateness__stands_in_the_case_paper_the_minutes_and_the_queue(place, late, client, secretary):
    words = "Ny forskrift gjelder fra mars."
    sent = submit(place, period=late, late_category="statutory", late_reason=words)
    client.force_login(place.person(Role.SECRETARIAT))
    initiative_workflow.perform("endorse", sent, by=place.actor(Role.SECTOR_LEADER), now=timezone.now())
    assert words in client.get(reverse("governance:triage_case", args=[sent.pk])).content.decode()
    data = {
        "case_handler": place.person(Role.COORDINATOR),
        "deadline": timezone.localdate() + timedelta(days=9),
    }
    initiative_workflow.perform("start_preparation", sent, by=secretary, now=timezone.now(), data=data)
    stories.write_paper(sent, place)
    case = initiative_workflow.perform(
        "mark_ready", sent, by=place.actor(Role.COORDINATOR), now=timezone.now()
    )
    at = meeting_of(place, late)
    initiative_workflow.perform("put_on_agenda", case, by=secretary, now=timezone.now(), data={"meeting": at})
    stories.in_session(at, place)
    for name, pk in (
        ("initiative_case_paper", case.pk),
        ("meeting_minutes", at.pk),
        ("initiative_detail", case.pk),
    ):
        assert words in client.get(reverse(f"governance:{name}", args=[pk])).content.decode(), name


# --- Periods ---------------------------------------------------------------------------------------
def test_add_period__not_on_a_holiday_and_not_out_of_order(place, secretary):
    def add(**days):
        values = {
            "submission_on": date(2027, 4, 1), "hearing_on": date(2027, 4, 8), "papers_on": date(2027, 4, 15),
            "meeting_on": date(2027, 4, 22), **days,
        }  # fmt: skip
        row = CyclePeriod(municipality=place.municipality, name="Vår", **values)
        return operations.add_period(row, by=secretary, now=timezone.now())

    with pytest.raises(ValidationError) as holiday:
        add(meeting_on=date(2027, 5, 17))
    assert list(holiday.value.error_dict) == ["meeting_on"]
    with pytest.raises(ValidationError, match="Høringsfristen må komme før utsendingsfristen"):
        add(hearing_on=date(2027, 4, 15))
    assert add().version == 1
    with pytest.raises(ValidationError, match="alt en periode med møte den dagen"):
        add()


def test_database__keeps_the_days_in_order(place, late):
    for first, last in (
        ("submission_on", "hearing_on"),
        ("hearing_on", "papers_on"),
        ("papers_on", "meeting_on"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CyclePeriod.objects.filter(pk=late.pk).update(**{first: getattr(late, last)})


def test_periods__only_by_who_arranges_meetings_there(place, world, late):
    for actor in (place.actor(Role.COUNCIL_LEADER), world.neighbor.actor(Role.SECRETARIAT)):
        row = CyclePeriod(municipality=place.municipality, name="Vår")
        with pytest.raises(TransitionDenied):
            operations.add_period(row, by=actor, now=timezone.now())
        with pytest.raises(TransitionDenied):
            operations.remove_period(late, by=actor, now=timezone.now())
        with pytest.raises(TransitionDenied):
            operations.make_year(place.municipality, year=2031, by=actor, now=timezone.now())


def test_change_period__tells_what_was_and_what_is(place, late, secretary):
    seen = late.changed_at.isoformat()
    before = late.submission_on
    late.submission_on = add_working_days(before, -1)
    edit = Edit(late, ("submission_on",), seen)
    operations.change_period(edit, by=secretary, now=timezone.now(), reason="Fristen var en inneklemt dag.")
    newest, first = changes_of(late)
    assert newest.reason == "Fristen var en inneklemt dag."
    assert newest.who == str(place.person(Role.SECRETARIAT))
    assert newest.differences[0].startswith("Innmeldingsfrist: fra ")
    assert first.differences == []
    with pytest.raises(StaleVersion):
        operations.change_period(edit, by=secretary, now=timezone.now())


def test_change_period__to_the_day_of_a_meeting_and_a_meeting_to_its_day_are_linked(
    place, late, open_one, secretary
):
    day = add_working_days(late.meeting_on, 3)
    start = timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=9)))
    at = council.plan_meeting(
        municipality=place.municipality, starts_at=start, place="Salen", by=secretary, now=timezone.now()
    )
    late.meeting_on = day
    operations.change_period(Edit(late, ("meeting_on",)), by=secretary, now=timezone.now())
    assert CyclePeriod.objects.get(pk=late.pk).meeting == at
    other = council.plan_meeting(
        municipality=place.municipality, starts_at=start + timedelta(days=1), place="Salen", by=secretary, now=timezone.now()
    )  # fmt: skip
    moved = timezone.make_aware(datetime.combine(open_one.meeting_on, datetime.min.time().replace(hour=9)))
    council.change_meeting(other, starts_at=moved, place="Salen", by=secretary, now=timezone.now())
    assert CyclePeriod.objects.get(pk=open_one.pk).meeting == other


def test_remove_period__that_is_gone_already_is_no_error(late, secretary):
    for _again in range(2):
        operations.remove_period(late, by=secretary, now=timezone.now())
    with pytest.raises(Refused, match="fjernet dette imens"):
        operations.change_period(Edit(late, ("name",)), by=secretary, now=timezone.now())


def test_submit__to_a_period_that_was_removed_meanwhile_is_refused_with_words(
    place, open_one, secretary, monkeypatch
):
    monkeypatch.setattr(operations, "aims_of", lambda *_a: rules.Aims((), (open_one,)))
    CyclePeriod.objects.filter(pk=open_one.pk).delete()
    with pytest.raises(TransitionBlocked, match="fjernet imens"):
        operations.aim(Initiative(), open_one, category="", reason="", now=timezone.now())


def test_remove_period__not_with_cases_or_a_meeting(place, late, open_one, secretary):
    submit(place)
    with pytest.raises(Refused, match="meldt inn til perioden"):
        operations.remove_period(open_one, by=secretary, now=timezone.now())
    at = meeting_of(place, late)
    with pytest.raises(Refused, match="Avlys møtet først"):
        operations.remove_period(late, by=secretary, now=timezone.now())
    meeting_workflow.perform("cancel", at, by=secretary, now=timezone.now(), data={"reason": "Ingen saker."})
    operations.remove_period(late, by=secretary, now=timezone.now())
    assert not CyclePeriod.objects.filter(pk=late.pk).exists()


def test_meeting__belongs_to_the_period_of_its_day_or_the_one_it_was_set_up_for(
    place, late, open_one, client
):
    at = meeting_of(place, late)
    late.refresh_from_db()
    assert late.meeting == at
    assert late.meets_on == late.meeting_on
    client.force_login(place.person(Role.SECRETARIAT))
    url = f"{reverse('governance:meeting_create')}?periode={open_one.pk}"
    assert client.get(url).context["form"].initial["starts_at"].date() == open_one.meeting_on
    other_day = timezone.make_aware(
        datetime.combine(add_working_days(open_one.meeting_on, 2), datetime.min.time())
    )
    client.post(url, {"starts_at": other_day.strftime("%Y-%m-%dT10:00"), "place": "Salen"})
    open_one.refresh_from_db()
    assert open_one.meets_on == other_day.date()


def test_meeting_of_a_period__not_one_of_the_neighbor(place, world, late):
    meeting_of(world.neighbor, late)
    late.refresh_from_db()
    assert late.meeting is None


# --- A whole year ----------------------------------------------------------------------------------
def of_year(place, year, *days):
    values = dict(zip(CyclePeriod.DAYS, days, strict=True))
    return CyclePeriod.objects.create(
        municipality=place.municipality, name=f"{days[-1]:%m}", budget_track="first_tertial", changed_at=timezone.now(), **values
    )  # fmt: skip


def test_make_year__same_week_and_never_a_holiday(place, secretary):
    of_year(place, 2026, date(2026, 4, 20), date(2026, 4, 27), date(2026, 5, 4), date(2026, 5, 11))
    of_year(place, 2026, date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26))
    january, may = operations.make_year(place.municipality, year=2027, by=secretary, now=timezone.now())
    assert (january.meeting_on, may.meeting_on) == (
        date(2027, 2, 1),
        date(2027, 5, 18),
    )  # 17 May 2027 is a Monday
    assert may.budget_track == "first_tertial"
    with pytest.raises(Refused, match="er laget"):
        operations.make_year(place.municipality, year=2027, by=secretary, now=timezone.now())
    with pytest.raises(Refused, match="ikke noe årshjul for 2030"):
        operations.make_year(place.municipality, year=2031, by=secretary, now=timezone.now())


@given(
    st.dates(date(2024, 1, 1), date(2060, 12, 31)), st.integers(1, 30), st.integers(1, 30), st.integers(1, 60)
)
def test_a_year_later__working_days_in_order_in_that_year(meeting_on, papers, hearing, submission):
    meeting_on = add_working_days(meeting_on, 0)
    papers_on = add_working_days(meeting_on, -papers)
    hearing_on = add_working_days(papers_on, -hearing)
    period = CyclePeriod(
        municipality_id=1, name="x", meeting_on=meeting_on, papers_on=papers_on, hearing_on=hearing_on,
        submission_on=add_working_days(hearing_on, -submission),
    )  # fmt: skip
    later = operations._a_year_later(period, meeting_on.year + 1)
    days = [getattr(later, name) for name in CyclePeriod.DAYS]
    assert all(map(is_working_day, days))
    assert days == sorted(set(days))
    assert abs((later.meeting_on - meeting_on).days - 365) <= 14


@pytest.mark.parametrize(
    "meetings",
    [(date(2026, 3, 19), date(2026, 3, 24)), (date(2026, 5, 11), date(2026, 5, 12)), (date(2026, 12, 22), date(2026, 12, 29))],
)  # fmt: skip
def test_make_year__each_meeting_has_a_day_of_its_own(place, secretary, meetings):
    for day in meetings:
        of_year(place, 2026, *(day - timedelta(days=ago) for ago in (21, 14, 7, 0)))
    first, second = operations.make_year(place.municipality, year=2027, by=secretary, now=timezone.now())
    assert first.meeting_on < second.meeting_on


def test_make_year__of_a_meeting_on_the_second_of_january_after_a_leap_year(place, secretary):
    of_year(place, 2024, date(2023, 12, 11), date(2023, 12, 18), date(2023, 12, 22), date(2024, 1, 2))
    (later,) = operations.make_year(place.municipality, year=2025, by=secretary, now=timezone.now())
    assert later.meeting_on.year == 2025


# --- Pages -----------------------------------------------------------------------------------------
def test_calendar__costs_the_same_for_one_period_and_for_many(place, client, django_assert_max_num_queries):
    client.force_login(place.person(Role.SECRETARIAT))
    url = reverse("governance:cycle_calendar")
    for number in range(6):
        stories.period(place, submission=number * 7, name=f"Periode {number}")
        meeting_of(place, CyclePeriod.objects.latest("pk"))
    for query in ("", "?vis=maneder"):
        with django_assert_max_num_queries(12):
            client.get(url + query)


def test_calendar__kinds_years_and_odd_input(place, late, client):
    client.force_login(place.person(Role.EMPLOYEE))
    url = reverse("governance:cycle_calendar")
    page = client.get(url, {"type": "papers", "aar": late.papers_on.year})
    assert {entry.kind for entry in page.context["entries"]} == {"papers"}
    for odd in ("?aar=x", "?aar=-1", "?aar=99999999999", "?type=noe", "?vis=uker", "?aar=0&type=%00"):
        assert client.get(url + odd).status_code == 200
    assert [entry.kind for entry in client.get(url).context["upcoming"]] == []


def test_calendar__next_for_each_by_role(place, late, open_one, client):
    def kinds(role):
        client.force_login(place.person(role))
        return {entry.kind for entry in client.get(reverse("governance:cycle_calendar")).context["upcoming"]}

    assert kinds(Role.EMPLOYEE) == {"submission"}
    assert kinds(Role.SECRETARIAT) == {"submission", "hearing", "papers", "meeting"}
    assert "hearing" in kinds(Role.HR)
    assert "meeting" in kinds(Role.COUNCIL_MEMBER)
    assert kinds(Role.ELECTED_REPRESENTATIVE) == {"meeting"}


def test_calendar__next_is_of_ones_own_council(place, world, open_one, client):
    stories.period(world.region, submission=3, name="Regionens")
    client.force_login(place.person(Role.COUNCIL_MEMBER))
    upcoming = client.get(reverse("governance:cycle_calendar")).context["upcoming"]
    assert {entry.source.municipality for entry in upcoming} == {place.municipality}


def test_calendar__a_year_that_cannot_be_read_keeps_the_kinds(late, place, client):
    client.force_login(place.person(Role.SECRETARIAT))
    answer = client.get(reverse("governance:cycle_calendar"), {"aar": "abc", "type": "meeting"})
    assert {entry.kind for entry in answer.context["entries"]} <= {"meeting"}


def test_calendar__not_the_neighbors_but_the_regions(place, world, client):
    stories.period(world.neighbor, submission=3, name="Naboens")
    stories.period(world.region, submission=3, name="Regionens")
    client.force_login(place.person(Role.EMPLOYEE))
    years = {timezone.localdate().year, timezone.localdate().year + 1}
    pages = "".join(
        client.get(reverse("governance:cycle_calendar"), {"aar": year}).content.decode() for year in years
    )
    assert "Regionens" in pages
    assert "Naboens" not in pages


def test_empty_calendar__tells_who_makes_it(place, client):
    client.force_login(place.person(Role.EMPLOYEE))
    page = client.get(reverse("governance:cycle_calendar")).content.decode()
    assert place.person(Role.SECRETARIAT).name in page
    client.force_login(place.person(Role.SECRETARIAT))
    assert "Legg inn periodene" in client.get(reverse("governance:cycle_calendar")).content.decode()


def test_make_year_page__in_one_step(place, client):
    of_year(place, 2026, date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26))
    client.force_login(place.person(Role.SECRETARIAT))
    page = client.get(reverse("governance:cycle_calendar"), {"aar": 2027}).content.decode()
    assert "Lag årshjulet for 2027" in page
    done = client.post(reverse("governance:cycle_year"), {"year": 2027})
    assert done["Location"].endswith("?aar=2027")
    assert client.post(reverse("governance:cycle_year"), {"year": 2027}).status_code == 409
    for odd in ("x", "-1", "99999999999999999999", ""):
        assert client.post(reverse("governance:cycle_year"), {"year": odd}).status_code == 422


def test_period_page__changes_with_history_and_says_what_is_wrong(place, late, client):
    client.force_login(place.person(Role.SECRETARIAT))
    url = reverse("governance:period_edit", args=[late.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if name != "why"}
    wrong = client.post(url, {**data, "meeting_on": "2027-05-17"})
    assert wrong.status_code == 422
    assert "virkedag" in str(wrong.context["form"].errors["meeting_on"])
    done = client.post(url, {**data, "name": "Vårmøtet", "why": "Bedre navn."})
    assert done.status_code == 302
    page = client.get(url).content.decode()
    assert "Bedre navn." in page
    assert "fra Vår til Vårmøtet" in page
    assert client.post(url, {**data, "name": "Enda et"}).status_code == 409
