"""What has changed in the change work of a template since a local plan answered it: offered, never forced.

People and what serves which benefit are the municipality's own, and so is how far it has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.baton.template import Change
from benefits.change.handing import ACTION, PARTS, RISK, Part, ahead, handed_on, link, snapshot
from benefits.change.operations import write_part
from benefits.models import LocalPlan, WorkLink
from benefits.operations.mapping import why_plan_is_closed
from core.errors import Refused
from core.formats import short_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benefits.models.change import PlanPart

WORDS = {"action": _("Nytt tiltak i malen."), "stakeholder": _("Ny interessent i malen."), "risk": _("Ny risiko i malen.")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkOffer:
    """A row of the template's change work that is new, or has changed since it was answered."""

    plan: LocalPlan
    part: Part
    template: Any
    link: WorkLink | None
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        return self.link is None

    @property
    def key(self) -> str:
        return f"{self.part.key}-{self.template.pk}"

    @property
    def words(self) -> Any:
        return WORDS[self.part.key]

    def answer(self, *, take: bool, now: datetime) -> WorkLink:
        """Write the answer: a new row is taken or left, changes are taken into the own one or left.

        :raises Refused: the plan is closed, the own row is concluded, or what it would become does not fit.
        """
        if take and (reason := why_plan_is_closed(self.plan.initiative)):
            raise Refused(reason)
        if self.link is None:
            return link(self.plan, self.part, self.template, self._new(now) if take else None, now)
        own = getattr(self.link, self.part.key)
        if take and own is not None:
            self._apply(own.pk, now)
        self.link.seen = snapshot(self.part, self.template)
        self.link.stamp(now)
        self.link.save()
        return self.link

    def _new(self, now: datetime) -> PlanPart:
        links = self.plan.links.select_related("benefit")
        own = {one.template_id: one.benefit for one in links}
        values = self.part.values(self.template, own, localdate(now))
        if self.part is RISK and self.template.action_id:
            known = self.plan.work_links.filter(from_action=self.template.action_id).select_related("action")
            values["action"] = next((one.action for one in known), None)
        model: Any = self.part.model
        row: PlanPart = model(initiative=self.plan.initiative, created_at=now)
        write_part(row, values, self.plan.initiative, now)
        return row

    def _apply(self, pk: int, now: datetime) -> None:
        """Let the fields that changed be as in the template; a deadline that has passed there leaves the own one."""
        rows: Any = self.part.model._default_manager.select_for_update(of=("self",))
        row = rows.get(pk=pk)
        if self.part is ACTION and not row.is_open:
            raise Refused(_t("Tiltaket er avsluttet hos dere. Åpne det igjen først, eller behold deres."))
        values = {change.name: getattr(self.template, change.name) for change in self.changes}
        if "due_on" in values and ahead(values["due_on"], localdate(now)) is None:
            del values["due_on"]
        write_part(row, values, self.plan.initiative, now)


def open_work_offers(plan: LocalPlan) -> Iterator[WorkOffer]:
    """Yield what the template's change work offers now; to a municipality that has gone out, nothing.

    What the municipality has said no to, or has taken out of its own plan, is not offered again.
    """
    if not LocalPlan.objects.taking_part().filter(pk=plan.pk).exists():
        return
    links = list(plan.work_links.select_related(*PARTS))
    for part in PARTS.values():
        answered = {getattr(one, f"from_{part.key}_id"): one for one in links}
        for row in part.of_template(plan.template):
            known = answered.get(row.pk)
            if known is None:
                yield WorkOffer(plan, part, row, None, _all_of(part, row))
            elif changes := _changes(part, known, row):
                yield WorkOffer(plan, part, row, known, changes)


def _all_of(part: Part, template: Any) -> tuple[Change, ...]:
    """Return what a new row says, beside its name."""
    said = snapshot(part, template)
    return tuple(
        Change(name, field.verbose_name, "", _words(field, said[name]))
        for name, field in _fields(part).items()
        if name != part.title and said[name] not in {None, ""}
    )


def _fields(part: Part) -> dict[str, Any]:
    return {name: part.model._meta.get_field(name) for name in part.names}


def _changes(part: Part, known: WorkLink, template: Any) -> tuple[Change, ...]:
    own = getattr(known, part.key)
    if own is None or own.is_removed:
        return ()
    after, fields = snapshot(part, template), _fields(part)
    return tuple(
        Change(name, fields[name].verbose_name, _words(fields[name], known.seen.get(name)), _words(fields[name], after[name]))
        for name in part.names
        if known.seen.get(name) != after[name]
    )  # fmt: skip


def _words(field: Any, value: Any) -> str:
    """Return a kept value as people read it."""
    if value in {None, ""}:
        return _t("ikke oppgitt")
    if isinstance(field, DateField):
        day = parse_date(str(value))
        return short_date(day) if day else str(value)
    return str(dict(field.flatchoices).get(value, value))


def work_news() -> Q:
    """Return the condition on a local plan that the change work of its template differs from what was answered."""
    news = Q()
    for part in PARTS.values():
        stands = Q(seen=JSONObject(**{name: OuterRef(name) for name in part.names}))
        left = Q(**{part.key: None}) | Q(**{f"{part.key}__removed_at__isnull": False})
        answered = WorkLink.objects.filter(
            stands | left, plan=OuterRef(OuterRef("pk")), **{f"from_{part.key}": OuterRef("pk")}
        )
        rows = handed_on(part.model).filter(~Exists(answered), initiative=OuterRef("template_id"))
        news |= Q(Exists(rows))
    return news
