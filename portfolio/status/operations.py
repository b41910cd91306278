"""Write the draft of a status report, and publish it.

A project has one draft.  Whoever saves says what the form began from (``mark_of``), so that two who
write at once, or publish at once, meet: one of them wins, and the other is shown what stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.errors import Refused, StaleVersion
from core.formats import short_date
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.health import NEEDS_TEXT, trend_of
from portfolio.models import Area, Health, ReportStatus, StatusReport
from portfolio.models.project import RUNNING
from portfolio.status.telling import help_is_needed
from portfolio.status.wording import FIELDS, LABELS, written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.actors import Actor
    from portfolio.models import Project

label_actions({
    "write_status": gettext_lazy("Skrev på statusrapporten"),
    "publish_status": gettext_lazy("Publiserte statusrapporten"),
    "drop_status": gettext_lazy("Slettet kladden til statusrapporten"),
})  # fmt: skip


def latest_of(project: Project) -> StatusReport | None:
    """Return the latest published report."""
    found: StatusReport | None = (
        project.status_reports.published().latest_first().select_related("published_by").first()
    )
    return found


def draft_of(project: Project) -> StatusReport | None:
    found: StatusReport | None = project.status_reports.filter(status=ReportStatus.DRAFT).first()
    return found


def mark_of(latest: StatusReport | None, draft: StatusReport | None) -> str:
    """Return what a form begins from: the latest published report, and the version of the draft."""
    return f"{latest.pk if latest else 0}-{draft.version if draft else 0}"


def why_not_reported(project: Project) -> str | None:
    """Return why nobody reports on the project any more, or ``None``."""
    if project.status in RUNNING:
        return None
    return _("Prosjektet er %(status)s. Det siste som ble publisert, blir stående.") % {
        "status": str(project.get_status_display()).lower()
    }


def save_draft(
    project: Project, values: Mapping[str, Any], *, mark: str, by: Actor, now: datetime
) -> StatusReport:
    """Save the draft; an area without a value is not known yet.

    :param values: the fields of ``wording.FIELDS``.
    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not report on it.
    :raises Refused: the project is over.
    :raises StaleVersion: somebody else saved or published since ``mark``.
    :raises ValidationError: with what is wrong, by field.
    """
    with transaction.atomic():
        report, _latest = _to_write(project, values, mark=mark, by=by, now=now)
        _write(report, values)
        with record("write_status", actor=by):
            report.save()
    return report


def publish(
    project: Project, values: Mapping[str, Any], *, mark: str, by: Actor, now: datetime
) -> StatusReport:
    """Save and publish the report; from then on it never changes, and the next one corrects it.

    Raises what ``save_draft`` raises.
    """
    with transaction.atomic():
        report, latest = _to_write(project, values, mark=mark, by=by, now=now)
        if problems := problems_of(values, latest=latest, today=timezone.localdate(now)):
            raise ValidationError(problems)
        _write(report, values)
        for area in Area:
            before = getattr(latest, area) if latest else None
            setattr(report, f"{area}_trend", trend_of(getattr(report, area), before))
        report.status, report.published_at, report.published_by_id = ReportStatus.PUBLISHED, now, by.person_id
        report.ends_on = report.project.ends_on
        with record("publish_status", actor=by):
            report.save()
        notices.post(help_is_needed(report, by=by), about=report, now=now)
    return report


@transaction.atomic
def drop_draft(project: Project, *, mark: str, by: Actor) -> None:
    """Take the draft away; of a project that is over too, where it can be nothing else.

    :raises Http404: ``by`` cannot see the project, or there is no draft.
    :raises TransitionDenied: ``by`` does not report on it.
    :raises StaleVersion: somebody else saved or published since ``mark``.
    """
    current = lock(project, by)
    if not policies.may_report(by, current):
        raise TransitionDenied
    latest, draft = latest_of(current), draft_of(current)
    if draft is None:
        raise Http404
    if mark != mark_of(latest, draft):
        raise StaleVersion(theirs={LABELS["summary"]: draft.summary})
    with record("drop_status", actor=by):
        draft.delete()


def problems_of(values: Mapping[str, Any], *, latest: StatusReport | None, today: date) -> dict[str, str]:
    """Return what a report lacks before it can be published, by field."""
    problems = _problems_of_day(values["day"], latest, today)
    for area in Area:
        value, words = (
            values[area],
            {"area": LABELS[area], "value": str(Health(values[area] or "unknown").label)},
        )
        if not value:
            problems[area] = _("Velg hvordan det står til med «%(area)s».") % words
        elif value in NEEDS_TEXT and not values[f"{area}_text"].strip():
            told = _("Skriv hva som er galt og hva dere gjør, når «%(area)s» er «%(value)s».")
            problems[f"{area}_text"] = told % words
    return problems


def _problems_of_day(day: date, latest: StatusReport | None, today: date) -> dict[str, str]:
    if day > today:
        return {"day": _("Dagen kan ikke være fram i tid.")}
    if latest is not None and day < latest.day:
        told = _("Den siste rapporten er for %(day)s. Velg den dagen eller en senere.")
        return {"day": told % {"day": short_date(latest.day)}}
    return {}


def _to_write(
    project: Project, values: Mapping[str, Any], *, mark: str, by: Actor, now: datetime
) -> tuple[StatusReport, StatusReport | None]:
    """Lock the project, and return its draft or a new one, and the latest published report."""
    current = lock(project, by)
    if not policies.may_report(by, current):
        raise TransitionDenied
    if reason := why_not_reported(current):
        raise Refused(reason)
    latest, draft = latest_of(current), draft_of(current)
    if mark != mark_of(latest, draft):
        raise _stale(values, draft or latest)
    author = cast("int", by.person_id)
    report = draft or StatusReport(project=current, author_id=author, version=0, created_at=now)
    report.project, report.author_id = current, author
    report.version += 1
    report.stamp(now)
    return report, latest


def _write(report: StatusReport, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(report, name, values[name])
    for area in Area:
        setattr(report, area, values[area] or Health.UNKNOWN)
    report.full_clean(exclude=["project", "author", "published_by"], validate_constraints=False)


def _stale(values: Mapping[str, Any], standing: StatusReport | None) -> StaleVersion:
    """Return what was typed and what stands, where they differ."""
    pairs = {
        name: (written(name, values[name]), written(name, getattr(standing, name) if standing else None))
        for name in FIELDS
    }
    differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return StaleVersion(
        mine={LABELS[name]: mine for name, (mine, _theirs) in differing.items()},
        theirs={LABELS[name]: theirs for name, (_mine, theirs) in differing.items()},
    )
