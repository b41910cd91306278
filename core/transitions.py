"""What a page does with a transition: show what it asks for, try it, and say why it did not go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from core.workflow import TransitionBlocked

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model
    from django.forms import Form
    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.workflow import Transition, Workflow

M = TypeVar("M", bound="Model")


@dataclass(slots=True)
class Attempt(Generic[M]):
    """One visit to the page of a transition.

    ``done`` is the record after it went; otherwise ``form`` keeps what was typed, and
    ``reasons`` say what is missing.  ``status`` is what the page answers with.
    """

    transition: Transition[M]
    form: Form | None
    reasons: tuple[StrOrPromise, ...]
    done: M | None = None
    status: int = 200


def attempt(workflow: Workflow[M], obj: M, name: str, request: HttpRequest, *, now: datetime) -> Attempt[M]:
    """Prepare the transition called ``name``, and perform it when the request sends it.

    :raises Http404: there is no such transition, or it is another app's own.
    :raises TransitionDenied: the actor may not perform it.
    :raises TransitionBlocked: ``obj`` stands in a state it does not leave from.
    """
    actor: Any = request.actor  # type: ignore[attr-defined]
    offer = workflow.offer(name, obj, actor)
    sent = request.method == "POST"
    make = offer.transition.form
    form = make(request.POST if sent else None, obj=obj, actor=actor) if make else None  # type: ignore[call-arg]
    tried: Attempt[M] = Attempt(offer.transition, form, offer.reasons)
    if not sent:
        return tried
    if form is not None and not form.is_valid():
        tried.status = 422
        return tried
    try:
        data = form.cleaned_data if form is not None else {}
        tried.done = workflow.perform(name, obj, by=actor, now=now, data=data)
    except TransitionBlocked as blocked:
        tried.reasons, tried.status = tuple(blocked.reasons), 409
    return tried
