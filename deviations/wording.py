"""The catalogue in words: values as people read them, and what a version changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import long_date
from core.history import label_of
from deviations.triage import answer_in_words
from organization.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Field, Model
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from organization.models import Unit

NOTHING = "–"
MOST_VERSIONS = 200
SETS: dict[str, StrOrPromise] = {
    "triage": gettext_lazy("Meldeplikt, uansett type"),
    "injury": gettext_lazy("Personskade"),
    "medication": gettext_lazy("Legemidler"),
    "information_security": gettext_lazy("Brudd på personopplysningssikkerheten"),
}
_OF_SETS = frozenset({"set", "opens", "question_sets"})
_UNTOLD = frozenset({"id", "code", "version", "changed_at", "municipality", "search"})


@dataclass(frozen=True, slots=True)
class Labels:
    """What codes stand for: questions by text, duties by name, channels by title."""

    questions: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, value: Any) -> str:
        """Return the words of one value in the field called ``name``."""
        text = str(value)
        if name in _OF_SETS:
            return set_label(text)
        if name == "asks":
            return self.questions.get(text, text)
        if name == "starts":
            return self.duties.get(text, text)
        return self.channels.get(text, text) if name == "refers_to" else text


NO_LABELS = Labels()


def set_label(code: str) -> str:
    return str(SETS.get(code, code))


def shown(column: Field[Any, Any] | Any, value: Any, labels: Labels = NO_LABELS) -> str:
    """Return a value of the catalogue as a person reads it, a list on lines."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    if isinstance(value, list):
        choices = (
            dict(getattr(column.base_field, "choices", None) or ()) if isinstance(column, ArrayField) else {}
        )
        return "\n".join(
            _point(one) if isinstance(one, Mapping) else str(choices.get(one) or labels.of(column.name, one))
            for one in value
        )
    if isinstance(value, Mapping):
        return "\n".join(_pair(key, inner, labels) for key, inner in value.items())
    if hasattr(value, "year"):
        return long_date(value)
    return str(dict(column.flatchoices).get(value) or labels.of(column.name, value))


def _point(point: Mapping[str, Any]) -> str:
    return (
        f"{point['label']} ({_('gjelder fristen')})" if point.get("meets_deadline") else str(point["label"])
    )


def _pair(key: str, inner: Any, labels: Labels) -> str:
    if isinstance(inner, Mapping):
        return " · ".join(str(text) for text in inner.values() if text)
    return f"{labels.questions.get(key) or _severity(key)}: {answer_in_words(str(inner))}"


def _severity(key: str) -> str:
    from deviations.models import Severity

    return str({str(value): label for value, label in Severity.choices}.get(key, key))


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One save: when, by whom, what it was, and what it changed."""

    number: int
    at: datetime
    who: str
    title: str
    changes: list[Difference]
    event_id: int


def versions_of(row: Model, labels: Labels = NO_LABELS) -> list[Version]:
    """Return every version of a row, the newest first, in two queries."""
    model: Any = row
    events = model.pgh_event_model._default_manager.filter(pgh_obj_id=row.pk).select_related("pgh_context")
    rows = list(events.order_by("-pgh_id")[:MOST_VERSIONS])[::-1]
    names = _names(rows)
    found: list[Version] = []
    before: Any = None
    for event in rows:
        context = event.pgh_context.metadata if event.pgh_context else {}
        found.append(
            Version(
                number=getattr(event, "version", len(found) + 1), at=event.changed_at,
                who=names.get(context.get("actor"), "") or _("Systemet"),
                title=str(label_of(str(context.get("action", "")))) or _("Registrert"),
                changes=changes_between(row, before, event, labels) if before is not None else [], event_id=event.pgh_id,
            )
        )  # fmt: skip
        before = event
    return found[::-1]


def changes_between(row: Model, before: Any, after: Any, labels: Labels = NO_LABELS) -> list[Difference]:
    """Return what differs between two stands of a row, events or rows."""
    found = []
    for column in row._meta.concrete_fields:
        if (
            column.name in _UNTOLD
            or not hasattr(before, column.attname)
            or not hasattr(after, column.attname)
        ):
            continue
        old, new = getattr(before, column.attname), getattr(after, column.attname)
        if old != new:
            label = str(column.verbose_name)
            found.append(
                Difference(
                    label[:1].upper() + label[1:], _told(column, old, labels), _told(column, new, labels)
                )
            )
    return found


def _told(column: Any, value: Any, labels: Labels) -> str:
    if column.is_relation and value is not None:
        return str(column.related_model._default_manager.filter(pk=value).first() or _("fjernet"))
    return shown(column, value, labels)


def _names(events: list[Any]) -> dict[Any, str]:
    ids = {event.pgh_context.metadata.get("actor") for event in events if event.pgh_context} - {None}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def labels_of(municipality: Unit) -> Labels:
    """Return the words behind the codes that rows of a catalogue point at each other with."""
    from deviations.models import DeviationRules, DutyTemplate, Question

    channels = DeviationRules.of(municipality).channels
    questions = Question.objects.filter(municipality=municipality).order_by("position", "pk")
    duties = DutyTemplate.objects.filter(municipality=municipality).order_by("position", "pk")
    return Labels(
        questions=dict(questions.values_list("code", "text")),
        duties=dict(duties.values_list("code", "name")),
        channels={code: str(channel.get("title", code)) for code, channel in channels.items()},
    )
