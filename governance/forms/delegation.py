"""The fields of the delegation matrix in the form of a mandate: one group for each organ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, Form, MoneyField
from governance.models import CouncilMandate, Delegation, Initiative, Organ
from governance.models.delegation import standard_rows

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.rules_operations import Given

COLUMNS = ("amount", "yearly_frame", "operation_limit", "categories", "decides_principle", "conditions")
# Of the others an empty field is no limit.  Only for these is the use of a frame counted.
_LIMITED = (Organ.SECRETARIAT,)
_WITH_FRAME = (Organ.SECRETARIAT, Organ.COUNCIL)


def name_of(organ: Organ, column: str) -> str:
    return f"{organ.value}_{column}"


def columns_of(organ: Organ) -> list[str]:
    """Return the columns that are asked for: who has no frame to draw on is not asked for one."""
    return [column for column in COLUMNS if column != "yearly_frame" or organ in _WITH_FRAME]


def organ_groups() -> list[tuple[StrOrPromise, list[str]]]:
    """Return the fields of each organ under its name."""
    return [
        (
            gettext_lazy("Fullmakt: %(organ)s") % {"organ": organ.label},
            [name_of(organ, one) for one in columns_of(organ)],
        )
        for organ in Organ
    ]


def add_fields(form: Form) -> None:
    """Put the fields of every organ on the form."""
    for organ in Organ:
        for column in columns_of(organ):
            form.fields[name_of(organ, column)] = _field(organ, column)


def _field(organ: Organ, column: str) -> forms.Field:
    limited = organ in _LIMITED
    help_text = "" if limited else gettext_lazy("La feltet stå tomt hvis det ikke er noen grense.")
    if column == "amount":
        label = gettext_lazy("Beløp for hele tiltaket")
        return MoneyField(label=label, min_value=0, required=limited, help_text=help_text)
    if column == "yearly_frame":
        return MoneyField(label=gettext_lazy("Årsramme"), min_value=0, required=limited, help_text=help_text)
    if column == "operation_limit":
        return MoneyField(
            label=gettext_lazy("Ny fast drift per år"), min_value=0, required=False,
            help_text=gettext_lazy("La feltet stå tomt hvis det ikke er noen grense."),
        )  # fmt: skip
    if column == "categories":
        return forms.MultipleChoiceField(
            label=gettext_lazy("Kategorier"), choices=Initiative.Category.choices, widget=CheckboxList(), required=False
        )  # fmt: skip
    if column == "decides_principle":
        return forms.BooleanField(label=gettext_lazy("Kan avgjøre prinsipielle saker"), required=False)
    return forms.CharField(
        label=gettext_lazy("Vilkår"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def initial_of(latest: CouncilMandate | None) -> dict[str, Any]:
    """Return what the matrix before says, else what a first one begins with."""
    rows: list[Delegation] = list(latest.delegations.all()) if latest is not None and latest.pk else []
    return {
        name_of(Organ(row.organ), column): getattr(row, column)
        for row in rows or standard_rows(CouncilMandate())
        for column in COLUMNS
    }


def check_frames(form: Form, data: dict[str, Any]) -> None:
    """Refuse a frame that has no room for one measure of the size that is allowed; a frame of 0 lets nothing through."""
    for organ in _WITH_FRAME:
        one, whole = data.get(name_of(organ, "amount")), data.get(name_of(organ, "yearly_frame"))
        if one is not None and whole and one > whole:
            form.add_error(
                name_of(organ, "yearly_frame"),
                _("Årsrammen kan ikke være mindre enn grensen for ett tiltak."),
            )


def given_in(data: dict[str, Any]) -> dict[Organ, Given]:
    """Return the matrix that was written."""
    return {
        organ: {
            "amount": data.get(name_of(organ, "amount")),
            "yearly_frame": data.get(name_of(organ, "yearly_frame")),
            "operation_limit": data.get(name_of(organ, "operation_limit")),
            "categories": data[name_of(organ, "categories")],
            "decides_principle": data[name_of(organ, "decides_principle")],
            "conditions": data[name_of(organ, "conditions")].strip(),
        }
        for organ in Organ
    }
