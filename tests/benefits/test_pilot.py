"""Pilots: what is tried out and its limits, who writes and decides, and that stopping is a result."""

from __future__ import annotations

import html
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits import operations as plans
from benefits.change.versions import compare_work, work_lines
from benefits.forms.pilot import PilotForm
from benefits.inbox import pilots_to_decide
from benefits.lessons import lessons_to_write, may_be_asked
from benefits.models import Benefit, Measurement, Pilot, PlanApproval
from benefits.operations import pilot as operations
from benefits.reminders import REMINDERS
from core import reminders
from core.errors import Refused, StaleVersion
from core.models import Notice
from core.workdays import add_working_days
from core.workflow import TransitionDenied
from governance.models import Initiative, Status
from governance.views import papers
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import pilots, pulses, stories


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def initiative(place):
    return stories.planned(place).initiative


def address(name: str, initiative) -> str:
    is_of_pilot = name in {"pilot_conclude", "pilot_reopen"}
    return reverse(f"benefits:{name}", args=[initiative.pilot.pk if is_of_pilot else initiative.pk])


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def fresh(initiative) -> Initiative:
    return Initiative.objects.get(pk=initiative.pk)


def posted(client, initiative, **values):
    return client.post(address("pilot_edit", initiative), pilots.answers(**values))


# --- Described --------------------------------------------------------------------------------------
def test_save_pilot__by_who_works_on_the_plan_and_nobody_else(world, initiative):
    place = world.home
    pilot = pilots.declared(initiative, place, role=Role.PROJECT_OWNER)
    assert (pilot.cap, pilot.outcome) == (Decimal(120_000), "")
    with pytest.raises(TransitionDenied):
        pilots.declared(initiative, place, role=Role.CHANGE_AGENT)
    for other in (world.neighbor, world.stranger):
        with pytest.raises((Http404, TransitionDenied)):
            pilots.declared(initiative, other)
    assert Pilot.objects.count() == 1


def test_save_pilot__in_the_form_by_its_author_only(place, as_role):
    draft = initiatives.draft(place)
    with pytest.raises((Http404, TransitionDenied)):
        pilots.declared(draft, place, role=Role.SECRETARIAT)
    client = as_role(Role.EMPLOYEE)
    assert "Er dette en utprøving?" in text_of(client.get(address("overview_edit", draft)))
    answer = posted(client, draft)
    assert answer.url == address("overview_edit", draft)
    assert "Å stoppe er et resultat" in text_of(client.get(address("overview_edit", draft)))
    assert Pilot.objects.visible_to(place.actor(Role.EMPLOYEE)).exists()
    assert not Pilot.objects.visible_to(place.actor(Role.SECRETARIAT)).exists()


def test_see_pilot__in_the_form_before_there_is_any_benefit(place, as_role):
    draft = initiatives.draft(place)
    draft.benefits.all().delete()
    pilots.declared(draft, place, role=Role.EMPLOYEE)
    assert Pilot.objects.visible_to(place.actor(Role.EMPLOYEE)).exists()
    assert as_role(Role.EMPLOYEE).get(address("pilot_edit", draft)).status_code == 200


def test_see_pilot__as_the_plan(world, initiative):
    pilots.declared(initiative, world.home)
    assert Pilot.objects.visible_to(world.home.actor(Role.SERVICE_OWNER)).exists()
    assert not Pilot.objects.visible_to(world.neighbor.actor(Role.KOMMUNEDIREKTOR)).exists()
    assert not Pilot.objects.visible_to(None).exists()


def test_open_pages__hidden_elsewhere_and_closed_to_a_colleague(world, initiative, as_role):
    pilots.declared(initiative, world.home)
    for name in ("pilot_edit", "pilot_remove", "pilot_conclude"):
        for other in (world.neighbor, world.stranger):
            for role in (Role.KOMMUNEDIREKTOR, Role.SERVICE_OWNER):
                assert as_role(role, other).get(address(name, initiative)).status_code == 404
        assert as_role(Role.CHANGE_AGENT).get(address(name, initiative)).status_code == 403
        assert as_role(Role.SERVICE_OWNER).get(address(name, initiative)).status_code == 200
    stranger = as_role(Role.SERVICE_OWNER, world.neighbor)
    assert stranger.post(address("pilot_reopen", initiative)).status_code == 404
    assert posted(stranger, initiative).status_code == 404


def test_open_pages__none_where_there_is_no_pilot(initiative, as_role):
    client = as_role(Role.SERVICE_OWNER)
    assert client.get(address("pilot_edit", initiative)).status_code == 200
    assert client.get(address("pilot_remove", initiative)).status_code == 404
    assert client.get(reverse("benefits:pilot_conclude", args=[0])).status_code == 404
    assert client.post(reverse("benefits:pilot_reopen", args=[0])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hypothesis", "", ""),
        ("stop_criterion", " ", ""),
        ("cap", "", ""),
        ("ends_on", "", ""),
        ("cap", "-1", "negativt"),
        ("cap", "99 999 999 999 999", "10 milliarder"),
        ("cap", "mye", ""),
        ("ends_on", "1.1.2020", "alt gått"),
        ("ends_on", "31.12.9999", "9999"),
        ("ends_on", "1.1.2150", "fem år"),
        ("ends_on", "i morgen", "dato"),
        ("hypothesis", "x" * 2001, "2000"),
        ("hypothesis", "a\0b", ""),
    ],
)
def test_save_pilot__tells_what_is_wrong_and_keeps_the_rest(initiative, as_role, field, value, said):
    answer = posted(as_role(Role.SERVICE_OWNER), initiative, **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in text_of(answer)
    other = "hypothesis" if field == "stop_criterion" else "stop_criterion"
    assert pilots.answers()[other] in text_of(answer)
    assert not Pilot.objects.exists()


def test_save_pilot__shows_markup_as_text(initiative, as_role):
    client = as_role(Role.SERVICE_OWNER)
    assert posted(client, initiative, hypothesis="<script>alert(1)</script>").status_code == 302
    page = client.get(address("plan_detail", initiative)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_save_pilot__today_and_what_passed_meanwhile(place, initiative, as_role):
    """A pilot whose last day has come can be described better, and be given a later day."""
    pilots.ended(initiative, place)
    client = as_role(Role.SERVICE_OWNER)
    page = client.get(address("pilot_edit", initiative)).context["form"]
    base, passed = page.base(), (timezone.localdate() - timedelta(days=1)).isoformat()
    assert (
        posted(
            client, initiative, base=base, ends_on=passed, stop_criterion="Når budsjettet er brukt."
        ).status_code
        == 302
    )
    pilot = Pilot.objects.get()
    assert (pilot.stop_criterion, pilot.ends_on) == (
        "Når budsjettet er brukt.",
        timezone.localdate() - timedelta(days=1),
    )
    today = timezone.localdate().strftime("%d.%m.%Y")
    assert posted(client, initiative, base=base, ends_on=today).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"ends_on": timezone.localdate() - timedelta(days=1)}, "alt gått"), ({"cap": Decimal(-1)}, "negativt"), ({"hypothesis": ""}, "blank")],
)  # fmt: skip
def test_save_pilot__refused_by_the_operation_too(place, initiative, wrong, said):
    form = PilotForm(pilots.answers(), instance=Pilot(), actor=place.actor(Role.SERVICE_OWNER))
    assert form.is_valid()
    with pytest.raises(Refused, match=said):
        operations.save_pilot(
            initiative, {**form.cleaned_data, **wrong}, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
        )


@pytest.mark.parametrize(
    "wrong", [{"cap": -1}, {"hypothesis": ""}, {"stop_criterion": ""}, {"outcome": "stopped"}, {"learned": "Noe"}, {"outcome": "gull"}]
)  # fmt: skip
def test_keep_pilot__never_in_halves(place, initiative, wrong):
    pilot = pilots.declared(initiative, place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pilot.objects.filter(pk=pilot.pk).update(**wrong)


def test_save_pilot__two_editors(place, initiative, as_role):
    pilots.declared(initiative, place)
    first, second = as_role(Role.SERVICE_OWNER), as_role(Role.PROJECT_OWNER)
    base = first.get(address("pilot_edit", initiative)).context["form"].base()
    assert posted(second, initiative, base=base, cap="90 000").status_code == 302
    assert posted(first, initiative, base=base, stop_criterion="Når to slutter.").status_code == 302
    assert Pilot.objects.get().cap == Decimal(90_000)
    clash = posted(first, initiative, base=base, cap="150 000")
    assert clash.status_code == 409
    page = text_of(clash)
    assert "90 000" in page.replace("\xa0", " ")
    assert "150 000" in page.replace("\xa0", " ")
    assert Pilot.objects.get().cap == Decimal(90_000)
    chosen = clash.context["form"].clashes[0]
    done = posted(
        first, initiative, base=clash.context["base"], cap="150 000", choose=f"mine:cap:{chosen.mark}"
    )
    assert done.status_code == 302
    assert Pilot.objects.get().cap == Decimal(150_000)


def test_save_pilot__declared_by_two_at_once(place, initiative):
    pilots.declared(initiative, place)
    assert pilots.declared(initiative, place) == Pilot.objects.get()
    with pytest.raises(StaleVersion):
        pilots.declared(initiative, place, cap="5")


def test_save_pilot__not_when_the_initiative_is_over(place, as_role):
    rejected = initiatives.decided(place, "reject", project_owner=place.person(Role.PROJECT_OWNER))
    assert as_role(Role.PROJECT_OWNER).get(address("pilot_edit", rejected)).status_code == 409
    answer = posted(as_role(Role.PROJECT_OWNER), rejected)
    assert answer.status_code == 409
    assert "avsluttet" in text_of(answer)


def test_remove_pilot__asked_first_and_kept_in_the_history(place, initiative, as_role):
    pilot = pilots.declared(initiative, place)
    client = as_role(Role.SERVICE_OWNER)
    assert "ingen utprøving likevel" in text_of(client.get(address("pilot_edit", initiative)))
    assert Pilot.objects.exists()
    assert client.post(address("pilot_remove", initiative)).status_code == 302
    assert not Pilot.objects.exists()
    events = Pilot.pgh_event_model.objects.filter(pgh_obj_id=pilot.pk)
    assert list(events.values_list("pgh_label", flat=True).order_by("pgh_id")) == ["insert", "delete"]
    assert events.last().pgh_context.metadata["action"] == "remove_pilot"
    assert "Er dette en utprøving?" in text_of(client.get(address("plan_detail", initiative)))


# --- Decided ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "said"), [("stopped", "Det er et resultat: dere vet mer enn før"), ("went_on", "virker godt nok til å bygge på")]
)  # fmt: skip
def test_conclude_pilot__either_way_is_a_result(place, initiative, as_role, outcome, said):
    pilots.declared(initiative, place)
    client = as_role(Role.PROJECT_OWNER)
    data = {"outcome": outcome, "learned": pilots.LEARNED, "spent": "130 000"}
    assert client.post(address("pilot_conclude", initiative), data).url == address("plan_detail", initiative)
    pilot = Pilot.objects.get()
    assert (pilot.outcome, pilot.concluded_on, pilot.above_cap) == (
        outcome,
        timezone.localdate(),
        Decimal(10_000),
    )
    assert pilot.concluded_by == place.person(Role.PROJECT_OWNER)
    page = text_of(client.get(address("plan_detail", initiative)))
    assert said in page
    assert pilots.LEARNED in page
    assert "10 000 kr over grensen" in page.replace("\xa0", " ")
    for word in ("mislyk", "feilet", "dessverre"):
        assert word not in page.lower()


@pytest.mark.parametrize(
    ("field", "value"), [("outcome", ""), ("outcome", "gull"), ("learned", " "), ("learned", "x" * 4001), ("spent", "-5")]
)  # fmt: skip
def test_conclude_pilot__tells_what_is_wrong(place, initiative, as_role, field, value):
    pilots.declared(initiative, place)
    data = {"outcome": "stopped", "learned": pilots.LEARNED, "spent": "", field: value}
    answer = as_role(Role.SERVICE_OWNER).post(address("pilot_conclude", initiative), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Pilot.objects.get().is_concluded


def test_conclude_pilot__once(place, initiative, as_role):
    pilots.concluded(initiative, place, "stopped")
    client = as_role(Role.SERVICE_OWNER)
    data = {"outcome": "went_on", "learned": "Noe annet"}
    answer = client.post(address("pilot_conclude", initiative), data)
    assert answer.status_code == 409
    assert "alt avgjort" in text_of(answer)
    shown = text_of(client.get(address("pilot_conclude", initiative)))
    assert "Det er et resultat" in shown
    assert "Det kan ikke gjøres nå" not in shown
    assert posted(client, initiative).status_code == 409
    assert client.post(address("pilot_remove", initiative)).status_code == 409
    assert Pilot.objects.get().outcome == "stopped"


def test_conclude_pilot__not_before_it_is_adopted(place, as_role):
    draft = initiatives.draft(place, project_owner=place.person(Role.EMPLOYEE))
    pilots.declared(draft, place, role=Role.EMPLOYEE)
    with pytest.raises(Refused, match="ikke vedtatt"):
        operations.conclude_pilot(
            draft, "stopped", "Noe", None, by=place.actor(Role.EMPLOYEE), now=timezone.now()
        )


def test_conclude_pilot__by_who_may(world, initiative):
    pilots.declared(initiative, world.home)
    given = (initiative, "stopped", "Noe", None)
    with pytest.raises(TransitionDenied):
        operations.conclude_pilot(*given, by=world.home.actor(Role.CHANGE_AGENT), now=timezone.now())
    for other in (world.neighbor, world.stranger):
        with pytest.raises(Http404):
            operations.conclude_pilot(*given, by=other.actor(Role.PROJECT_OWNER), now=timezone.now())


def test_conclude_pilot__also_of_a_stopped_initiative(place, initiative):
    pilots.declared(initiative, place)
    Initiative.objects.filter(pk=initiative.pk).update(project_owner=place.person(Role.PROJECT_OWNER))
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "update governance_initiative set status = %s where id = %s", [Status.STOPPED, initiative.pk]
        )
        cursor.execute("set local session_replication_role = default")
    by = place.actor(Role.PROJECT_OWNER)
    pilot = operations.conclude_pilot(fresh(initiative), "stopped", "Noe", None, by=by, now=timezone.now())
    assert pilot.is_stopped
    with pytest.raises(Refused, match="avsluttet"):
        operations.reopen_pilot(fresh(initiative), by=by, now=timezone.now())


def test_reopen_pilot__while_nothing_hangs_on_it(place, initiative, as_role):
    pilots.concluded(initiative, place, "stopped")
    client = as_role(Role.SERVICE_OWNER)
    assert "Angre avgjørelsen" in text_of(client.get(address("plan_detail", initiative)))
    assert client.post(address("pilot_reopen", initiative)).status_code == 302
    pilot = Pilot.objects.get()
    assert (pilot.outcome, pilot.learned, pilot.concluded_on, pilot.concluded_by) == ("", "", None, None)
    kept = Pilot.pgh_event_model.objects.filter(pgh_obj_id=pilot.pk, outcome="stopped")
    assert kept.get().learned == pilots.LEARNED
    assert "Avgjør utprøvingen" in text_of(client.get(address("plan_detail", initiative)))


def test_reopen_pilot__not_when_the_plan_is_approved_with_it(place, initiative, as_role):
    pilots.concluded(initiative, place, "went_on")
    plans.approve_plan(initiative, by=place.actor(Role.PROJECT_OWNER), now=timezone.now())
    client = as_role(Role.SERVICE_OWNER)
    client.post(address("pilot_reopen", initiative))
    assert Pilot.objects.get().is_concluded
    assert "godkjent med dette resultatet" in text_of(client.get(address("plan_detail", initiative)))


# --- Called for -------------------------------------------------------------------------------------
def test_fill_inbox__when_the_last_day_has_come_for_whoever_leads(place, initiative):
    leader, other = place.actor(Role.PROJECT_OWNER), place.actor(Role.SERVICE_OWNER)
    assert fresh(initiative).project_owner == place.person(Role.PROJECT_OWNER)
    pilots.declared(initiative, place)
    assert not pilots_to_decide.rows(leader).exists()
    Pilot.objects.update(ends_on=timezone.localdate())
    pilot = pilots_to_decide.rows(leader).get()
    task = pilots_to_decide.task(pilot, leader)
    assert (str(task.verb), task.title, task.due) == (
        "Avgjør utprøvingen av",
        str(pilot),
        timezone.localdate(),
    )
    assert task.url == address("pilot_conclude", initiative)
    assert not pilots_to_decide.rows(other).exists()
    Initiative.objects.filter(pk=initiative.pk).update(project_owner=None)
    assert pilots_to_decide.rows(other).exists()
    Initiative.objects.filter(pk=initiative.pk).update(service_owner=None)
    assert pilots_to_decide.rows(place.actor(Role.EMPLOYEE)).exists()
    operations.conclude_pilot(
        fresh(initiative), "stopped", "Noe", None, by=place.actor(Role.EMPLOYEE), now=timezone.now()
    )
    assert not pilots_to_decide.rows(place.actor(Role.EMPLOYEE)).exists()


def test_remind_of_pilot__before_on_and_after_its_day_then_up_the_line(place, initiative):
    pilot = pilots.declared(initiative, place)
    reminder = next(one for one in REMINDERS if one.key == "pilot_ends")

    def on(working_days: int) -> set[str]:
        day = add_working_days(pilot.ends_on, working_days) if working_days else pilot.ends_on
        before = set(Notice.objects.values_list("pk", flat=True))
        reminders.run(day=day, now=timezone.now(), only=[reminder])
        return set(Notice.objects.exclude(pk__in=before).values_list("recipient__username", flat=True))

    leader = place.person(Role.PROJECT_OWNER).username
    assert on(-10) == set()
    assert on(-5) == on(0) == on(5) == {leader}
    assert {leader, place.person(Role.SERVICE_OWNER).username, place.person(Role.LEADER).username} <= on(15)
    assert on(15) == set()
    assert Notice.objects.filter(title__contains="er ferdig").exists()
    operations.conclude_pilot(
        initiative, "stopped", "Noe", None, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )
    assert not reminder.due(pilot.ends_on).exists()


# --- No blame ---------------------------------------------------------------------------------------
def test_stop_pilot__is_no_missed_target(place):
    missed, owner = stories.not_realized(place), place.actor(Role.SERVICE_OWNER)
    assert may_be_asked(missed)
    assert lessons_to_write.rows(owner).filter(pk=missed.pk).exists() is (missed.lesson == "")
    pilots.concluded(missed.initiative, place, "went_on")
    assert may_be_asked(missed)
    Pilot.objects.all().delete()
    pilots.concluded(missed.initiative, place, "stopped")
    assert not may_be_asked(missed)
    assert not Benefit.objects.filter(pk=missed.pk).in_plans().exists()


def test_stop_pilot__nobody_is_asked_to_measure_or_blamed_for_what_is_dropped(place, as_role):
    benefit, owner = stories.planned(place), place.actor(Role.SERVICE_OWNER)
    far = timezone.localdate() + timedelta(days=400)
    assert Measurement.objects.called_for(far).exists()
    assert Benefit.objects.in_plans().filter(pk=benefit.pk).exists()
    pilots.concluded(benefit.initiative, place, "stopped")
    assert not Measurement.objects.called_for(far).exists()
    assert not Benefit.objects.in_plans().filter(pk=benefit.pk).exists()
    stories.perform(
        "drop_benefit", benefit, by=owner, now=timezone.now(), data={"reason": "Utprøvingen stoppet."}
    )
    assert not lessons_to_write.rows(owner).exists()
    page = text_of(as_role(Role.SERVICE_OWNER).get(reverse("benefits:scorecard")))
    assert str(benefit) not in page


# --- Approved ---------------------------------------------------------------------------------------
def test_approve_plan__with_the_pilot_in_the_version(place, initiative, as_role):
    approve = {"by": place.actor(Role.PROJECT_OWNER), "now": timezone.now()}
    pilots.declared(initiative, place)
    plans.approve_plan(initiative, **approve)
    Pilot.objects.update(cap=Decimal(90_000))
    kept = PlanApproval.objects.filter(initiative=initiative).order_by("-number").first().work
    changed = compare_work(kept, work_lines(initiative))
    assert [(one.state, [str(part.label) for part in one.differences]) for one in changed] == [
        ("changed", ["Kan koste på det meste"])
    ]
    page = text_of(as_role(Role.SERVICE_OWNER).get(address("plan_versions", initiative)))
    assert "Utprøving: Vi tror" in page
    assert "120 000 kr" in page.replace("\xa0", " ")


def test_approve_plan__a_result_changes_no_plan(place, initiative):
    pilots.declared(initiative, place)
    before = work_lines(initiative)
    operations.conclude_pilot(
        initiative, "stopped", "Noe", None, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )
    assert compare_work(before, work_lines(initiative)) == []


# --- What it costs ----------------------------------------------------------------------------------
def queries_of(client, initiative) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(address("plan_detail", initiative)).status_code == 200
    return len(made)


def test_show_plan__no_query_more_with_a_pilot(place, as_role):
    benefit = stories.baseline_measured(place)
    pulses.open_pulse(benefit, place)
    client = as_role(Role.SERVICE_OWNER)
    client.get(address("plan_detail", benefit.initiative))
    without = queries_of(client, benefit.initiative)
    pilots.concluded(benefit.initiative, place, "stopped")
    assert queries_of(client, benefit.initiative) == without


# --- Where it is read besides -----------------------------------------------------------------------
def test_review__shows_the_pilot_with_a_way_to_change_it(as_role, place):
    draft = initiatives.draft(place)
    pilots.declared(draft, place, role=Role.EMPLOYEE)
    text = text_of(as_role(Role.EMPLOYEE).get(reverse("governance:intake_review", args=[draft.pk])))
    for words in (
        "Vi tror at vaktlaget",
        "120 000 kr",
        "Hvis under halvparten",
        address("pilot_edit", draft),
    ):
        assert words.replace(" ", "\xa0") in text or words in text
    Pilot.objects.all().delete()
    text = text_of(as_role(Role.EMPLOYEE).get(reverse("governance:intake_review", args=[draft.pk])))
    assert "Utprøving" not in text


def test_case_paper__shows_the_pilot_to_its_readers_only(as_role, world, place, monkeypatch):
    case = initiatives.ready_for_council(place)
    pilots.declared(case, place, role=Role.SECRETARIAT)
    page, printed = (
        reverse(f"governance:{name}", args=[case.pk])
        for name in ("initiative_case_paper", "initiative_case_paper_pdf")
    )
    client = as_role(Role.SECRETARIAT)
    text = text_of(client.get(page))
    for words in ("Utprøving", "Vi tror at vaktlaget", "Stopper før tiden", "Hvis under halvparten"):
        assert words in text
    Pilot.objects.update(
        outcome="stopped",
        learned=pilots.LEARNED,
        concluded_on=timezone.localdate(),
        concluded_by=place.person(Role.SECRETARIAT),
    )
    assert pilots.LEARNED not in text_of(client.get(page))
    given: list = []
    real = papers.render_case_paper
    monkeypatch.setattr(papers, "render_case_paper", lambda data, now: given.append(data) or real(data, now))
    assert client.get(printed).content.startswith(b"%PDF")
    (section,) = [one for one in given[0]["sections"] if one["heading"] == "Utprøving"]
    assert "Vi tror at vaktlaget" in str(section["tables"][0]["rows"])
    for reader in (as_role(Role.CHANGE_AGENT), as_role(Role.SECRETARIAT, world.neighbor)):
        assert reader.get(page).status_code == 404
        assert reader.get(printed).status_code == 404
