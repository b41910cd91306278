"""One deviation as the API tells of it, and the list: the card, and the words to those who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import reverse

from core.api.records import TRANSITIONS
from core.api.rows import plan_of
from core.api.transitions import offers_of
from core.models import Attachment
from core.presentation import history_lines
from deviations import talk
from deviations.api.rows import DeviationCard, DeviationWords
from deviations.models import ActionLink, Answer, Deviation, Duty, DutyStatus, Status
from deviations.models.status import TONES
from deviations.views.loading import note_read
from deviations.views.parts import actions_with_people, answers_with_questions
from deviations.workflow import deviation_workflow

if TYPE_CHECKING:
    from deviations.api.writing import Filed
    from deviations.queries import DeviationQuerySet
    from organization.actors import PersonActor

DUTY = ("id", "code", "name", "status", "phone", "due_at")
_PLACES = ("unit", "municipality__deviation_rules", "type", "responsible", "handler")


def cards(actor: Any) -> Any:
    """Return the deviations the actor knows of; title and reporter only where the actor may read them."""
    rows = Deviation.objects.visible_to(actor)
    return as_cards(rows, actor) if actor else rows  # nobody asks while the OpenAPI document is made


def as_cards(rows: DeviationQuerySet, actor: Any) -> Any:
    """Let ``rows``, which are visible or made so later, bring title and reporter where the actor may read them."""
    title = Case(When(reads_words=True, then=F("title")), default=Value(""), output_field=CharField())
    reporter = Case(
        When(reads_reporter=True, then=F("reporter_id")), default=Value(None), output_field=IntegerField()
    )
    return rows.with_access(actor).annotate(read_title=title, read_reporter=reporter)


def load(pk: int, actor: PersonActor, expand: frozenset[str] = frozenset()) -> Any:
    """Return one deviation with all that its representation needs, in one query.

    :raises Http404: it is not the actor's to know of.
    """
    here = {"deviation_id": OuterRef("pk")}
    causes = Deviation.causes.through.objects.filter(**here).order_by("cause_id").values("cause_id")
    actions = ActionLink.objects.filter(**here).order_by("action_id").values("action_id")
    rows = cards(actor).annotate(
        cause_ids=ArraySubquery(causes), corrective_action_ids=ArraySubquery(actions), told_photos=ArraySubquery(_photos()),
        told_answers=ArraySubquery(_answers()), told_duties=ArraySubquery(_duties()),
    )  # fmt: skip
    record = rows.select_related(*(expand - {TRANSITIONS})).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def _photos() -> QuerySet[Any]:
    kind = ContentType.objects.get_for_model(Deviation)
    rows = Attachment.objects.filter(content_type=kind, object_id=OuterRef("pk"), removed_at=None)
    fields = ("key", "name", "mime", "size", "sha256", "uploaded_at")
    return rows.order_by("pk").values(told=JSONObject(**{name: name for name in fields}))


def _answers() -> QuerySet[Any]:
    rows = Answer.objects.filter(deviation_id=OuterRef("pk")).order_by("question__position", "pk")
    told = JSONObject(code="question__code", question="wording", value="value", from_reporter="from_reporter")
    return rows.values(told=told)


def _duties() -> QuerySet[Any]:
    rows = Duty.objects.filter(deviation_id=OuterRef("pk")).order_by("pk")
    return rows.values(told=JSONObject(**{name: name for name in DUTY}))


def guarded(pk: int, actor: PersonActor) -> Any:
    """Return one deviation with all that policies and guards ask of it.

    :raises Http404: it is not the actor's to know of.
    """
    record = Deviation.objects.visible_to(actor).select_related(*_PLACES).filter(pk=pk).first()
    if record is None:
        raise Http404
    prefetch_related_objects(
        [record], "duties", answers_with_questions(), "causes", actions_with_people(actor)
    )
    return record


def guarded_and_noted(pk: int, actor: PersonActor) -> Any:
    """Return what ``guarded`` returns, and log it as read where it is confidential.

    :raises Http404: it is not the actor's to know of.
    """
    record = guarded(pk, actor)
    note_read(record, actor)
    return record


def told(record: Any, actor: PersonActor, expand: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what the actor may know of a deviation that ``load`` returned, and log what is confidential."""
    row = plan_of(DeviationCard, expand - {TRANSITIONS}).read(record)
    note_read(record, actor)
    if record.reads_words:
        row |= plan_of(DeviationWords).read(record)
        row["photos"] = [{**photo, "address": _address_of(photo["key"])} for photo in row["photos"]]
    if TRANSITIONS in expand:
        row[TRANSITIONS] = offers_of((deviation_workflow,), guarded(record.pk, actor), actor)
    return row


def receipt(filed: Filed) -> dict[str, Any]:
    """Return what is told of an anonymous report, once: neither its id nor its address leads back to who asked."""
    case = filed.case
    duties = case.duties.filter(status=DutyStatus.OPEN).order_by("pk").values(*DUTY)
    groups = [filed.code[start : start + 4] for start in range(0, len(filed.code), 4)]
    return {
        "number": case.number, "follow_code": "-".join(groups), "responsible": str(case.responsible or ""),
        "follow_page": f"{settings.PUBLIC_URL}{reverse('deviations:report_follow')}",
        "duties": list(duties), "refused_photos": filed.refused,
    }  # fmt: skip


def _address_of(key: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('core:attachment', args=[key])}"


def history(pk: int, actor: PersonActor) -> list[dict[str, Any]]:
    """Return what has happened; who sees only the card reads where it has been, without names and reasons.

    :raises Http404: it is not the actor's to know of.
    """
    record = cards(actor).filter(pk=pk).first()
    if record is None:
        raise Http404
    note_read(record, actor)
    reads = record.reads_words
    lines = history_lines(record, states=Status, tones=TONES, with_reasons=reads, only_moves=not reads)
    return [
        {
            "at": line.at, "action": line.action, "label": str(line.label), "who": line.who if reads else "",
            "state": str(line.state), "reason": line.reason,
        }
        for line in talk.disguised(record, lines)
    ]  # fmt: skip
