"""The lists of the catalogue: types, questions, duties and causes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.exports import KINDS, as_file, links
from deviations.models import Category, DeviationRules, DeviationType, Question, Severity
from deviations.triage import answer_in_words
from deviations.views.catalogue.common import own_municipality, part_of
from deviations.wording import labels_of, set_label
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from deviations.wording import Labels
    from organization.http import Request
    from organization.models import Unit


@require_GET
def catalogue_list(request: Request) -> HttpResponseBase:
    """Show the types by category, with what each has; or send them as a file."""
    municipality = own_municipality(request)
    rows = DeviationType.objects.filter(municipality=municipality).order_by("position", "pk")
    labels = labels_of(municipality)
    if (kind := request.GET.get("fil", "")) in KINDS:
        return _as_file(rows, kind, labels)
    groups = _types_by_category(rows, labels, _duties_of_questions(municipality, labels))
    context = {
        "municipality": municipality, "groups": groups, "part": part_of("typer"), "exports": links(request),
        "deadlines": _deadlines(DeviationRules.of(municipality)),
    }  # fmt: skip
    return render(request, "deviations/catalogue_types.html", context)


@require_GET
def catalogue_part(request: Request, part: str) -> HttpResponse:
    """Show the questions, the duties or the causes."""
    found = part_of(part)
    if found.slug not in _GROUPS:
        raise Http404
    municipality = own_municipality(request)
    labels = labels_of(municipality)
    rows = list(found.model.objects.filter(municipality=municipality).order_by("position", "pk"))
    context = {
        "municipality": municipality, "part": found, "groups": _GROUPS[found.slug](rows, municipality, labels)
    }  # fmt: skip
    return render(request, _TEMPLATES[found.slug], context)


def _as_file(rows: QuerySet[Any], kind: str, labels: Labels) -> HttpResponseBase:
    words: dict[str, Any] = {"name": _("avvikskatalog"), "sheet": _("Typer"), "headings": _headings()}
    return as_file(rows, kind, line=lambda row: _cells(row, labels), **words)


def _types_by_category(
    rows: Iterable[DeviationType], labels: Labels, starts: dict[str, list[str]]
) -> list[dict[str, Any]]:
    lines = [_type_line(row, labels, starts) for row in rows]
    return [
        {
            "code": category.value,
            "label": category.label,
            "lines": [line for line in lines if line["row"].category == category],
        }
        for category in Category
    ]


def _type_line(row: DeviationType, labels: Labels, starts: dict[str, list[str]]) -> dict[str, Any]:
    duties = [duty for code in row.asks for duty in starts.get(code, [])]
    return {
        "row": row, "sets": [set_label(code) for code in row.question_sets], "duties": list(dict.fromkeys(duties)),
        "roles": [str(Role(role).label) for role in row.confidential_roles], "channel": labels.of("refers_to", row.refers_to),
    }  # fmt: skip


def _duties_of_questions(municipality: Unit, labels: Labels) -> dict[str, list[str]]:
    rows = Question.objects.active().filter(municipality=municipality).exclude(starts=[])
    return {
        code: [labels.of("starts", duty) for duty in starts]
        for code, starts in rows.values_list("code", "starts")
    }


def _deadlines(rules: DeviationRules) -> str:
    return ", ".join(
        _("%(severity)s %(days)d dager")
        % {"severity": str(severity.label).lower(), "days": rules.days_for(severity.value)}
        for severity in Severity
    )


def _questions(rows: list[Any], _municipality: Unit, labels: Labels) -> list[dict[str, Any]]:
    lines = [
        {
            "row": row, "after": [f"{labels.of('asks', code)} – {answer_in_words(value)}" for code, value in row.show_when.items()],
            "duties": [labels.of("starts", code) for code in row.starts], "opens": set_label(row.opens) if row.opens else "",
            "categories": [str(Category(code).label) for code in row.categories],
        }
        for row in rows
    ]  # fmt: skip
    first = dict.fromkeys([Question.TRIAGE, *(row.set for row in rows)])
    return [
        {"label": set_label(code), "lines": [line for line in lines if line["row"].set == code]}
        for code in first
    ]


def _duties(rows: list[Any], municipality: Unit, _labels: Labels) -> list[dict[str, Any]]:
    questions = list(Question.objects.active().filter(municipality=municipality).exclude(starts=[]))
    lines = [
        {"row": row, "started_by": [one for one in questions if row.code in one.starts], "roles": [str(Role(role).label) for role in row.escalation_roles]}
        for row in rows
    ]  # fmt: skip
    return [{"lines": lines}]


def _causes(rows: list[Any], _municipality: Unit, _labels: Labels) -> list[dict[str, Any]]:
    return [{"label": label, "lines": [{"row": row} for row in group]} for label, group in _grouped(rows)]


def _grouped(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    order = list(dict.fromkeys(row.group for row in rows))
    ranked = sorted(rows, key=lambda row: order.index(row.group))
    return [(label, list(group)) for label, group in groupby(ranked, key=lambda row: row.group)]


_GROUPS: dict[str, Callable[[list[Any], Any, Any], list[dict[str, Any]]]] = {
    "sporsmal": _questions, "plikter": _duties, "arsaker": _causes,
}  # fmt: skip
_TEMPLATES = {
    "sporsmal": "deviations/catalogue_questions.html", "plikter": "deviations/catalogue_duties.html",
    "arsaker": "deviations/catalogue_causes.html",
}  # fmt: skip


def _headings() -> list[str]:
    return [
        _("Kode"), _("Kategori"), _("Type"), _("I bruk"), _("Stikkord"), _("Tilleggsspørsmål"), _("Spør alltid om"), _("Fortrolig"),
        _("Roller som ser fortrolige"), _("Henviser til"), _("Dager til behandling"), _("Navn beholdes (måneder)"), _("Tekst fjernes etter (år)"), _("Versjon"),
    ]  # fmt: skip


def _cells(row: DeviationType, labels: Labels) -> list[Any]:
    return [
        row.code, row.get_category_display(), row.name, row.is_active, row.keywords,
        ", ".join(set_label(code) for code in row.question_sets), "; ".join(labels.of("asks", code) for code in row.asks),
        row.is_confidential, ", ".join(str(Role(role).label) for role in row.confidential_roles),
        labels.of("refers_to", row.refers_to), row.handling_days, row.identity_kept_months, row.deleted_after_years, row.version,
    ]  # fmt: skip
