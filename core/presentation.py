"""Turn what the kernel knows into what pages show: buttons of a workflow, deadlines, lines of a history.

Nothing is decided here.  Which steps are offered is ``Workflow.offers``; what happened is
``core.history.timeline``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import relative_day, short_date
from core.history import timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from django.db.models import Model, TextChoices
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from core.history import Tracked
    from core.models import Attachment
    from core.workflow import Offer, Workflow

SOON = timedelta(days=3)
_FAR = timedelta(days=14)


# --- Buttons -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button that leads to a transition, or the reasons why it does not yet."""

    name: str
    label: StrOrPromise
    url: str
    tone: str = "neutral"
    reasons: tuple[StrOrPromise, ...] = ()


@dataclass(frozen=True, slots=True)
class Actions:
    """What a person may do with a record: one thing first, some beside it, the rest in a menu."""

    primary: Action | None
    beside: list[Action]
    menu: list[Action]
    blocked: list[Action]

    @property
    def waiting(self) -> list[Action]:
        """What stands in the way of the usual step."""
        return [action for action in self.blocked if action.tone == "primary"]

    @property
    def other_blocked(self) -> list[Action]:
        return [action for action in self.blocked if action.tone != "primary"]

    def __bool__(self) -> bool:
        return bool(self.primary or self.beside or self.menu or self.blocked)


def actions_of(
    offers: Iterable[Offer[Any]],
    url: Callable[[str], str],
    *,
    leave_out: Container[str] = (),
    beside: int = 2,
) -> Actions:
    """Return the offers as buttons: the usual step first, what stops a case last, withdrawal in the menu.

    :param url: makes the address of a transition from its name.
    """
    ready: list[Action] = []
    blocked: list[Action] = []
    for offer in offers:
        declared = offer.transition
        if declared.name in leave_out:
            continue
        action = Action(
            name=declared.name,
            label=declared.label,
            url=url(declared.name),
            tone=declared.tone,
            reasons=offer.reasons,
        )
        (ready if offer.is_ready else blocked).append(action)
    primary = next((action for action in ready if action.tone == "primary"), None)
    rest = [action for action in ready if action is not primary]
    rest.sort(key=lambda action: (action.name.startswith("withdraw"), action.tone == "danger"))
    shown = [action for action in rest if not action.name.startswith("withdraw")][:beside]
    return Actions(primary, shown, [action for action in rest if action not in shown], blocked)


def way_back(workflow: Workflow[Any], obj: Model, actor: Actor, before: str) -> StrOrPromise:
    """Return the label of the step by which ``actor`` can bring ``obj`` back to ``before``, or nothing."""
    ready = (offer.transition for offer in workflow.offers(obj, actor) if offer.is_ready)
    return next((declared.label for declared in ready if declared.target.value == before), "")


# --- Deadlines ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words, with a tone that underlines them."""

    text: str
    tone: str


def due_of(day: date | None, today: date) -> Due | None:
    """Return a deadline as people say it: «frist i morgen», «3 dager over fristen»."""
    if day is None:
        return None
    if day < today:
        days = (today - day).days
        late = _("1 dag over fristen") if days == 1 else _("%(days)s dager over fristen") % {"days": days}
        return Due(late, "danger")
    when = relative_day(day, today) if day - today <= _FAR else short_date(day)
    return Due(_("Frist %(when)s") % {"when": when}, "warning" if day - today <= SOON else "neutral")


# --- Files -------------------------------------------------------------------------------------
_FILE_ICONS = {
    "application/pdf": "pdf", "image": "image", "text": "text", "sheet": "sheet", "excel": "sheet", "word": "word",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One attachment in a list."""

    name: str
    url: str
    icon: str
    note: str
    is_shielded: bool


def file_lines(attachments: Iterable[Attachment]) -> list[FileLine]:
    """Return attachments as lines of a list: what it is, how large, and from when."""
    return [
        FileLine(
            name=file.title or file.name,
            url=reverse("core:attachment", args=[file.key]),
            icon=next((icon for part, icon in _FILE_ICONS.items() if part in file.mime), "file"),
            note=f"{filesizeformat(file.size)}, {short_date(file.uploaded_at)}",
            is_shielded=file.is_shielded,
        )
        for file in attachments
    ]


# --- History -----------------------------------------------------------------------------------
_ICONS = {"success": "check", "danger": "x", "warning": "undo", "info": "arrow-right"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline, with names instead of ids.

    ``action`` and ``actor_id`` are for apps in which not every name may be read; pages show ``who``.
    """

    label: StrOrPromise
    who: str
    at: datetime
    state: StrOrPromise
    reason: str
    tone: str
    icon: str
    registered_at: datetime | None
    action: str = ""
    actor_id: int | None = None


def imported_on(lines: Sequence[Line]) -> date | None:
    """Return the day the whole history was registered on, if that was later than it happened."""
    days = {line.registered_at.date() if line.registered_at else None for line in lines}
    return days.pop() if len(days) == 1 else None


def history_lines(
    obj: Tracked,
    *,
    states: type[TextChoices],
    tones: Mapping[str, str],
    with_reasons: bool,
    only_moves: bool = False,
    unquoted: Container[str] = (),
) -> list[Line]:
    """Return the timeline of ``obj``, newest first, in two queries.

    :param with_reasons: what was written along the way, for those who read the papers.
    :param only_moves: leave out what did not move the record on.
    :param unquoted: actions whose words have readers of their own, and are never quoted here.
    """
    entries = [entry for entry in timeline(obj) if entry.moved or not only_moves]
    names = names_of(entry.actor_id for entry in entries)
    lines = []
    for entry in entries:
        tone = tones.get(entry.after or "", "info") if entry.moved else "neutral"
        lines.append(
            Line(
                label=entry.label,
                who=_("Stafett") if entry.actor_id is None else names.get(entry.actor_id, ""),
                action=entry.action,
                actor_id=entry.actor_id,
                at=entry.at,
                state=states(entry.after).label if entry.moved and entry.after else "",
                reason=entry.reason if with_reasons and entry.action not in unquoted else "",
                tone=tone,
                icon=_ICONS.get(tone, "dot"),
                registered_at=entry.registered_at if entry.registered_late else None,
            )
        )
    return lines


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of people by id, in one query."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return {}
    people = get_user_model()._default_manager.filter(pk__in=wanted)
    return {pk: str(name) for pk, name in people.values_list("pk", "name")}
