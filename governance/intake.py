"""The sections of the intake form (domain/governance 4.4), plugged together by settings.

``INTAKE_SECTIONS`` lists dotted paths to ``Section`` values in the order of the hub page.
A section of a higher app (benefits) brings its own page; the others are ModelForms that the
one view of this app shows and saves field by field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from governance.forms.intake import (
    AboutForm,
    AssessmentsForm,
    CostsForm,
    NullAlternativeForm,
    ResponsibilityForm,
)

if TYPE_CHECKING:
    from django.forms import ModelForm
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Initiative


class SectionState(TextChoices):
    UNTOUCHED = "untouched", _("Ikke påbegynt")
    STARTED = "started", _("Påbegynt")
    MISSING = "missing", _("Mangler")
    DONE = "done", _("Ferdig")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the form.

    ``needed`` are the fields that must be filled in, ``asked`` all fields that tell whether
    the section is begun.  ``state`` overrides the reckoning for sections with rows of their own.
    """

    key: str
    label: StrOrPromise
    purpose: StrOrPromise
    form: type[ModelForm] | None = None
    url_name: str = "governance:intake_section"
    needed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    state: Callable[[Initiative], SectionState] | None = None

    def url(self, initiative: Initiative) -> str:
        args = [initiative.pk, self.key] if self.url_name == "governance:intake_section" else [initiative.pk]
        return reverse(self.url_name, args=args)

    def state_of(self, initiative: Initiative) -> SectionState:
        if self.state:
            return self.state(initiative)
        begun = any(_filled(initiative, name) for name in (*self.needed, *self.asked))
        lacking = [name for name in self.needed if not _filled(initiative, name)]
        if not begun:
            return SectionState.UNTOUCHED
        if lacking:
            return SectionState.MISSING
        return SectionState.DONE


def _filled(initiative: Initiative, name: str) -> bool:
    value = getattr(initiative, name)
    if hasattr(value, "all"):
        return bool(value.all())
    return bool(str(value).strip()) if value is not None else False


@cache
def all_sections() -> tuple[Section, ...]:
    return tuple(import_string(path) for path in settings.INTAKE_SECTIONS)


def section_of(key: str) -> Section | None:
    return next((section for section in all_sections() if section.key == key), None)


MINIMUM = ("title", "summary", "need", "target_group", "category")


def minimum_fields(initiative: Initiative) -> list[str]:
    """Return the labels of the fields without which nothing can be submitted."""
    meta = initiative._meta
    return [str(meta.get_field(name).verbose_name) for name in MINIMUM if not _filled(initiative, name)]


def _costs_state(initiative: Initiative) -> SectionState:
    has_cost = bool(initiative.cost_lines.all()) or initiative.operation_per_year is not None
    if has_cost and initiative.financing:
        return SectionState.DONE
    if has_cost or initiative.financing or initiative.internal_hours:
        return SectionState.MISSING
    return SectionState.UNTOUCHED


def _attachments_state(initiative: Initiative) -> SectionState:
    from core.attachments import attachments_of

    return SectionState.DONE if attachments_of(initiative) else SectionState.UNTOUCHED


about = Section(
    key="about",
    label=_("Om tiltaket"),
    purpose=_("Hva det gjelder, hvorfor det trengs og hvem det er for."),
    form=AboutForm,
    needed=("title", "summary", "need", "target_group", "category", "goals"),
)
costs = Section(
    key="costs",
    label=_("Kostnad og ressurser"),
    purpose=_("Hva det koster å etablere og å drive, og hvor pengene skal komme fra."),
    form=CostsForm,
    state=_costs_state,
)
responsibility = Section(
    key="responsibility",
    label=_("Ansvar"),
    purpose=_("Hvem som skal eie gevinsten, og hvem som skriver sammen med deg."),
    form=ResponsibilityForm,
    needed=("service_owner",),
    asked=("project_owner",),
)
assessments = Section(
    key="assessments",
    label=_("Vurderinger"),
    purpose=_("Personvern, sikkerhet, ansatte, arkiv og samarbeid. Svar det du vet."),
    form=AssessmentsForm,
    needed=("personal_data", "affects_staff"),
    asked=("security_note", "accessibility_note", "integration_note", "archive_note", "reuse_note"),
)
null_alternative = Section(
    key="null_alternative",
    label=_("Nullalternativ"),
    purpose=_("Hva skjer om dere ikke gjør noe?"),
    form=NullAlternativeForm,
    needed=("null_alternative",),
)
attachments = Section(
    key="attachments",
    label=_("Vedlegg og skjerming"),
    purpose=_("Filer som hjelper dem som skal vurdere saken. Valgfritt."),
    url_name="governance:intake_attachments",
    state=_attachments_state,
)
