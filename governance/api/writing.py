"""Drafts written through the API: the same forms and operations as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.api.bodies import Error, Filling, error, object_of, pointer_to, refuse, unknown
from core.api.kinds import properties_of
from core.api.schema import FormBody
from core.workflow import TransitionDenied
from governance import operations, policies
from governance.drafting import ground_of
from governance.forms.intake import (
    AboutForm,
    AssessmentsForm,
    CostsForm,
    NullAlternativeForm,
    ResponsibilityForm,
    ShieldingForm,
    StartForm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from governance.models import Initiative
    from organization.actors import PersonActor

SECTIONS = (AboutForm, ShieldingForm, CostsForm, ResponsibilityForm, AssessmentsForm, NullAlternativeForm)
INVESTMENTS, _INVESTMENT = "investments", "investment_"

# What no declared form field describes: the fields that CostsForm makes for each year, and the
# participants that AboutForm asks for where the initiative belongs to a region.
_MORE = {
    INVESTMENTS: {
        "type": "array",
        "maxItems": 50,
        "title": gettext_lazy("Investering per år"),
        "description": gettext_lazy("Hele lista: et år som ikke er med, blir tomt."),
        "items": {
            "type": "object",
            "required": ["year", "amount"],
            "additionalProperties": False,
            "properties": {
                "year": {"type": "integer"},
                "amount": {"type": "string", "format": "decimal", "pattern": r"^-?\d{1,30}(\.\d{1,2})?$"},
            },
        },
    },
    **properties_of({"participants": StartForm.base_fields["participants"]}),
}
CREATE = FormBody("NewInitiative", (StartForm, *SECTIONS), more=_MORE)
CHANGE = FormBody("InitiativeChange", SECTIONS, more=_MORE)


def create(body: Any, *, by: PersonActor, now: datetime) -> Initiative:
    """Begin a draft with what was sent.

    :raises TransitionDenied: ``by`` may not raise initiatives anywhere.
    :raises ApiProblem: something that was sent is wrong; then nothing is made.
    """
    ground = ground_of(by, timezone.localdate(now))
    if ground.is_empty:
        raise TransitionDenied
    sent = object_of(body)
    start = Filling(
        lambda data: StartForm(
            data, units=ground.units, participants=ground.participants, groups=ground.groups
        )
    )
    for key in sent.keys() & start.names.keys():
        start.put(key, sent[key])
    refuse(start.errors())
    rest = {key: value for key, value in sent.items() if key not in start.names}
    chosen = start.form.cleaned_data
    with transaction.atomic():
        initiative = operations.create_initiative(
            title=chosen["title"], unit=chosen["unit"], participants=list(chosen.get("participants") or []),
            professional_group=chosen.get("professional_group"), by=by, now=now,
        )  # fmt: skip
        return _save(initiative, rest, by=by, now=now) if rest else initiative


def change(initiative: Initiative, body: Any, *, by: PersonActor, now: datetime) -> Initiative:
    """Save what was sent of a draft or a returned case; all of it, or nothing.

    :raises TransitionDenied: ``by`` may not edit it, or it is no longer open for editing.
    :raises ApiProblem: something that was sent is wrong.
    """
    if not initiative.is_editable_by_submitter or not policies.may_edit(by, initiative):
        raise TransitionDenied
    with transaction.atomic():
        return _save(initiative, object_of(body), by=by, now=now)


def _save(initiative: Initiative, sent: Mapping[str, Any], *, by: PersonActor, now: datetime) -> Initiative:
    fillings = [_section(form, initiative, by) for form in SECTIONS]
    known = {key for filling in fillings for key in filling.names if not key.startswith(_INVESTMENT)}
    errors = unknown(sent, {*known, INVESTMENTS})
    touched = []
    for filling in fillings:
        keys = [key for key in sent if key in filling.names and key in known]
        for key in keys:
            filling.put(key, sent[key])
        invests = INVESTMENTS in sent and isinstance(filling.form, CostsForm)
        if invests:
            errors += _invest(filling, sent[INVESTMENTS])
        if keys or invests:
            touched.append(filling)
            errors += filling.errors()
    refuse(errors)
    for filling in touched:
        initiative = operations.save_section(filling.form, version=None, by=by, now=now)
    return initiative


def _section(form: Any, initiative: Initiative, by: PersonActor) -> Filling:
    return Filling(lambda data: form(data, instance=initiative, actor=by), partial=True)


def _invest(filling: Filling, value: Any) -> list[Error]:
    """Fill the yearly fields of the form with the whole list; a year that is left out becomes empty."""
    years = {
        int(name.removeprefix(_INVESTMENT)): name
        for name in filling.form.fields
        if name.startswith(_INVESTMENT)
    }
    if not isinstance(value, list):
        return [error(pointer_to(INVESTMENTS), _("Skal være en liste."))]
    for name in years.values():
        filling.data[name] = ""
    errors, seen = [], set()
    for index, line in enumerate(value[:100]):
        here = pointer_to(INVESTMENTS, index)
        if not isinstance(line, dict) or set(line) != {"year", "amount"}:
            errors.append(error(here, _("Skal være et objekt med «year» og «amount».")))
        elif type(line["year"]) is not int or line["year"] not in years or line["year"] in seen:
            detail = _("Velg hvert år én gang, blant disse: %(years)s.") % {
                "years": ", ".join(map(str, years))
            }
            errors.append(error(f"{here}/year", detail))
        else:
            seen.add(line["year"])
            filling.put_field(years[line["year"]], line["amount"], f"{here}/amount")
    return errors
