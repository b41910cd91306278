"""How the versions of a plan are shown: a few words for each, and two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.change.versions import compare_work, work_lines
from benefits.forms.versions import VersionsForm
from benefits.versions import Compared, compare, lines_of
from core.formats import short_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benefits.models import Benefit, PlanApproval
    from benefits.versions import Line
    from governance.models import Initiative

NOW = "naa"


def versions_of(initiative: Initiative, standing: Iterable[Benefit]) -> dict[str, Any]:
    """Return the approved versions, newest first, each with what changed since the one before, and what changed last.

    :param standing: the benefits in the plan now.
    """
    rows = list(initiative.plan_approvals.select_related("approved_by"))
    before: Iterable[Any] = [*rows, None][1:]
    versions = [
        {"version": row, "changes": said(_both(old, row)) if old else []}
        for row, old in zip(rows, before, strict=True)
    ]
    changed = said(compare(rows[0].lines, lines_of(standing))) if rows else []
    return {"versions": versions, "changed": changed}


def _both(old: PlanApproval, new: PlanApproval) -> list[Compared]:
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
    initiative: Initiative, standing: Iterable[Benefit], asked: dict[str, str]
) -> dict[str, Any]:
    """Return the two versions asked for, the last approved and the plan now where nothing else is, and the choices."""
    rows = list(initiative.plan_approvals.order_by("number"))
    lines: dict[str, list[Line]] = {str(row.number): row.lines for row in rows} | {NOW: lines_of(standing)}
    names = {str(row.number): _name(row) for row in rows} | {NOW: _("Planen nå")}
    latest = str(rows[-1].number) if rows else NOW
    works = {str(row.number): row.work for row in rows} | {NOW: work_lines(initiative)}
    form = VersionsForm(asked, choices=list(names.items()), latest=latest, now=NOW)
    old, new = form.chosen["fra"], form.chosen["til"]
    compared = [*compare(lines[old], lines[new]), *compare_work(works[old], works[new])]
    return {
        "form": form, "old_name": names[old], "new_name": names[new], "compared": sorted(compared, key=lambda one: not one.is_changed),
    }  # fmt: skip


def _name(row: PlanApproval) -> str:
    return _("Versjon %(number)s, %(day)s") % {"number": row.number, "day": short_date(row.approved_at)}
