"""Many rows in one request: each is written or refused by itself, and each gets an answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.response import Response

from core.api.bodies import error, object_of, pointer_to, refuse, unknown
from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.problems import ApiProblem, problem_of
from core.api.rows import Choice
from core.api.schema import Problem, Shape
from core.api.views import ApiView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.http import HttpResponseBase
    from rest_framework.request import Request

MOST = 500


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


OUTCOMES = (
    (Outcome.CREATED.value, gettext_lazy("Ny")),
    (Outcome.UPDATED.value, gettext_lazy("Endret")),
    (Outcome.UNCHANGED.value, gettext_lazy("Sto slik fra før")),
    (Outcome.REFUSED.value, gettext_lazy("Avvist, se `problem`")),
)


class BulkResult(Shape):
    about = gettext_lazy("Hva som ble av én rad.")

    index = serializers.IntegerField(help_text=gettext_lazy("Plassen i lista som ble sendt, fra null."))
    outcome = Choice(OUTCOMES, component="BulkOutcome", help_text=gettext_lazy("Hva som ble av den."))
    id = serializers.IntegerField(
        allow_null=True, help_text=gettext_lazy("Id-en til det som ble skrevet eller sto der.")
    )
    problem = Problem(required=False, help_text=gettext_lazy("Hvorfor raden ble avvist."))


class BulkAnswer(Shape):
    about = gettext_lazy("Hva som ble av hver rad. Rader som er avvist, er ikke lagret; de andre er det.")

    created = serializers.IntegerField(help_text=gettext_lazy("Antall nye."))
    updated = serializers.IntegerField(help_text=gettext_lazy("Antall endrede."))
    unchanged = serializers.IntegerField(help_text=gettext_lazy("Antall som sto slik fra før."))
    refused = serializers.IntegerField(help_text=gettext_lazy("Antall avviste."))
    results = BulkResult(many=True, help_text=gettext_lazy("En for hver rad, i samme rekkefølge."))


@dataclass(frozen=True, slots=True)
class Written:
    """What a row led to: the record, and what was done to it."""

    pk: int
    outcome: Outcome


class BulkView(ApiView):
    """Take many rows by ``post``; ``write_all`` writes them."""

    idempotent = ("POST",)
    problems: ClassVar[Any] = {"POST": (404,)}
    write_all: ClassVar[Callable[..., dict[str, Any]]]

    def post(self, request: Request) -> HttpResponseBase:
        check_known(request, ())
        now = timezone.now()
        return once(request, lambda: self._write(request, now), again=self._tell_again, now=now)

    def _write(self, request: Request, now: datetime) -> Response:
        return Response(self.write_all(request.data, by=self.caller, now=now))

    def _tell_again(self, _pk: int) -> Response:
        """Never asked: the answer is about no single record, and tells nothing but what was sent and its ids."""
        raise Http404


def rows_of(body: Any, name: str) -> list[Any]:
    """Return the rows of a body ``{name: [...]}``.

    :raises ApiProblem: there are none, or too many, or the body is something else.
    """
    sent = object_of(body)
    refuse(unknown(sent, (name,)))
    rows = sent.get(name)
    words = {"most": MOST}
    if not isinstance(rows, list) or not rows:
        refuse([error(pointer_to(name), _("Skal være en liste med 1 til %(most)s rader.") % words)])
    elif len(rows) > MOST:
        told = _("Lista har %(count)s rader. Send høyst %(most)s om gangen.")
        refuse([error(pointer_to(name), told % {"count": len(rows), **words})])
    return list(rows or ())


def carry_out(count: int, order: Iterable[int], write: Callable[[int], Written]) -> dict[str, Any]:
    """Write each row in a savepoint of its own, in ``order``, and return what became of all of them.

    The caller has the transaction.
    """
    results: list[dict[str, Any]] = [{}] * count
    for index in order:
        results[index] = {"index": index, **_attempt(index, write)}
    counts = Counter(result["outcome"] for result in results)
    return {**{outcome.value: counts[outcome] for outcome in Outcome}, "results": results}


def _attempt(index: int, write: Callable[[int], Written]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            written = write(index)
    except Exception as exc:
        problem = problem_of(exc)
        if problem is None:
            raise
        return {"outcome": Outcome.REFUSED, "id": None, "problem": problem.body()}
    return {"outcome": written.outcome, "id": written.pk}


def twin_of(first: int, *at: str | int) -> ApiProblem:
    """Return the problem of a row that says what an earlier one in the same list says."""
    return ApiProblem(
        "invalid", errors=[error(pointer_to(*at), _("Det samme står i rad %(row)d. Send det én gang.") % {"row": first})]
    )  # fmt: skip
