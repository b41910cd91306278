"""How the OpenAPI document is made from the views, the rows and the forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from core.api.filtering import EXPAND
from core.api.idempotency import HEADER
from core.api.kinds import api_name, properties_of, required_of
from core.api.problems import KINDS, MEDIA_TYPE, ApiProblem
from core.api.rows import choice_component, component_name, expandable, or_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BaseForm


class Shape(serializers.Serializer[Any]):
    """What an answer looks like when it is no row of a table; ``about`` says it in the document."""

    about: ClassVar[Any] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        set_override(cls, "description", cls.about)


class ProblemError(Shape):
    about = _("En ting som er feil, og hvor.")

    detail = serializers.CharField(help_text=_("Hva som må rettes."))
    pointer = serializers.CharField(required=False, help_text=_("Feltet i innholdet, som JSON Pointer."))
    parameter = serializers.CharField(required=False, help_text=_("Parameteren i adressen, eller hodet."))


class Problem(Shape):
    about = _("Hvorfor forespørselen ble avvist, etter RFC 9457.")

    type = serializers.CharField(help_text=_("Hva slags problem det er. Bruk denne til å kjenne det igjen."))
    title = serializers.CharField(help_text=_("Det samme i ord."))
    status = serializers.IntegerField(help_text=_("HTTP-status."))
    detail = serializers.CharField(help_text=_("Hva som kan gjøres med det."))
    errors = ProblemError(
        many=True, required=False, help_text=_("Hvert felt eller hver parameter som er feil.")
    )
    reasons = serializers.ListField(
        child=serializers.CharField(), required=False, help_text=_("Hvorfor saken ikke er klar.")
    )


# --- Bodies that Django forms check ------------------------------------------------------------------
@dataclass(slots=True)
class FormBody:
    """A request body that ``forms`` check, as a named component.

    ``more`` are properties that no form field describes; ``leave_out`` are fields it does not take.
    """

    name: str
    forms: Sequence[type[BaseForm]]
    more: Mapping[str, Any] | None = None
    leave_out: Sequence[str] = ()
    partial: bool = False  # drf-spectacular sets it for PATCH

    def fields(self) -> dict[str, tuple[type[BaseForm], Any]]:
        return {
            name: (form, field)
            for form in self.forms
            for name, field in form.base_fields.items()
            if name not in self.leave_out
        }


class FormBodyExtension(OpenApiSerializerExtension):
    target_class = FormBody

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        name: str = self.target.name
        return name

    def get_identity(self, auto_schema: AutoSchema, direction: str) -> str:
        return f"{self.target.name} {self.target.partial}"

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        declared = self.target.fields()
        plain = {name: field for name, (_form, field) in declared.items()}
        properties = {**properties_of(plain), **(self.target.more or {})}
        for name, (form, field) in declared.items():
            if type(field) in {forms.ChoiceField, forms.TypedChoiceField}:
                properties[api_name(name, field)] |= _named_choice(auto_schema, form, name, field)
                del properties[api_name(name, field)]["enum"]
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [] if self.target.partial else required_of(plain)
        return {**schema, "required": required} if required else schema


def _named_choice(auto_schema: AutoSchema, form: Any, name: str, field: Any) -> dict[str, Any]:
    meta = getattr(form, "_meta", None)
    component = component_name(meta.model if meta else form, name)
    return or_blank(choice_component(auto_schema, component, list(field.choices)), blank=not field.required)


# --- Operations ----------------------------------------------------------------------------------------
_READS, _WRITES = (400, 401, 403, 429, 503), (400, 401, 403, 409, 413, 415, 422, 429, 503)


class Schema(AutoSchema):
    """Operations of the house: their problems, their headers and ``?expand=``."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        return {**responses, **{str(status): self._problem_response(status) for status in self._problems()}}

    def _problem_response(self, status: int) -> dict[str, Any]:
        """Return a reference to the response that every operation gives with this status."""
        component = ResolvedComponent(
            name=f"Problem{status}", type=ResolvedComponent.RESPONSE, object=f"Problem{status}",
            schema=_problem_response(status, self.resolve_serializer(Problem, "response").ref),
        )  # fmt: skip
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _problems(self) -> list[int]:
        usual = _READS if self.method == "GET" else _WRITES
        of_record = (404,) if "{" in self.path else ()
        return sorted({*usual, *of_record, *getattr(self.view, "problems", {}).get(self.method, ())})

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        row = getattr(self.view, "expands", None)
        if row is not None and self.method == "GET":
            parameters.append(_expand(expandable(row), getattr(self.view, "expands_more", ())))
        if self.method in getattr(self.view, "idempotent", ()):
            parameters.append(_IDEMPOTENCY_KEY)
        if self.method in getattr(self.view, "versioned", {}):
            parameters.append(_if_match(required=self.view.versioned[self.method]))
        if self.method in getattr(self.view, "tagged", ()):
            parameters.append(_ETAG)
        return parameters


_IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER,
    description=_("Velges av den som kaller, ny for hver forespørsel. Sendes den igjen innen et døgn, kommer samme svar uten at noe gjøres på nytt."),
)  # fmt: skip
_ETAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201],
    description=_("Versjonen av saken, til «If-Match»."),
)  # fmt: skip


def _if_match(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=required,
        description=_("«ETag» fra da saken ble hentet. Er saken endret siden, blir svaret 412."),
    )  # fmt: skip


def _expand(names: Sequence[str], more: Sequence[str]) -> OpenApiParameter:
    return OpenApiParameter(
        EXPAND, {"type": "array", "items": {"type": "string", "enum": [*names, *more]}}, OpenApiParameter.QUERY,
        explode=False, style="form", description=_("Hva som skal tas med i tillegg til id-ene, med komma mellom."),
    )  # fmt: skip


def _problem_response(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in KINDS.values() if kind.status == status]
    return {
        "description": " / ".join(str(kind.title) for kind in kinds),
        "content": {
            MEDIA_TYPE: {
                "schema": problem,
                "examples": {kind.slug: {"value": ApiProblem(kind.slug).body()} for kind in kinds},
            }
        },
    }


# The generator fills registries of its own classes the first time, and two threads at that get in each other's way.
_GENERATING = Lock()


@lru_cache(maxsize=8)
def _document(language: str) -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def document() -> dict[str, Any]:
    """Return the OpenAPI document in the active language, made once per process and by one thread at a time."""
    with _GENERATING:
        return _document(get_language() or "")
