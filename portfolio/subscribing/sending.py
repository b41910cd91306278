"""Write the letters of portfolio reports: one per report and person, and one a month for those who want that.

A letter is written in the same transaction as its line in the ledger, so that a job that is killed and run anew,
or two at once, neither loses nor repeats one; ``core.mail`` carries it.  Who may not read the report on that day is
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.actors import actor_of
from core.formats import short_date
from core.models import Mail, ReminderEntry
from core.seeing import sees
from core.workdays import add_working_days
from organization.models import Unit
from portfolio.models import HowOften, PortfolioReport, ReportSubscription
from portfolio.reporting.figures import figures_of, shown
from portfolio.reporting.forms import PERIOD
from portfolio.reporting.moments import start_of
from portfolio.reporting.scope import Scope
from portfolio.subscribing.telling import most_important

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from portfolio.reporting.figures import Figures

log = structlog.get_logger("stafett.subscriptions")
LOOK_BACK = timedelta(days=7)
"""How long after a report was published the job still looks for those who have not got it."""
OF_REPORT, OF_MONTH = "portfolio_report", "portfolio_month"


class SendingFailed(Exception):
    """Some letters could not be written; every other one was.  The job is run again, and writes what is missing."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter tells of: a published report, or the portfolio as it stands where there is none."""

    area: Unit
    day: date
    figures: Figures
    report: PortfolioReport | None = None

    @property
    def subject(self) -> str:
        words = {"area": self.area.name, "day": short_date(self.day)}
        if self.report is not None:
            return self.report.title
        return _("Porteføljen for %(area)s slik den står %(day)s") % words

    @property
    def path(self) -> str:
        if self.report is not None:
            return f"{self.report.get_absolute_url()}?"
        return f"{reverse('portfolio:report_now')}?omrade={self.area.pk}&dag={self.day:%Y-%m-%d}&"


def send_due(*, now: datetime) -> int:
    """Write every letter that is due, and return how many were new.

    :raises SendingFailed: when all others are written.
    """
    written, failed = 0, list[int]()
    for subscription, letter in (*_published(now), *_monthly(now)):
        try:
            written += _write(subscription, letter, now=now)
        except Exception:
            failed.append(subscription.pk)
            log.exception("letter failed", subscription=subscription.pk)
    if failed:
        raise SendingFailed(", ".join(str(pk) for pk in failed))
    return written


# --- What is due ---------------------------------------------------------------------------------
def _published(now: datetime) -> Iterator[tuple[ReportSubscription, Letter]]:
    """Yield those who wait for a report that was published lately, while they subscribed."""
    reports = PortfolioReport.objects.published().filter(published_at__gt=now - LOOK_BACK)
    for report in reports.select_related("area").order_by("published_at", "pk").iterator():
        waiting = _subscribers(HowOften.PUBLISHED, report.area, since=report.published_at)
        rows = list(waiting.exclude(_told(OF_REPORT, PortfolioReport, report.pk)))
        letter = _letter_of(report) if rows else None
        for row in rows:
            assert letter is not None
            yield row, letter


def _monthly(now: datetime) -> Iterator[tuple[ReportSubscription, Letter]]:
    """Yield those who have not got this month's letter, from its first working day."""
    today = timezone.localdate(now)
    month = today.replace(day=1)
    if today < add_working_days(month - timedelta(days=1), 1):
        return
    waiting = ReportSubscription.objects.filter(how_often=HowOften.MONTHLY, created_at__lt=start_of(month))
    waiting = waiting.exclude(_told(OF_MONTH, ReportSubscription, OuterRef("pk"), period=f"{month:%Y-%m}"))
    letters: dict[tuple[int, int | None], Letter] = {}
    for row in waiting.select_related("person", "area").order_by("area", "pk"):
        report = _newest_untold(row, since=start_of((month - timedelta(days=1)).replace(day=1)))
        key = row.area_id, report.pk if report else None
        if key not in letters:
            letters[key] = _letter_of(report) if report else _as_it_stands(row.area, now)
        yield row, letters[key]


def _subscribers(how_often: HowOften, area: Unit, *, since: datetime | None) -> QuerySet[Any]:
    rows = ReportSubscription.objects.filter(how_often=how_often, area=area, created_at__lte=since)
    return rows.select_related("person", "area").order_by("pk")


def _told(ledger: str, model: type[Any], pk: Any, *, period: str = "") -> Exists:
    kind = ContentType.objects.get_for_model(model)
    return Exists(
        ReminderEntry.objects.filter(
            reminder=ledger, content_type=kind, object_id=pk, person=OuterRef("person"), period=period
        )
    )


def _newest_untold(row: ReportSubscription, *, since: datetime) -> PortfolioReport | None:
    """Return the newest report of the area since last month that the person has not been told of."""
    kind = ContentType.objects.get_for_model(PortfolioReport)
    told = ReminderEntry.objects.filter(
        reminder=OF_REPORT, content_type=kind, object_id=OuterRef("pk"), person=row.person_id
    )
    rows = (
        PortfolioReport.objects.published()
        .filter(area=row.area_id, published_at__gte=since)
        .exclude(Exists(told))
    )
    found: PortfolioReport | None = rows.select_related("area").order_by("-as_of", "-pk").first()
    return found


def _letter_of(report: PortfolioReport) -> Letter:
    return Letter(report.area, timezone.localdate(report.as_of), shown(report.figures), report)


def _as_it_stands(area: Unit, now: datetime) -> Letter:
    return Letter(area, timezone.localdate(now), figures_of(Scope(area, now, now - PERIOD)))


# --- Writing -------------------------------------------------------------------------------------
def _write(subscription: ReportSubscription, letter: Letter, *, now: datetime) -> bool:
    """Write one letter, once; tell whether it was new."""
    person = subscription.person
    if not (person.is_active and person.email and _may_read(person, letter)):
        return False
    with transaction.atomic(), translation.override(person.language):
        # Who has ended it meanwhile, in another window, gets nothing more.
        if not ReportSubscription.objects.select_for_update().filter(pk=subscription.pk).exists():
            return False
        if not all(_enter(subscription, line, now) for line in _lines(subscription, letter, now)):
            transaction.set_rollback(True)
            return False
        Mail.objects.create(
            key=_key(subscription, letter, now), recipient=person, subject=letter.subject[:200], created_at=now,
            body=render_to_string("portfolio/mail_report.txt", _context(subscription, letter)),
        )  # fmt: skip
    return True


def _may_read(person: Any, letter: Letter) -> bool:
    actor = actor_of(person)
    if letter.report is not None:
        return sees(actor, letter.report)
    return Unit.objects.visible_to(actor).filter(pk=letter.area.pk).exists()


Line = tuple[str, Any, str]


def _lines(subscription: ReportSubscription, letter: Letter, now: datetime) -> Iterator[Line]:
    """Yield what stands in the ledger of a letter: the report it tells of, and the month it is for."""
    if letter.report is not None:
        yield OF_REPORT, letter.report, ""
    if subscription.how_often == HowOften.MONTHLY:
        yield OF_MONTH, subscription, f"{timezone.localdate(now):%Y-%m}"


def _enter(subscription: ReportSubscription, line: Line, now: datetime) -> bool:
    ledger, record, period = line
    _entry, made = ReminderEntry.objects.get_or_create(
        reminder=ledger, content_type=ContentType.objects.get_for_model(record), object_id=record.pk,
        person=subscription.person, period=period, defaults={"given_at": now},
    )  # fmt: skip
    return made


def _key(subscription: ReportSubscription, letter: Letter, now: datetime) -> str:
    if letter.report is not None:
        return f"{OF_REPORT}/{letter.report.pk}/{subscription.person_id}"
    return f"{OF_MONTH}/{subscription.pk}/{timezone.localdate(now):%Y-%m}"


def _context(subscription: ReportSubscription, letter: Letter) -> dict[str, Any]:
    base = settings.PUBLIC_URL
    return {
        "person": subscription.person, "letter": letter, "things": most_important(letter.figures, letter.day),
        "web": f"{base}{letter.path}".rstrip("?&"), "pdf": f"{base}{letter.path}fil=pdf",
        "end": f"{base}{reverse('portfolio:subscription_end', args=[subscription.area_id])}",
    }  # fmt: skip
