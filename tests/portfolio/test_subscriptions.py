"""Portfolio reports by e-mail: who may have them, what the letter says, and that each comes once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.mail import deliver
from core.models import Mail, ReminderEntry
from organization.models import RoleAssignment
from organization.roles import Role
from portfolio.models import HowOften, PortfolioReport, ReportSubscription
from portfolio.subscribing import sending
from portfolio.subscribing.operations import subscribe, unsubscribe
from portfolio.subscribing.telling import most_important
from portfolio.tasks import send_reports
from tests import stories
from tests.portfolio import reports

LIST = reverse("portfolio:subscription_list")
SENT = datetime(2026, 11, 3, 8, tzinfo=UTC)


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place, title="Velferdsteknologi").project


def begin(place, role=Role.EMPLOYEE, how_often=HowOften.PUBLISHED, *, area=None, days=60):
    now = timezone.now() - timedelta(days=days)
    return subscribe(area or place.municipality, how_often, by=place.actor(role), now=now)


def send(now=None):
    return sending.send_due(now=now or timezone.now())


def letters():
    return list(Mail.objects.order_by("pk"))


# --- Once per report and person --------------------------------------------------------------------
def test_send__published_report_once_to_each(place, project):
    begin(place)
    begin(place, Role.LEADER)
    assert send() == 0
    report = reports.published(place)
    assert send() == 2
    assert send() == 0
    assert send_reports() == 0
    assert {mail.recipient for mail in letters()} == {place.person(Role.EMPLOYEE), place.person(Role.LEADER)}
    mail = letters()[0]
    assert mail.subject == report.title
    assert f"{report.get_absolute_url()}?fil=pdf" in mail.body
    assert reverse("portfolio:subscription_end", args=[place.municipality.pk]) in mail.body
    assert deliver() == 2
    assert {message.to[0] for message in outbox.outbox} == {mail.recipient.email for mail in letters()}


def test_send__not_again_when_the_mail_is_swept_or_the_subscription_new(place, project):
    begin(place)
    reports.published(place)
    send()
    Mail.objects.all().delete()
    assert send() == 0
    unsubscribe(place.municipality, by=place.actor(Role.EMPLOYEE))
    begin(place)
    assert send() == 0


def test_send__nothing_is_lost_when_the_job_dies_in_the_middle(place, project, monkeypatch):
    begin(place)
    reports.published(place)
    written = sending.render_to_string

    def dies(*_args):
        raise RuntimeError

    monkeypatch.setattr(sending, "render_to_string", dies)
    with pytest.raises(sending.SendingFailed):
        send()
    assert (ReminderEntry.objects.filter(reminder=sending.OF_REPORT).count(), letters()) == (0, [])
    monkeypatch.setattr(sending, "render_to_string", written)
    assert send() == 1


def test_send__two_workers_write_one_letter(place, project):
    begin(place)
    reports.published(place)
    due = list(sending._published(timezone.now()))
    assert [sending._write(*one, now=timezone.now()) for one in due * 2] == [True, False]
    assert len(letters()) == 1


def test_send__only_what_was_published_while_one_subscribed_and_lately(place, project):
    report = reports.published(place)
    begin(place, days=0)
    assert send() == 0
    ReportSubscription.objects.update(created_at=report.published_at - timedelta(days=1))
    assert send(timezone.now() + sending.LOOK_BACK) == 0
    assert send() == 1


def test_send__of_the_area_alone(place, project):
    begin(place, area=place.sector)
    reports.published(place)
    assert send() == 0
    reports.publish(reports.draft(place, area=place.sector), place)
    assert send() == 1


# --- Who may read it on that day -------------------------------------------------------------------
def test_send__not_to_one_who_has_left(place, project):
    begin(place)
    reports.published(place)
    person = place.person(Role.EMPLOYEE)
    roles = RoleAssignment.objects.filter(person=person)
    roles.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert send() == 0
    roles.update(valid_to=None)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert send() == 0
    type(person).objects.filter(pk=person.pk).update(is_active=True, email="")
    assert send() == 0
    type(person).objects.filter(pk=person.pk).update(email="a@heim.example")
    assert send() == 1


def test_subscribe__only_at_home(as_role, world, place):
    client = as_role(Role.EMPLOYEE, world.neighbor)
    answer = client.post(LIST, {"area": place.municipality.pk, "how_often": "published"})
    assert answer.status_code == 422
    assert client.get(reverse("portfolio:subscription_end", args=[place.municipality.pk])).status_code == 404
    assert not ReportSubscription.objects.exists()


# --- Each month ------------------------------------------------------------------------------------
def test_send__monthly_on_the_first_working_day_as_it_stands_where_nothing_is_published(place, project):
    begin(place, how_often=HowOften.MONTHLY)
    ReportSubscription.objects.update(created_at=SENT - timedelta(days=40))
    assert send(datetime(2026, 11, 1, 8, tzinfo=UTC)) == 0  # a Sunday
    assert send(datetime(2026, 11, 2, 8, tzinfo=UTC)) == 1
    assert send(SENT) == 0
    mail = letters()[0]
    assert "ikke publisert noen ny porteføljerapport" in mail.body
    assert f"/portefolje/rapport/?omrade={place.municipality.pk}&dag=2026-11-02" in mail.body
    assert send(datetime(2026, 12, 1, 8, tzinfo=UTC)) == 1


def test_send__monthly_tells_of_the_newest_report_once(place, project):
    subscription = begin(place, how_often=HowOften.MONTHLY)
    ReportSubscription.objects.update(created_at=SENT - timedelta(days=90))
    report = reports.draft(place)
    PortfolioReport.objects.filter(pk=report.pk).update(
        status="published", published_at=datetime(2026, 10, 20, 8, tzinfo=UTC),
        figures=sending.figures_of(reports.scope(place)),
    )  # fmt: skip
    assert send(SENT) == 1
    assert letters()[0].subject == report.title
    assert send(datetime(2026, 12, 2, 8, tzinfo=UTC)) == 1
    assert "ikke publisert noen ny" in letters()[1].body
    ReportSubscription.objects.filter(pk=subscription.pk).update(how_often=HowOften.PUBLISHED)
    assert send(datetime(2026, 10, 21, 8, tzinfo=UTC)) == 0


def test_send__monthly_begins_with_the_next_month(place, project):
    begin(place, how_often=HowOften.MONTHLY)
    ReportSubscription.objects.update(created_at=SENT)
    assert send(SENT + timedelta(days=1)) == 0


# --- What it says ----------------------------------------------------------------------------------
def test_tell__what_needs_somebody_comes_first(place, project):
    day = timezone.localdate()
    reports.money(project, year=day.year, budget=1_000_000, forecast=3_500_000)
    reports.status(project, risk="bad")
    reports.risk(project, probability=5, impact=5)
    told = most_important(reports.figures(place), day)
    assert told[0] == "1 prosjekt trenger hjelp: Velferdsteknologi."
    assert f"Prognosen for {day.year} er 2,5" in told[1]
    assert told[2].startswith("Høyeste risiko er «Leverandøren blir forsinket» i «Velferdsteknologi», med 25")


def test_tell__three_things_where_all_is_well(place, project):
    told = most_important(reports.figures(place), timezone.localdate())
    assert told[0] == "1 i gang og 0 på vent."
    assert most_important(reports.figures(place), timezone.localdate())


def test_tell__nothing_of_what_is_shielded(place, project):
    stories.in_portfolio(place, title="Hemmelig", shield_basis="offl_23", public_title="Anskaffelse")
    begin(place)
    reports.published(place)
    send()
    assert "Hemmelig" not in letters()[0].body


# --- The pages -------------------------------------------------------------------------------------
def test_subscribe__change_and_end_on_the_page(as_role, place):
    client, area = as_role(Role.EMPLOYEE), place.municipality
    page = client.get(LIST, {"omrade": place.sector.pk})
    assert page.context["form"].initial["area"] == place.sector.pk
    for how_often in ("published", "monthly"):
        assert client.post(LIST, {"area": area.pk, "how_often": how_often}).status_code == 302
        assert ReportSubscription.objects.get().how_often == how_often
    end = reverse("portfolio:subscription_end", args=[area.pk])
    assert "Avslutte abonnementet?" in client.get(end).content.decode()
    assert client.post(end).status_code == 302
    assert not ReportSubscription.objects.exists()
    assert "Du abonnerer ikke" in client.get(end).content.decode()
    assert client.post(end).status_code == 302


def test_subscribe__without_an_address_is_told_so(as_role, place):
    type(place.person(Role.EMPLOYEE)).objects.filter(pk=place.person(Role.EMPLOYEE).pk).update(email="")
    answer = as_role(Role.EMPLOYEE).post(LIST, {"area": place.municipality.pk, "how_often": "published"})
    assert answer.status_code == 409
    assert "ingen e-postadresse" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", [{}, {"area": "x", "how_often": "y"}, {"area": 10**30, "how_often": "published"}]
)
def test_subscribe__bad_input(as_role, place, typed):
    answer = as_role(Role.EMPLOYEE).post(LIST, typed)
    assert answer.status_code == 422
    assert not ReportSubscription.objects.exists()


def test_subscribe__seen_by_oneself_alone_and_once(world, place):
    row = begin(place)
    seen = ReportSubscription.objects.visible_to
    assert list(seen(place.actor(Role.EMPLOYEE))) == [row]
    assert not seen(place.actor(Role.PORTFOLIO_MANAGER)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportSubscription.objects.create(person=row.person, area=row.area, created_at=timezone.now())
