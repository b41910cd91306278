"""The page that shows the OpenAPI document to people: made on the server, without JavaScript or a CDN."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from django.shortcuts import render
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.api.problems import KINDS, ApiProblem
from core.api.schema import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

_TONES = {"GET": "info", "POST": "success", "PATCH": "warning"}
_CODE = re.compile(r"`([^`]+)`")
_LISTED = re.compile(r"^\* `([^`]*)`\s*[-:]\s*(.*)$")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is, in words, with the component it is described by if it has one."""

    text: str
    component: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A line of a table of parameters or of an object."""

    name: str
    type: Type
    is_required: bool
    text: SafeString
    where: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for."""

    anchor: str
    method: str
    tone: str
    path: str
    summary: str
    text: SafeString
    parameters: list[Property]
    body: Type | None
    examples: list[str]
    answers: list[tuple[str, str, Type | None]]


@dataclass(slots=True)
class Group:
    """The operations of one resource."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Component:
    """A named object, or a named set of codes."""

    name: str
    text: SafeString
    properties: list[Property]
    codes: list[tuple[str, str]]


@require_GET
def documentation(request: HttpRequest) -> HttpResponse:
    """Show every operation, every component and every kind of problem."""
    described = document()
    flow = described["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]
    context = {
        "groups": list(groups_of(described)),
        "components": list(components_of(described)),
        "problems": KINDS.values(),
        "token_url": request.build_absolute_uri(flow["tokenUrl"]),
        "example_problem": _written(
            ApiProblem("not-ready", reasons=[_("Skriv saksframlegget først.")]).body()
        ),
    }
    return render(request, "api/docs.html", context)


# --- Operations ------------------------------------------------------------------------------------------
def groups_of(described: Json) -> Iterator[Group]:
    """Yield the operations of the document, a group per resource, reads before writes."""
    found: dict[str, Group] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            name = operation["tags"][0]
            found.setdefault(name, Group(name)).operations.append(
                _operation(described, path, method.upper(), operation)
            )
    order = list(_TONES)
    for group in found.values():
        group.operations.sort(key=lambda one: (len(one.path), one.path, order.index(one.method)))
        yield group


def _operation(described: Json, path: str, method: str, operation: Json) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    responses = {
        status: _resolved(described, response) for status, response in operation["responses"].items()
    }
    answers = [_answer(status, response) for status, response in responses.items()]
    examples = [*_examples(body or {}), *_examples(_content(responses[min(responses)]))]
    return Operation(
        anchor=operation["operationId"], method=method, tone=_TONES[method], path=path,
        summary=operation.get("summary", operation["operationId"]), text=prose(operation.get("description", "")),
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        body=type_of(body["schema"]) if body else None, examples=examples, answers=answers,
    )  # fmt: skip


def _parameter(parameter: Json) -> Property:
    places = {"path": _("sti"), "query": _("spørring"), "header": _("hode")}
    text = parameter.get("description", "")
    lists_codes = any(_LISTED.match(line) for line in text.splitlines())
    return Property(
        name=parameter["name"], type=Type(_("en av kodene")) if lists_codes else type_of(parameter["schema"]),
        is_required=parameter.get("required", False), text=prose(text), where=places[parameter["in"]],
    )  # fmt: skip


def _resolved(described: Json, response: Json) -> Json:
    if "$ref" not in response:
        return response
    resolved: Json = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return resolved


def _content(response: Json) -> Json:
    return next(iter(response.get("content", {}).values()), {})


def _answer(status: str, response: Json) -> tuple[str, str, Type | None]:
    content = _content(response)
    done = {"200": _("Det gikk bra"), "201": _("Opprettet")}
    return (
        status,
        response.get("description") or done.get(status, ""),
        type_of(content["schema"]) if content else None,
    )


def _examples(content: Json) -> list[str]:
    """Return the examples of what is sent or answered well, as they are written."""
    return [_written(example["value"]) for example in content.get("examples", {}).values()]


def _written(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


# --- Components ------------------------------------------------------------------------------------------
def components_of(described: Json) -> Iterator[Component]:
    """Yield the named objects and sets of codes."""
    for name, schema in described["components"]["schemas"].items():
        text = schema.get("description", "")
        codes = [(found[1], found[2]) for line in text.splitlines() if (found := _LISTED.match(line))]
        yield Component(
            name=name, text=prose("" if codes else text), codes=codes,
            properties=list(_properties(schema.get("properties", {}), schema.get("required", []))),
        )  # fmt: skip


def _properties(properties: Mapping[str, Json], required: list[str]) -> Iterator[Property]:
    for name, schema in properties.items():
        words = [schema.get("title", ""), schema.get("description", "")]
        text = ". ".join(word.rstrip(".") for word in words if word)
        yield Property(
            name=name,
            type=type_of(schema),
            is_required=name in required,
            text=prose(f"{text}." if text else ""),
        )


# --- Types in words ----------------------------------------------------------------------------------------
def type_of(schema: Json) -> Type:
    """Return what a schema takes, in words."""
    if "$ref" in schema:
        return _referred(schema["$ref"])
    plain = _base_type(schema)
    return Type(f"{plain.text} {_('eller null')}", plain.component) if schema.get("nullable") else plain


def _base_type(schema: Json) -> Type:
    for several in ("allOf", "oneOf"):
        if several in schema:
            inner = type_of(schema[several][0])
            return (
                Type(f"{inner.text} {_('eller tom')}", inner.component) if len(schema[several]) > 1 else inner
            )
    if schema.get("type") == "array":
        inner = type_of(schema["items"])
        return Type(_("liste av %(type)s") % {"type": inner.text}, inner.component)
    if "enum" in schema:
        return Type(" | ".join(map(str, schema["enum"])))
    return Type(_simple(schema))


def _referred(reference: str) -> Type:
    name = reference.rpartition("/")[2]
    return Type(name, name)


def _simple(schema: Json) -> str:
    kind, shape = schema.get("type", ""), schema.get("format", "")
    words = {
        ("string", "date"): _("dato"), ("string", "date-time"): _("tidspunkt"), ("string", "uri"): _("adresse"),
        ("string", "decimal"): _("desimaltall som tekst"),
    }  # fmt: skip
    plain = {
        "string": _("tekst"),
        "integer": _("helt tall"),
        "boolean": _("true eller false"),
        "object": _("objekt"),
    }
    named = words.get((kind, shape)) or plain.get(kind, kind)
    return f"{named}{_limits(schema)}"


def _limits(schema: Json) -> str:
    if "maxLength" in schema:
        return _(", høyst %(limit)s tegn") % {"limit": schema["maxLength"]}
    if "minimum" in schema and "maximum" in schema:
        return _(", fra %(first)s til %(last)s") % {"first": schema["minimum"], "last": schema["maximum"]}
    return ""


# --- Text --------------------------------------------------------------------------------------------------
def prose(text: str) -> SafeString:
    """Return the little Markdown of the document as HTML: code between backticks, and lists of codes."""
    listed = [_LISTED.match(line) for line in text.splitlines()]
    words = " ".join(line for line, found in zip(text.splitlines(), listed, strict=True) if not found).strip()
    codes = format_html_join(
        "", "<li><code>{}</code> {}</li>", [(found[1], found[2]) for found in listed if found]
    )
    told = format_html("<p>{}</p>", mark_safe(_CODE.sub(r"<code>\1</code>", escape(words)))) if words else ""  # noqa: S308 - escaped first
    return format_html("{}{}", told, format_html('<ul class="api-codes">{}</ul>', codes) if codes else "")
