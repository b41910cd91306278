"""The sections of the intake form (domain/governance 4.4), plugged together by settings.

``INTAKE_SECTIONS`` lists dotted paths to ``Section`` values in the order of the hub page.
A section of a higher app (benefits) brings its own page; the others are forms that the one
view of this app shows and saves field by field.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.formats import kroner
from governance.forms.intake import (
    AboutForm,
    AssessmentsForm,
    CostsForm,
    NullAlternativeForm,
    ResponsibilityForm,
    ShieldingForm,
)
from governance.goals import goals_with_strategies
from governance.requirements import Requirement, demanded

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Prefetch
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.forms.merging import MergingForm
    from governance.models import GovernanceRules, Initiative
    from organization.actors import PersonActor


class SectionState(TextChoices):
    UNTOUCHED = "untouched", _("Ikke påbegynt")
    STARTED = "started", _("Påbegynt")
    MISSING = "missing", _("Mangler")
    DONE = "done", _("Ferdig")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer on the page that is looked over before it is sent in."""

    label: str
    text: str
    url: str = ""
    is_lacking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the form.

    ``needed`` are the fields that must be filled in, ``asked`` all fields that tell whether
    the section is begun.  ``holds_back`` says that nothing can be submitted while they are
    open.  ``state`` and ``rows`` override what is read from the fields, for sections with
    rows of their own; ``related`` are what the section's state reads, to be loaded with the
    record, and ``told`` what its rows read as well; ``joined`` what they read of which a record has one at most.
    """

    key: str
    label: StrOrPromise
    purpose: StrOrPromise
    form: type[MergingForm] | None = None
    url_name: str = "governance:intake_section"
    needed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    related: tuple[str | Prefetch[Any], ...] = ()
    told: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    holds_back: bool = True
    is_optional: bool = False
    state: Callable[[Initiative], SectionState] | None = None
    rows: Callable[[Initiative, PersonActor], list[Row]] | None = None

    def url(self, initiative: Initiative) -> str:
        args = [initiative.pk, self.key] if self.url_name == "governance:intake_section" else [initiative.pk]
        return reverse(self.url_name, args=args)

    def state_of(self, initiative: Initiative) -> SectionState:
        if self.state:
            return self.state(initiative)
        if not any(_filled(initiative, name) for name in (*self.needed, *self.asked)):
            return SectionState.UNTOUCHED
        if self.lacking(initiative):
            return SectionState.MISSING if self.holds_back else SectionState.STARTED
        return SectionState.DONE

    def lacking(self, initiative: Initiative) -> list[str]:
        """Return the labels of the fields that must be filled in and are not."""
        return [_label(initiative, name) for name in self.needed if not _filled(initiative, name)]

    def rows_of(self, initiative: Initiative, actor: PersonActor) -> list[Row]:
        """Return the answers as texts, each with the address where it can be changed."""
        if self.rows:
            return self.rows(initiative, actor)
        rows = _rows(self.form, initiative, actor, url=self.url(initiative), needed=self.needed)
        if self.holds_back:
            return rows
        return [
            replace(row, text=_t("Ikke svart"), is_lacking=False) if row.is_lacking else row for row in rows
        ]


def _rows(
    form_class: type[MergingForm] | None, initiative: Initiative, actor: PersonActor, *, url: str,
    needed: tuple[str, ...] = (),
) -> list[Row]:  # fmt: skip
    if form_class is None:
        return []
    form = form_class(instance=initiative, actor=actor)
    rows = []
    for name in (name for _legend, names in form.parts for name in names):
        text = form.shown(name, form.row_or_value(name, initiative))
        field: Any = form[name]
        rows.append(Row(str(field.label), text, f"{url}#{field.focus_id}", not text and name in needed))
    return rows


def _label(initiative: Initiative, name: str) -> str:
    column: Any = initiative._meta.get_field(name)
    return str(column.verbose_name)


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


def related_rows(*, told: bool) -> tuple[str | Prefetch[Any], ...]:
    """Return what all sections read beside the record's own row; ``told``: what they tell, and not their state alone."""
    names = (name for one in all_sections() for name in (*one.related, *(one.told if told else ())))
    return tuple(dict.fromkeys(names))


def joined_rows() -> tuple[str, ...]:
    """Return what the sections read of which an initiative has one at most, so that it is read with the record itself."""
    return tuple(dict.fromkeys(name for one in all_sections() for name in one.joined))


# --- Ready to be sent in? ------------------------------------------------------------------------
MINIMUM = ("title", "summary", "need", "target_group", "category")


def minimum_fields(initiative: Initiative) -> list[str]:
    """Return the labels of the fields without which nothing can be submitted."""
    return [_label(initiative, name) for name in MINIMUM if not _filled(initiative, name)]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing demanded before submission; ``reason`` says what to do, and is empty when it is met."""

    label: StrOrPromise
    why: StrOrPromise
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far the preparation has come: the municipality's demands, and the fields nobody can do without."""

    demands: tuple[Demand, ...]
    minimum: Demand | None

    @property
    def met(self) -> int:
        return sum(not demand.reason for demand in self.demands)

    @property
    def unmet(self) -> list[Demand]:
        """What holds the submission back, the fields that must be filled in first."""
        open_ones = [demand for demand in self.demands if demand.reason]
        return [self.minimum, *open_ones] if self.minimum else open_ones


def readiness_of(initiative: Initiative, rules: GovernanceRules) -> Readiness:
    missing = minimum_fields(initiative)
    minimum = Demand(
        _("felt som må fylles ut"),
        "",
        _t("Fyll ut: %(fields)s.") % {"fields": ", ".join(missing)},
        about.url(initiative),
    )
    return Readiness(
        demands=tuple(_demand(requirement, initiative) for requirement in demanded(rules)),
        minimum=minimum if missing else None,
    )


def _demand(requirement: Requirement, initiative: Initiative) -> Demand:
    section = section_of(requirement.section)
    url = section.url(initiative) if section else ""
    return Demand(requirement.label, requirement.why, requirement.missing(initiative) or "", url)


# --- The sections of this app ---------------------------------------------------------------------
def _costs_state(initiative: Initiative) -> SectionState:
    has_cost = bool(initiative.cost_lines.all()) or initiative.operation_per_year is not None
    if has_cost:
        return SectionState.DONE if initiative.financing else SectionState.STARTED
    begun = initiative.financing or initiative.internal_hours is not None or initiative.cost_note.strip()
    return SectionState.MISSING if begun else SectionState.UNTOUCHED


def _costs_rows(initiative: Initiative, actor: PersonActor) -> list[Row]:
    rows = _rows(CostsForm, initiative, actor, url=costs.url(initiative))
    return [row for row in rows if row.text] or [
        Row(_t("Kostnad"), "", costs.url(initiative), is_lacking=True)
    ]


def _attachments_state(initiative: Initiative) -> SectionState:
    from core.attachments import attachments_of

    filled = initiative.is_shielded or attachments_of(initiative)
    return SectionState.DONE if filled else SectionState.UNTOUCHED


def _attachments_rows(initiative: Initiative, actor: PersonActor) -> list[Row]:
    from core.attachments import attachments_of

    url = attachments.url(initiative)
    names = ", ".join(file.name for file in attachments_of(initiative))
    rows = [Row(_t("Vedlegg"), names or _t("Ingen"), url)]
    if not initiative.is_shielded:
        return [*rows, Row(_t("Skjerming"), _t("Ikke skjermet"), url)]
    return [*rows, *_rows(ShieldingForm, initiative, actor, url=url)]


def total_investment(initiative: Initiative) -> str:
    """Return the sum of all investments as an amount."""
    return kroner(initiative.lifetime_amount(0))


about = Section(
    key="about",
    label=_("Om tiltaket"),
    purpose=_("Hva det gjelder, hvorfor det trengs og hvem det er for."),
    form=AboutForm,
    # The title is filled in when the draft is begun, so it does not count as begun work.
    needed=("summary", "need", "target_group", "category", "goals"),
    related=(goals_with_strategies(),),
)
costs = Section(
    key="costs",
    label=_("Kostnad og ressurser"),
    purpose=_("Hva det koster å etablere og å drive, og hvor pengene skal komme fra."),
    form=CostsForm,
    state=_costs_state,
    rows=_costs_rows,
    related=("cost_lines",),
)
responsibility = Section(
    key="responsibility",
    label=_("Ansvar"),
    purpose=_("Hvem som skal ta ut gevinsten, og hvem som skal eie prosjektet."),
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
    asked=(
        "personal_data_note", "affects_staff_note", "security_note", "accessibility_note", "integration_note",
        "archive_note", "reuse_note", "dependency_note", "regional_note",
    ),
    holds_back=False,
)  # fmt: skip
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
    purpose=_("Filer som hjelper dem som skal vurdere saken."),
    url_name="governance:intake_attachments",
    state=_attachments_state,
    rows=_attachments_rows,
    is_optional=True,
)
