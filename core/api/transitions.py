"""The transitions of a workflow as addresses: what is offered, and one address to perform each.

An app subclasses the two views with its workflow and how a record is loaded, and gives
``paths_of`` the two.  Every declared transition gets its own documented operation; internal
ones get none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.bodies import cleaned
from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.kinds import api_name, live_schema_of, required_of
from core.api.preconditions import check_version, version_of_record
from core.api.schema import FormBody, Schema, Shape
from core.api.views import ApiView
from core.workflow import TransitionBlocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from django.forms import BaseForm
    from django.http import HttpResponseBase
    from django.urls import URLPattern
    from rest_framework.request import Request

    from core.workflow import Offer, Transition, Workflow


class OfferedTransition(Shape):
    about = gettext_lazy("Et steg du kan ta med saken fra der den står.")

    name = serializers.CharField(help_text=gettext_lazy("Siste ledd i adressen som utfører steget."))
    field = serializers.CharField(
        help_text=gettext_lazy("Hva steget flytter: `status`, eller et annet felt.")
    )
    label = serializers.CharField(help_text=gettext_lazy("Det som står på knappen."))
    to = serializers.CharField(help_text=gettext_lazy("Hvor saken står etterpå."))
    is_ready = serializers.BooleanField(help_text=gettext_lazy("Om steget kan tas nå."))
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Hva som mangler når det ikke kan tas nå.")
    )
    body = serializers.DictField(
        help_text=gettext_lazy("JSON Schema for det som skal sendes, med valgene som finnes nå.")
    )


class OfferedTransitions(Shape):
    about = gettext_lazy("Det du kan gjøre med saken nå.")

    status = serializers.CharField(help_text=gettext_lazy("Hvor saken står."))
    available_transitions = OfferedTransition(many=True)


class TransitionListView(ApiView):
    """What the caller may do with a record from where it stands, by each workflow of its model."""

    workflows: Any  # its workflows, a tuple

    def load(self, pk: int) -> Any:
        """Return the record with what its guards ask for, or raise Http404."""
        raise NotImplementedError

    @extend_schema(
        responses=OfferedTransitions,
        summary=gettext_lazy("Se hva som kan gjøres"),
        description=gettext_lazy(
            "Stegene du har rolle til å ta fra der saken står. Et steg som ikke er klart, sier hva som mangler."
        ),
    )
    def get(self, request: Request, pk: int) -> Response:
        check_known(request, ())
        record = self.load(pk)
        offered = offers_of(self.workflows, record, self.caller)
        return Response({"status": record.status, "available_transitions": offered})


def offers_of(workflows: Sequence[Workflow[Any]], record: Any, actor: Any) -> list[dict[str, Any]]:
    """Return what ``actor`` may do with ``record`` now, with reasons where something is missing."""
    return [
        _described(offer, workflow.status, record, actor)
        for workflow in workflows
        for offer in workflow.offers(record, actor)
    ]


def _described(offer: Offer[Any], field: str, record: Any, actor: Any) -> dict[str, Any]:
    declared = offer.transition
    return {
        "name": declared.name,
        "field": field,
        "label": str(declared.label),
        "to": declared.target.value,
        "is_ready": offer.is_ready,
        "reasons": [str(reason) for reason in offer.reasons],
        "body": _body(declared.form(obj=record, actor=actor)) if declared.form else _body(None),  # type: ignore[call-arg]
    }


def _body(form: BaseForm | None) -> dict[str, Any]:
    """Return the JSON Schema of what a form asks for, with the rows that can be chosen now."""
    fields = form.fields if form is not None else {}
    properties = {api_name(name, field): live_schema_of(field) for name, field in fields.items()}
    return {
        "type": "object", "properties": properties, "required": required_of(fields), "additionalProperties": False,
    }  # fmt: skip


class TransitionSchema(Schema):
    """One operation per transition, described by its own declaration."""

    @property
    def declared(self) -> Transition[Any]:
        declared: Transition[Any] = self.view.declared
        return declared

    def get_operation_id(self) -> str:
        return f"{'_'.join(self.get_tags())}_{self.declared.name}".replace("-", "_")

    def get_summary(self) -> str:
        return str(self.declared.label)

    def get_description(self) -> str:
        names = sorted(state.value for state in self.declared.source)
        steps = {"states": ", ".join(f"`{name}`" for name in names), "to": self.declared.target.value}
        told = _("Fra %(states)s til `%(to)s`.") % steps
        roles = str(self.declared.roles)
        return f"{told} {_('Hvem: %(roles)s.') % {'roles': roles}}" if roles else told

    def get_request_serializer(self) -> Any:
        form = self.declared.form
        name = f"{self.view.answers}{form.__name__.removesuffix('Form')}Answer" if form else ""
        return FormBody(name, [form]) if form else None

    def get_response_serializers(self) -> Any:
        return {200: self.view.serializer_class}


class TransitionView(ApiView):
    """Perform one transition, by the same workflow and the same form as the pages.

    ``answers`` begins the names of its bodies in the document, where another app has forms of the same names.
    """

    schema = TransitionSchema()
    answers: ClassVar[str] = ""
    workflow: Any = None  # set for each address by paths_of, as is the next
    declared: Any = None
    serializer_class: Any = None
    idempotent = ("POST",)
    versioned: ClassVar[Any] = {"POST": False}
    tagged = ("POST",)
    problems: ClassVar[Any] = {"POST": (412,)}

    def load(self, pk: int) -> Any:
        """Return the record, which the caller sees, with what its guards ask for."""
        raise NotImplementedError

    def answer(self, pk: int) -> Response:
        """Return the record as it stands after."""
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        if not self._visible().filter(pk=pk).exists():
            raise Http404
        now = timezone.now()
        return once(request, lambda: self._perform(request, pk, now), again=self.answer, now=now)

    def _visible(self) -> Any:
        return self.workflow.model._default_manager.visible_to(self.actor)

    def _perform(self, request: Request, pk: int, now: datetime) -> Response:
        """Check in the order of the pages: may, ready, and then whether what was written is right."""
        self._visible().select_for_update(of=("self",)).filter(pk=pk).first()  # nobody changes it meanwhile
        record = self.load(pk)
        if "POST" in self.versioned:
            check_version(request, version_of_record(record), required=self.versioned["POST"])
        offer = self.workflow.offer(self.declared.name, record, self.caller)
        if offer.reasons:
            raise TransitionBlocked(offer.reasons)
        form = self.declared.form
        make = (lambda data: form(data, obj=record, actor=self.caller)) if form else None
        data = cleaned(make, request.data)
        self.workflow.perform(self.declared.name, record, by=self.caller, now=now, data=data)
        return self.answer(pk)


def paths_of(
    start: str, listing: type[TransitionListView], performing: type[TransitionView], *, name: str,
    offered: Callable[[Transition[Any]], bool] = lambda _declared: True,
) -> Iterator[URLPattern]:  # fmt: skip
    """Yield ``<start>transitions/`` and an address for each transition that people perform.

    :param start: such as ``initiatives/<int:pk>/``.
    :param offered: leaves out what only the system performs.
    """
    yield path(f"{start}transitions/", listing.as_view(), name=f"{name}_transitions")
    for workflow in listing.workflows:
        for declared in workflow.transitions.values():
            if not declared.internal and offered(declared):
                view = performing.as_view(workflow=workflow, declared=declared)
                yield path(f"{start}transitions/{declared.name}/", view, name=f"{name}_{declared.name}")
