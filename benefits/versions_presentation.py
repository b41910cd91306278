"""How the versions of a plan are shown: a few words for each, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.change.versions import compare_work, work_lines
from benefits.forms.versions import VersionsForm
from benefits.versions import Compared, compare, lines_of, standing
from core.formats import short_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from benefits.models import Benefit, PlanApproval
    from benefits.versions import Line
    from governance.models import Initiative
    from organization.actors import PersonActor

NOW = "naa"


def versions_of(initiative: Initiative, benefits: Collection[Benefit], actor: PersonActor) -> dict[str, Any]:
    """Return the approved versions, newest first, each with what changed since the one before, and what changed last.

    :param benefits: those of the plan that the actor sees.  Who does not read the whole plan is told of these only.
    """
    rows = list(initiative.plan_approvals.with_access(actor).select_related("approved_by"))
    told = [_told(row, benefits) for row in rows]
    before: list[Any] = [*told, None][1:]
    versions = [
        {"version": row, "changes": said(_both(old, new)) if old is not None else []}
        for row, new, old in zip(rows, told, before, strict=True)
    ]
    changed = said(compare(told[0].lines, lines_of(standing(benefits)))) if rows else []
    return {"versions": versions, "changed": changed}


@dataclass(frozen=True, slots=True)
class _Told:
    """What a version tells somebody; no change work where it kept none, or who asks does not read the whole plan."""

    lines: list[Line]
    work: list[Line] | None


def _told(row: Any, benefits: Iterable[Benefit]) -> _Told:
    """Return what a version, loaded ``with_access``, tells: all that it kept, or the benefits that the actor sees."""
    if row.reads_plan:
        return _Told(row.lines, row.work)
    seen = {benefit.pk for benefit in benefits}
    return _Told([line for line in row.lines if line["benefit"] in seen], None)


def _both(old: _Told, new: _Told) -> list[Compared]:
    return [*compare(old.lines, new.lines), *compare_work(old.work, new.work)]


def said(compared: Iterable[Compared]) -> list[str]:
    """Return a short sentence for each benefit that differs."""
    return [_said(one) for one in compared if one.is_changed]


def _said(one: Compared) -> str:
    words = {"title": one.title, "what": ", ".join(str(part.label).lower() for part in one.differences)}
    if one.state == "changed":
        return _("«%(title)s»: %(what)s endret") % words
    return (_("«%(title)s» kom inn") if one.state == "came" else _("«%(title)s» gikk ut")) % words


def side_by_side(
    initiative: Initiative, benefits: Collection[Benefit], actor: PersonActor, asked: dict[str, str]
) -> dict[str, Any]:
    """Return the two versions asked for, the last approved and the plan now where nothing else is, and the choices.

    :param benefits: as in ``versions_of``.
    """
    rows = list(initiative.plan_approvals.with_access(actor).order_by("number"))
    reads_plan = any(row.reads_plan for row in rows)
    told = {str(row.number): _told(row, benefits) for row in rows}
    told[NOW] = _Told(lines_of(standing(benefits)), work_lines(initiative) if reads_plan else None)
    names = {str(row.number): _name(row) for row in rows} | {NOW: _("Planen nå")}
    latest = str(rows[-1].number) if rows else NOW
    form = VersionsForm(asked, choices=list(names.items()), latest=latest, now=NOW)
    old, new = form.chosen["fra"], form.chosen["til"]
    compared = _both(told[old], told[new])
    return {
        "form": form, "old_name": names[old], "new_name": names[new], "compared": sorted(compared, key=lambda one: not one.is_changed),
    }  # fmt: skip


def _name(row: PlanApproval) -> str:
    return _("Versjon %(number)s, %(day)s") % {"number": row.number, "day": short_date(row.approved_at)}
