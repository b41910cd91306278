"""Write a gate paper, send it, take it back, and decide it.

A project has one paper that is not decided.  Whoever saves says what the form began from (``mark_of``), so that
two who write at once meet.  All that changes a paper holds the lock of its project, as moves do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from governance.council import matters
from portfolio import policies
from portfolio.checklist.state import next_of
from portfolio.gatepaper import telling
from portfolio.gatepaper.facts import facts_of
from portfolio.gatepaper.rules import is_for_council
from portfolio.models import GatePaper, PaperStatus, Project
from portfolio.models.gatepaper import OPEN, TEXTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from core.actors import Actor
    from governance.models import Decision, Matter

KIND = "gate_paper"
FIELDS = (*TEXTS, "proposed")
NEEDED = {
    "assessment": gettext_lazy("Skriv vurderingen: hvorfor prosjektet bør gå videre eller stoppes."),
    "proposed": gettext_lazy("Velg hva dere tilrår."),
    "proposal": gettext_lazy("Skriv forslaget til vedtak."),
}
label_actions({
    "write_gate_paper": gettext_lazy("Skrev på beslutningsgrunnlaget"),
    "send_gate_paper": gettext_lazy("Sendte beslutningsgrunnlaget"),
    "withdraw_gate_paper": gettext_lazy("Trakk beslutningsgrunnlaget"),
    "decide_gate_paper": gettext_lazy("Avgjorde beslutningspunktet"),
})  # fmt: skip


def open_paper_of(project: Project) -> GatePaper | None:
    """Return the paper that is not decided, with who wrote it."""
    rows = GatePaper.objects.filter(project=project, status__in=OPEN)
    found: GatePaper | None = rows.select_related("author").first()
    return found


def mark_of(paper: GatePaper | None) -> str:
    return f"{paper.pk}-{paper.version}" if paper else "0"


def why_not_written(project: Project, paper: GatePaper | None) -> str | None:
    """Return why nobody writes a paper now, or ``None``."""
    if not project.is_running:
        return _("Prosjektet er %(status)s. Det som er avgjort, blir stående.") % {
            "status": str(project.get_status_display()).lower()
        }
    if not project.is_project:
        return _("Bare prosjekter har beslutningspunkter.")
    if paper is not None and paper.is_sent:
        return _("Beslutningsgrunnlaget for %(point)s er sendt. Trekk det hvis det må endres.") % {
            "point": paper.name
        }
    return None


@transaction.atomic
def save_draft(
    project: Project, values: Mapping[str, str], *, mark: str, by: Actor, now: datetime
) -> GatePaper:
    """Save the draft for the decision point that comes next.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not write for it.
    :raises Refused: the project is over, or a paper waits for its decision.
    :raises StaleVersion: somebody else saved since ``mark``.
    """
    paper = _to_write(project, values, mark=mark, by=by, now=now)
    with record("write_gate_paper", actor=by):
        paper.save()
    return paper


@transaction.atomic
def send(project: Project, values: Mapping[str, str], *, mark: str, by: Actor, now: datetime) -> GatePaper:
    """Save and send the paper, with the facts as they are now, to the council or to those who decide for the project.

    Raises what ``save_draft`` raises, and ``ValidationError`` with what is missing, by field.
    """
    paper = _to_write(project, values, mark=mark, by=by, now=now)
    if missing := {name: words for name, words in NEEDED.items() if not getattr(paper, name).strip()}:
        raise ValidationError(missing)
    paper.status, paper.sent_at, paper.sent_by_id = PaperStatus.SENT, now, by.person_id
    paper.for_council = is_for_council(paper.project, paper.point)
    paper.facts = facts_of(paper.project, next_of(paper.project), by=by, now=now)
    with record("send_gate_paper", actor=by):
        paper.save()
        if paper.for_council:
            _lay_before_council(paper, by=by, now=now)
    if not paper.for_council:
        notices.post(telling.somebody_decides(paper, by=by), about=paper.project, now=now)
    return paper


def _lay_before_council(paper: GatePaper, *, by: Actor, now: datetime) -> None:
    title = f"{paper.get_point_display()}: {paper.project.name}"
    matters.lay_before(
        paper.project.initiative, kind=KIND, subject_id=paper.pk, title=title, recommendation=paper.proposal,
        proposed=paper.proposed, by=by, now=now,
    )  # fmt: skip


def _to_write(
    project: Project, values: Mapping[str, str], *, mark: str, by: Actor, now: datetime
) -> GatePaper:
    """Lock the project, and return its draft, or a new one, with what was written."""
    current = lock(project, by)
    if not policies.may_report(by, current):
        raise TransitionDenied
    standing = open_paper_of(current)
    if reason := why_not_written(current, standing):
        raise Refused(reason)
    if mark != mark_of(standing):
        raise _stale(values, standing)
    author = cast("int", by.person_id)
    paper = standing or GatePaper(project=current, created_at=now, version=0)
    paper.project, paper.author_id, paper.point = current, author, next_of(current)
    paper.version += 1
    for name in FIELDS:
        setattr(paper, name, values[name])
    paper.stamp(now)
    paper.full_clean(
        exclude=["project", "author", "sent_by", "decided_by", "decision"], validate_constraints=False
    )
    return paper


def _stale(values: Mapping[str, str], standing: GatePaper | None) -> StaleVersion:
    """Return what was typed and what stands, where they differ."""
    pairs = {name: (values[name], getattr(standing, name) if standing else "") for name in TEXTS}
    labels = {name: str(GatePaper._meta.get_field(name).verbose_name).capitalize() for name in TEXTS}  # type: ignore[union-attr]
    differing = {labels[name]: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return StaleVersion(
        mine={label: mine for label, (mine, _theirs) in differing.items()},
        theirs={label: theirs for label, (_mine, theirs) in differing.items()},
    )


@transaction.atomic
def withdraw(paper: GatePaper, *, by: Actor, now: datetime) -> GatePaper:
    """Take a paper back that nobody has decided; it is a draft again.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not write for it.
    :raises Refused: it does not wait, or it stands on an agenda.
    """
    project = lock(paper.project, by)
    if not policies.may_report(by, project):
        raise TransitionDenied
    row = _held(paper)
    if not row.is_sent:
        raise Refused(_("Beslutningsgrunnlaget er alt avgjort eller trukket."))
    if row.for_council:
        matters.take_back(KIND, row.pk, now=now)
    row.status, row.sent_at, row.sent_by, row.facts, row.published_at = (
        PaperStatus.DRAFT,
        None,
        None,
        {},
        None,
    )
    _save(row, "withdraw_gate_paper", by=by, now=now)
    return row


@transaction.atomic
def decide(
    paper: GatePaper, *, outcome: str, text: str, reference: str = "", by: Actor, now: datetime
) -> GatePaper:
    """Decide a paper that is not the council's, as the project's owner or for the portfolio board.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` does not decide for it.
    :raises Refused: it does not wait, or the council decides it.
    """
    project = lock(paper.project, by)
    if not policies.may_move(by, project):
        raise TransitionDenied
    row = _held(paper)
    row.project = project
    if not project.is_running or not row.is_sent:
        raise Refused(_("Beslutningsgrunnlaget er alt avgjort eller trukket."))
    if row.for_council:
        raise Refused(_("Rådet avgjør dette beslutningspunktet, i et møte."))
    row.decision_text, row.reference, row.decided_by_id = text, reference, by.person_id
    _decided(row, outcome, by=by, now=now)
    return row


def settle(matter: Matter, decision: Decision, by: Actor, now: datetime) -> None:
    """Do what the council decided."""
    ids = GatePaper.objects.filter(pk=matter.subject_id).values("project_id")
    project = Project.objects.select_for_update(of=("self",)).get(pk__in=ids)
    row = GatePaper.objects.select_for_update(of=("self",)).get(pk=matter.subject_id)
    row.project, row.decision, row.decision_text = project, decision, decision.text
    row.decided_by_id = by.person_id
    _decided(row, decision.outcome, by=by, now=now)


def _decided(row: GatePaper, outcome: str, *, by: Actor, now: datetime) -> None:
    row.status, row.decided_at = PaperStatus(outcome), now
    row.published_at = row.published_at or now
    _save(row, "decide_gate_paper", by=by, now=now)
    notices.post(telling.it_is_decided(row, by=by), about=row.project, now=now)


def publish(paper_id: int, now: datetime) -> None:
    """Open a paper to everybody who sees the project: the papers of its meeting are out."""
    row = GatePaper.objects.select_for_update(of=("self",)).get(pk=paper_id)
    if row.published_at is None:
        row.published_at = now
        row.stamp(now)
        row.save(update_fields=["published_at", "changed_at"])


def lapse(project: Project, points: Collection[str], *, now: datetime) -> None:
    """Let decisions lapse that the project is moved back past: it is asked anew.  The project is locked."""
    decided = GatePaper.objects.filter(project=project, point__in=points, lapsed_at=None).exclude(status__in=OPEN)  # fmt: skip
    decided.update(lapsed_at=now, changed_at=now)


def _held(paper: GatePaper) -> GatePaper:
    row: GatePaper = GatePaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    return row


def _save(row: GatePaper, action: str, *, by: Actor, now: datetime) -> None:
    row.version += 1
    row.stamp(now)
    with record(action, actor=by):
        row.save()
