"""Declare a workflow once; perform it the same way from pages, API, admin and tasks.

A ``Workflow`` owns one status field of one model.  Each transition names who may perform
it (``allow``), what must be true first (``guards``), what it asks for (``form``), whom it
tells (``notify``) and what it changes (the decorated function).  ``perform`` is the only
place in the code base that writes the status field, and ``seal`` makes the database refuse
every step that is not declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core import notices
from core.actors import System
from core.history import label_actions, record
from core.seeing import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model, TextChoices
    from django.forms import Form
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor

M = TypeVar("M", bound="Model")
M_contra = TypeVar("M_contra", bound="Model", contravariant=True)

_by_model: dict[type[Model], list[Workflow[Any]]] = {}


class Policy(Protocol[M_contra]):
    """Whether the actor's roles or ownership allow it; never looks at the status."""

    def __call__(self, actor: Actor, obj: M_contra, /) -> bool: ...


class Guard(Protocol[M_contra]):
    """What is missing, in words the user can act on, or ``None`` when ready."""

    def __call__(self, obj: M_contra, /) -> StrOrPromise | None: ...


class Notify(Protocol[M_contra]):
    """Whom to tell, after the change."""

    def __call__(self, obj: M_contra, /, *, by: Actor, now: datetime) -> Iterable[notices.Draft]: ...


class TransitionDenied(PermissionDenied):
    """The actor may see the object but not perform this transition."""


class TransitionBlocked(Exception):
    """The object is not ready: it stands in another state, or a guard gave a reason."""

    def __init__(self, reasons: Sequence[StrOrPromise]) -> None:
        super().__init__("; ".join(str(reason) for reason in reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Generic[M]):
    name: str
    label: StrOrPromise
    done: StrOrPromise
    source: frozenset[TextChoices]
    target: TextChoices
    allow: Policy[M]
    apply: Callable[..., None]
    guards: tuple[Guard[M], ...] = ()
    form: type[Form] | None = None
    notify: Notify[M] | None = None
    then: str | None = None
    internal: bool = False
    tone: str = "neutral"
    roles: StrOrPromise = ""

    def blockers(self, obj: M) -> list[StrOrPromise]:
        """Return every reason why ``obj`` is not ready for this, empty when it is."""
        return [reason for guard in self.guards if (reason := guard(obj))]


@dataclass(frozen=True, slots=True)
class Offer(Generic[M]):
    """A transition this actor may perform now, or could once ``reasons`` are gone."""

    transition: Transition[M]
    reasons: tuple[StrOrPromise, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.reasons


@dataclass(slots=True)
class Workflow(Generic[M]):
    model: type[M]
    states: type[TextChoices]
    status: str = "status"
    transitions: dict[str, Transition[M]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _by_model.setdefault(self.model, []).append(self)

    def transition(
        self, *, source: Sequence[TextChoices], target: TextChoices, label: StrOrPromise, **options: Any
    ) -> Callable[[Callable[..., None]], Transition[M]]:
        """Return a decorator that declares the function below it as a transition.

        ``allow`` (a policy) is required.  Optional: ``done`` (what the timeline says),
        ``guards``, ``form``, ``notify``, ``then`` (a transition the system performs right
        after, in the same transaction, when it is ready), ``internal`` (performed by another
        app's operations only, never offered), ``tone`` and ``roles`` (who, for the docs).
        """

        def register(func: Callable[..., None]) -> Transition[M]:
            options.setdefault("done", label)
            options["guards"] = tuple(options.get("guards", ()))
            declared: Transition[M] = Transition(
                name=func.__name__,
                label=label,
                source=frozenset(source),
                target=target,
                apply=func,
                **options,
            )
            self.transitions[declared.name] = declared
            label_actions({declared.name: declared.done})
            return declared

        return register

    def offers(self, obj: M, actor: Actor) -> Iterator[Offer[M]]:
        """Yield what ``actor`` may do with ``obj`` from where it stands."""
        current = getattr(obj, self.status)
        for declared in self.transitions.values():
            if current in declared.source and not declared.internal and declared.allow(actor, obj):
                yield Offer(declared, tuple(declared.blockers(obj)))

    def offer(self, name: str, obj: M, actor: Actor) -> Offer[M]:
        """Return the offer called ``name``.

        :raises Http404: there is no such transition, or it is another app's own.
        :raises TransitionDenied: the actor may not perform it.
        :raises TransitionBlocked: ``obj`` stands in a state it does not leave from.
        """
        declared = self.transitions.get(name)
        if declared is None or declared.internal:
            raise Http404(name)
        if not declared.allow(actor, obj):
            raise TransitionDenied
        if getattr(obj, self.status) not in declared.source:
            raise TransitionBlocked([self._wrong_state(declared, obj)])
        return Offer(declared, tuple(declared.blockers(obj)))

    def perform(
        self,
        name: str,
        obj: M,
        *,
        by: Actor,
        now: datetime,
        data: Mapping[str, Any] | None = None,
        vouched: bool = False,
    ) -> M:
        """Move ``obj`` through transition ``name``, record who did it and tell who must know.

        ``vouched`` says that the operation of another app, which an internal transition
        belongs to, has checked its own policy.  It does not loosen any other transition.

        :raises Http404: ``by`` cannot see the object.
        :raises TransitionDenied: ``by`` may not do this.
        :raises TransitionBlocked: the object is not ready for it.
        """
        with transaction.atomic():
            locked = lock(obj, by)
            declared = self.transitions[name]
            trusted = by.is_system or (vouched and declared.internal)
            if not trusted and not declared.allow(by, locked):
                raise TransitionDenied
            self._change(declared, locked, by=by, now=now, data=data or {})
            if declared.then:
                follow_up = self.transitions[declared.then]
                if not follow_up.blockers(locked):
                    self._change(follow_up, locked, by=System("workflow"), now=now, data={})
        return locked

    def perform_on_new(self, name: str, obj: M, *, by: Actor, now: datetime) -> M:
        """Move a row that this very transaction has inserted: nobody else sees it, so it is neither locked nor read anew.

        Policy, state and guards are asked as ever.

        :raises TransitionDenied: ``by`` may not do this.
        :raises TransitionBlocked: the object is not ready for it.
        """
        declared = self.transitions[name]
        if not by.is_system and not declared.allow(by, obj):
            raise TransitionDenied
        self._change(declared, obj, by=by, now=now, data={})
        return obj

    def _change(
        self, declared: Transition[M], locked: M, *, by: Actor, now: datetime, data: Mapping[str, Any]
    ) -> None:
        if getattr(locked, self.status) not in declared.source:
            raise TransitionBlocked([self._wrong_state(declared, locked)])
        if reasons := declared.blockers(locked):
            raise TransitionBlocked(reasons)
        reason = str(data.get("reason") or data.get("remark") or "")
        with record(declared.name, actor=by, reason=reason, of=locked):
            declared.apply(locked, by=by, now=now, **data)
            setattr(locked, self.status, declared.target.value)
            locked.stamp(now)  # type: ignore[attr-defined]
            locked.save()
        if declared.notify:
            notices.post(declared.notify(locked, by=by, now=now), about=locked, now=now)

    def _wrong_state(self, declared: Transition[M], obj: M) -> str:
        state = self.states(getattr(obj, self.status)).label
        return _("«%(action)s» kan ikke gjøres nå. Saken står som «%(state)s». Last siden på nytt.") % {
            "action": declared.label,
            "state": state,
        }

    def seal(self) -> None:
        """Make the database refuse every status change that no transition declares.

        Called at the end of each app's ``workflow.py``, which ``core.apps`` imports when
        Django starts: a trigger registered later than the models is silently absent from
        migrations.  It guards UPDATE; a row may still be inserted in any state.
        """
        edges = sorted({(s.value, t.target.value) for t in self.transitions.values() for s in t.source})
        pgtrigger.register(
            pgtrigger.FSM(name=f"{self.status}_workflow", field=self.status, transitions=edges)
        )(self.model)

    def as_mermaid(self) -> str:
        """Return the state diagram in Mermaid's notation, in a stable order."""
        lines = [
            f"    {source.value} --> {declared.target.value}: {declared.name}"
            for declared in self.transitions.values()
            for source in sorted(declared.source, key=lambda state: state.value)
        ]
        return "\n".join(["stateDiagram-v2", *lines])


def workflows() -> list[Workflow[Any]]:
    """Return every declared workflow, for the docs and the generated tests."""
    return [workflow for declared in _by_model.values() for workflow in declared]
