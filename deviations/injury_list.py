"""The register of injuries as a list with filters, and as a file for Arbeidstilsynet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import as_file
from core.formats import local_day
from core.forms import FilterForm
from deviations.models import Deviation, Injury
from organization.models import Unit
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import FileResponse, StreamingHttpResponse

    from deviations.injury_queries import InjuryQuerySet
    from organization.actors import PersonActor

LIST_ORDERING = ("-discovered_at", "-pk")
_YEARS = 15
_COLUMNS = (
    "discovered_at", "who", "body_part", "nature", "absence", "treated", "at_work", "unit__name", "municipality__name",
    "deviation__number", "deviation__is_confidential",
)  # fmt: skip
_HEADINGS = (
    gettext_lazy("Dato"), gettext_lazy("Kommune"), gettext_lazy("Enhet"), gettext_lazy("Hvem"), gettext_lazy("Kroppsdel"),
    gettext_lazy("Skade"), gettext_lazy("Ventet fravær"), gettext_lazy("Behandlet av lege"), gettext_lazy("I arbeidet"),
    gettext_lazy("Sak"),
)  # fmt: skip


def listed(rows: InjuryQuerySet) -> InjuryQuerySet:
    """Load what a row of the register shows, in one query, and nothing of who reported."""
    return rows.select_related("unit", "municipality", "deviation").only(*_COLUMNS)


def units_in_area(actor: PersonActor) -> list[Unit]:
    """Return the units whose injuries the actor may read, each above those below it; closed ones too."""
    grants = actor.lines_where(Permission.READ_INJURIES)
    rows = Unit.objects.filter(municipality_id__in={grant.municipality_id for grant in grants}).order_by(
        "path"
    )
    return [
        unit
        for unit in rows
        if any(
            unit.path.startswith(grant.unit_path) and unit.municipality_id == grant.municipality_id
            for grant in grants
        )
    ]


class InjuryFilter(filters.FilterSet):
    """``units`` are those of the actor's area."""

    enhet = filters.ChoiceFilter(
        label=gettext_lazy("Sektor eller enhet"), method="by_unit", empty_label=gettext_lazy("Alle")
    )
    aar = filters.ChoiceFilter(label=gettext_lazy("År"), method="by_year", empty_label=gettext_lazy("Alle"))

    class Meta:
        model = Injury
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        this_year = timezone.localdate().year
        top = min((len(unit.path) for unit in units), default=0)
        self.filters["enhet"].extra["choices"] = [
            (str(unit.pk), "\xa0\xa0" * ((len(unit.path) - top) // Unit.steplen) + unit.name)
            for unit in units
        ]
        self.filters["aar"].extra["choices"] = [
            (str(year), str(year)) for year in range(this_year, this_year - _YEARS, -1)
        ]

    @property
    def active(self) -> int:
        """How many filters are in use."""
        return sum(1 for name in self.filters if self.data.get(name))

    @property
    def is_outside(self) -> bool:
        """Whether the address names a unit that is not of the actor's area."""
        chosen = self.data.get("enhet", "")
        return chosen.isascii() and chosen.isdigit() and chosen not in self.units

    def by_unit(self, rows: InjuryQuerySet, _name: str, chosen: str) -> InjuryQuerySet:
        return rows.below(self.units[chosen])

    def by_year(self, rows: InjuryQuerySet, _name: str, chosen: str) -> InjuryQuerySet:
        zone = timezone.get_current_timezone()
        first, end = (datetime(year, 1, 1, tzinfo=zone) for year in (int(chosen), int(chosen) + 1))
        return rows.between(first, end)


def lines_of(rows: Sequence[Injury], actor: PersonActor) -> list[dict[str, Any]]:
    """Return the rows of a page, each with the number of its case, and whether the actor may open that."""
    cases = Deviation.objects.visible_to(actor).filter(pk__in=[row.deviation_id for row in rows])
    known = dict(cases.values_list("pk", "number"))
    return [
        {
            "injury": row,
            "number": known.get(row.deviation_id) or number_of(row),
            "is_known": row.deviation_id in known,
        }
        for row in rows
    ]


def number_of(injury: Injury) -> str:
    """Return the number of the case; that of a confidential one is for those who see the case."""
    return _("Fortrolig") if injury.deviation.is_confidential else injury.deviation.number


def as_register(rows: InjuryQuerySet, kind: str) -> StreamingHttpResponse | FileResponse:
    """Return the register as a file of ``kind``."""
    return as_file(rows, kind, name="skaderegister", sheet=_("Skaderegister"), headings=_HEADINGS, line=_line)


def _line(injury: Injury) -> list[Any]:
    return [
        local_day(injury.discovered_at), str(injury.municipality), str(injury.unit), injury.who, injury.body_part,
        injury.nature, injury.absence, str(injury.get_treated_display()), str(injury.get_at_work_display()), number_of(injury),
    ]  # fmt: skip
