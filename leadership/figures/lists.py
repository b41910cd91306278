"""The list behind each number: the same rows, with what makes them count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import duration, kroner, long_date, moment, short_date
from core.presentation import due_of
from deviations.presentation import who_has_it
from leadership.attention import with_overrun
from leadership.figures import rows
from leadership.models import Key
from portfolio.health import read_latest
from portfolio.models import Health, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from leadership.areas import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: what it is, where it belongs, and why it counts."""

    title: str
    url: str
    where: str
    what: str
    who: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """``rows`` in the order of ``ordering``; ``heading`` and ``whose`` are what the last columns say."""

    rows: Callable[[Place], QuerySet[Any]]
    ordering: tuple[str, ...]
    line: Callable[[Any, Place], Line]
    heading: StrOrPromise
    whose: StrOrPromise
    empty: StrOrPromise


def _needy(place: Place) -> QuerySet[Any]:
    return rows.needy(place).listed().with_latest_status()


def _needy_line(project: Project, _place: Place) -> Line:
    read_latest([project])
    signs = project.latest_status.signs if project.latest_status else []
    bad = [str(sign.short) for sign in signs if sign.value == Health.BAD]
    return Line(
        title=project.name, url=project.get_absolute_url(), where=str(project.unit), what=", ".join(bad), who=str(project.owner), tone="danger",
    )  # fmt: skip


def _money(place: Place) -> QuerySet[Any]:
    """Return the projects with budget lines of the year, which are those that the number sums."""
    ids = rows.money(place).order_by().values("project_id")
    return with_overrun(Project.objects.filter(pk__in=ids).listed(), place.day.year)


def _money_line(project: Any, _place: Place) -> Line:
    told = {"budget": kroner(project.budget), "forecast": kroner(project.budget + project.over)}
    return Line(
        title=project.name, url=project.get_absolute_url(), where=str(project.unit), who=str(project.owner),
        what=_("Prognose %(forecast)s, budsjett %(budget)s") % told, tone="warning" if project.over > 0 else "neutral",
    )  # fmt: skip


def _measurements(place: Place) -> QuerySet[Any]:
    is_made = Case(When(value=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    related = ("indicator__benefit__initiative__unit", "indicator__benefit__service_owner")
    return rows.measurements(place).annotate(is_made=is_made).select_related(*related)


def _measurement_line(row: Any, place: Place) -> Line:
    benefit = row.indicator.benefit
    due = due_of(row.due_on, place.day)
    late = str(due.text) if due and row.due_on < place.day else _("Frist i dag")
    return Line(
        title=f"{benefit.title}: {row.indicator.name}", url=benefit.get_absolute_url(), where=str(benefit.initiative.unit),
        who=str(benefit.service_owner or ""), what=_("Målt %(day)s") % {"day": short_date(row.measured_on)} if row.is_made else late,
        tone="success" if row.is_made else "warning",
    )  # fmt: skip


def _initiatives(found: QuerySet[Any]) -> QuerySet[Any]:
    columns = ("status", "status_since", "card_title", "number", "submitted_at", "due_on", "unit__name")
    return found.select_related("unit").only(*columns)


def _queue_line(row: Any, place: Place) -> Line:
    days = (place.at - row.submitted_at).days
    return Line(
        title=row.card_title, url=row.get_absolute_url(), where=str(row.unit), who=str(row.get_status_display()),
        what=_("Meldt inn for %(time)s siden") % {"time": duration(days)},
    )  # fmt: skip


def _decided_line(row: Any, _place: Place) -> Line:
    told = {"time": duration(round(row.days)), "day": short_date(row.decided_at)}
    return Line(
        title=row.card_title, url=row.get_absolute_url(), where=str(row.unit), who=str(row.get_status_display()),
        what=_("%(time)s, avgjort %(day)s") % told,
    )  # fmt: skip


def _cases(place: Place) -> QuerySet[Any]:
    found = (
        rows.closed(place) if place.cases is not None and place.cases.has_lists else rows.cases(place).none()
    )
    return found.select_related("unit", "handler")


def _case_line(row: Any, _place: Place) -> Line:
    told = {"time": duration(round(row.days)), "day": short_date(row.closed_at)}
    return Line(
        title=f"{row.number} {row.plain_name}", url=row.get_absolute_url(), where=str(row.unit), what=_("%(time)s, lukket %(day)s") % told,
        who=str(row.handler or ""),
    )  # fmt: skip


def _duty_line(row: Any, _place: Place) -> Line:
    case = row.deviation
    return Line(
        title=f"{row.name} ({case.number})", url=row.get_absolute_url(), where=str(case.unit), who=who_has_it(case),
        what=_("Fristen gikk ut %(at)s") % {"at": moment(row.due_at)}, tone="danger",
    )  # fmt: skip


def _action_line(row: Any, place: Place) -> Line:
    due = due_of(row.due_on, place.day)
    return Line(
        title=row.title, url=row.get_absolute_url(), where=str(row.unit), who=str(row.owner),
        what=str(due.text) if due else long_date(row.due_on), tone="warning",
    )  # fmt: skip


LISTS: dict[str, Listed] = {
    Key.NEEDY: Listed(
        rows=_needy, ordering=("-changed_at", "-pk"), line=_needy_line, heading=gettext_lazy("Trenger hjelp med"), whose=gettext_lazy("Prosjekteier"),
        empty=gettext_lazy("Ingen prosjekter som er i gang, ber om hjelp i den siste statusrapporten."),
    ),
    Key.MONEY: Listed(
        rows=_money, ordering=("-over", "-pk"), line=_money_line, heading=gettext_lazy("Prognose og budsjett"), whose=gettext_lazy("Prosjekteier"),
        empty=gettext_lazy("Ingen prosjekter har budsjettlinjer for året."),
    ),
    Key.BENEFITS: Listed(
        rows=_measurements, ordering=("is_made", "due_on", "pk"), line=_measurement_line, heading=gettext_lazy("Måling"), whose=gettext_lazy("Tjenesteeier"),
        empty=gettext_lazy("Ingen målinger skulle vært gjort så langt i år."),
    ),
    Key.QUEUE: Listed(
        rows=lambda place: _initiatives(rows.queue(place)), ordering=("submitted_at", "pk"), line=_queue_line,
        heading=gettext_lazy("Ventetid"), whose=gettext_lazy("Status"), empty=gettext_lazy("Ingen tiltak venter på å bli avgjort."),
    ),
    Key.DECIDING: Listed(
        rows=lambda place: _initiatives(rows.decided(place)), ordering=("-decided_at", "-pk"), line=_decided_line,
        heading=gettext_lazy("Tid til vedtak"), whose=gettext_lazy("Status"), empty=gettext_lazy("Ingen tiltak er vedtatt eller avslått det siste året."),
    ),
    Key.CLOSING: Listed(
        rows=_cases, ordering=("-closed_at", "-pk"), line=_case_line, heading=gettext_lazy("Tid til lukking"), whose=gettext_lazy("Behandler"),
        empty=gettext_lazy("Ingen avvik er lukket de siste 30 dagene."),
    ),
    Key.DUTIES: Listed(
        rows=lambda place: rows.duties(place).select_related("deviation__unit", "deviation__handler", "deviation__responsible"),
        ordering=("due_at", "pk"), line=_duty_line, heading=gettext_lazy("Frist"), whose=gettext_lazy("Ligger hos"), empty=gettext_lazy("Ingen meldeplikter er over fristen."),
    ),
    Key.ACTIONS: Listed(
        rows=lambda place: rows.actions(place).select_related("unit", "owner"), ordering=("due_on", "pk"), line=_action_line,
        heading=gettext_lazy("Frist"), whose=gettext_lazy("Ligger hos"), empty=gettext_lazy("Ingen tiltak etter avvik er over fristen."),
    ),
}  # fmt: skip
"""Reports of deviations have the list of their own app."""
