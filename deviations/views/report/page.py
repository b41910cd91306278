"""One visit to the report form: what it asks, what it suggests and warns of, and whether it is ready to go."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from core.whole import whole
from deviations import guarding, reporting
from deviations.forms.questions import QuestionsForm, typed_answers
from deviations.forms.report import ReportForm
from deviations.forms.units import closed_words, units_in
from deviations.models import Anonymity, DeviationRules
from deviations.operations import ReportInput
from deviations.suggest import suggest_types
from deviations.triage import Case
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from deviations.models import DeviationType, Question
    from organization.http import Request

SAME = "deviations.same"
SHORTEST_TEXT = 8
_GUARDED = ("description", "title", "place", "immediate_action")


class ReportPage:
    """The form with everything around it.

    :raises PermissionDenied: the person may not report anywhere.
    """

    def __init__(self, request: Request) -> None:
        self.request, self.actor = request, request.actor
        self.now, self.day = timezone.now(), timezone.localdate()
        self.notes: list[str] = []
        self.sent = request.POST if request.method == "POST" else None
        wanted = self._wanted_unit()
        self.municipality = self._municipality(wanted)
        initial = {"unit": self._first_unit(wanted), "place": request.GET.get("sted", "")[:200]}
        self.form = ReportForm(
            self.sent, request.FILES if self.sent is not None else None, municipality_id=self.municipality.pk, initial=initial
        )  # fmt: skip
        self.valid: dict[str, Any] = {}
        if self.sent is not None:
            self.form.is_valid()
            self.valid = self.form.cleaned_data

    # --- Where ------------------------------------------------------------------------------
    def _wanted_unit(self) -> Unit | None:
        """Return the unit in the address, as the QR codes have it, and tell when it cannot be used."""
        typed = self.request.GET.get("enhet", "")
        if not typed or self.sent is not None:
            return None
        unit: Unit | None = Unit.objects.filter(municipality_id__in=self._places, pk=whole(typed)).first()
        if unit is None:
            self.notes.append(
                _("Enheten i adressen finnes ikke hos dere. Meldingen går til enheten du selv hører til.")
            )
        elif self._is_closed(unit):
            self.notes.append(closed_words(unit))
        return unit

    @cached_property
    def _places(self) -> frozenset[int]:
        places = self.actor.municipalities_where(Permission.REPORT_DEVIATION)
        if not places:
            raise PermissionDenied
        return places

    def _municipality(self, wanted: Unit | None) -> Unit:
        given = self.sent.get("municipality", "") if self.sent is not None else ""
        tries = (
            wanted and wanted.municipality_id,
            whole(given),
            self.actor.acting_for_id,
        )
        pk = next((pk for pk in tries if pk in self._places), min(self._places))
        found: Unit = Unit.objects.select_related("deviation_rules").get(pk=pk)
        return found

    def _first_unit(self, wanted: Unit | None) -> Unit | None:
        """Return the unit of the address, or of the person's main role, unless it is closed."""
        if self.sent is not None:
            return None
        held = (
            grant.unit_id
            for grant in self.actor.grants
            if grant.municipality_id == self.municipality.pk
            and Permission.REPORT_DEVIATION in grant.permissions
        )
        pk = wanted.pk if wanted else next(held, None)
        unit: Unit | None = units_in(self.municipality.pk).filter(pk=pk).first()
        return None if unit is None or self._is_closed(unit) else unit

    def _is_closed(self, unit: Unit) -> bool:
        return unit.closed_on is not None and unit.closed_on <= self.day

    @property
    def unit(self) -> Unit | None:
        return self.valid.get("unit") if self.sent is not None else self.form.initial["unit"]

    @property
    def place(self) -> str:
        return str(self.valid.get("place", "") if self.sent is not None else self.form.initial["place"])

    @cached_property
    def rules(self) -> DeviationRules:
        return DeviationRules.of(self.municipality)

    @cached_property
    def is_small(self) -> bool:
        return self.unit is not None and reporting.is_small(self.unit, self.rules, day=self.day)

    # --- What it is about -------------------------------------------------------------------
    @cached_property
    def type(self) -> DeviationType | None:
        return self.form.chosen_type() if self.valid else None

    @cached_property
    def suggestions(self) -> list[DeviationType]:
        """Return what the text may be about; an accepted suggestion stays while one writes on."""
        text = self.valid.get("description", "")
        found = suggest_types(self.municipality.pk, text) if len(text) >= SHORTEST_TEXT else []
        accepted = self.valid.get("suggested")
        return found if accepted is None or accepted in found else [accepted, *found[:2]]

    @cached_property
    def alike(self) -> list[dict[str, Any]]:
        types = [self.type] if self.type else self.suggestions
        if self.unit is None or not types:
            return []
        found = reporting.alike_lately(self.unit, types, apart_from=self.actor.person_id, now=self.now)
        return [{"row": row, "token": self._token(row.deviation_id)} for row in found]

    def _token(self, deviation_id: int) -> str:
        return signing.dumps([deviation_id, self.actor.person_id], salt=SAME)

    @cached_property
    def elsewhere(self) -> dict[str, str] | None:
        """Return the channel that is used instead, when the type is none of this product's business."""
        if self.type is None or not self.type.refers_to:
            return None
        channel: dict[str, str] = self.rules.channels.get(self.type.refers_to) or {
            "title": self.type.name, "text": _("Dette skal ikke meldes her. Spør lederen din hvor det skal meldes."), "url": "",
        }  # fmt: skip
        return channel

    @cached_property
    def questions(self) -> QuestionsForm:
        form = QuestionsForm(self.sent, questions=[] if self.elsewhere else self._asked())
        form.is_valid()
        return form

    def _asked(self) -> list[Question]:
        if self.sent is None:
            return []
        case = Case(
            category=self.type.category if self.type else "", type=self.type, danger=self.valid.get("danger", ""),
            answers=typed_answers(self.sent),
        )  # fmt: skip
        return reporting.questions_for(self.municipality.pk, case, kind=self.valid.get("kind", ""))

    @property
    def forms(self) -> list[Any]:
        return [self.form, self.questions]

    # --- What stands in the way -------------------------------------------------------------
    @cached_property
    def unseen(self) -> list[Question]:
        """Return the questions that were not on the page: without JavaScript they come in a second step."""
        seen = set(self.sent.getlist("seen")) if self.sent is not None else set()
        return [question for question in self.questions.questions if question.code not in seen]

    @cached_property
    def findings(self) -> list[guarding.Finding]:
        texts = [self.valid.get(name, "") for name in _GUARDED]
        return guarding.find(*texts, *(str(text) for text in self.questions.cleaned_data.values()))

    @cached_property
    def guarded_id(self) -> str:
        """Return the id of the first field that something was found in."""
        names = (name for name in _GUARDED if guarding.find(self.valid.get(name, "")))
        return f"id_{next(names, 'description')}"

    @cached_property
    def warns_of_guessing(self) -> bool:
        hides = self.valid.get("anonymity", Anonymity.OPEN) != Anonymity.OPEN
        warned = self.request.POST.get("warned", "")
        return hides and self.is_small and self.unit is not None and warned != str(self.unit.pk)

    def is_ready(self) -> bool:
        """Tell whether the report can be filed as it was sent."""
        return (
            self.form.is_valid()
            and self.questions.is_valid()
            and not self.elsewhere
            and not self.unseen
            and not self.warns_of_guessing
            and guarding.is_confirmed(self.findings, self.request.POST)
        )

    def report_input(self) -> ReportInput:
        valid = self.valid
        leaders = reporting.leaders_of(valid["unit"], day=self.day, apart_from=self.actor.person_id)
        return ReportInput(
            unit=valid["unit"], description=valid["description"], kind=valid["kind"], danger=valid["danger"],
            type=self.type, title=valid["title"], place=valid["place"], immediate_action=valid["immediate_action"],
            discovered_at=valid["discovered_at"], reported_severity=valid["reported_severity"], anonymity=valid["anonymity"],
            concerned=leaders if valid["concerns_leader"] else (), answers=self.questions.answers(),
            submission_key=valid["submission_key"], follow_code=valid["follow_code"],
        )  # fmt: skip
