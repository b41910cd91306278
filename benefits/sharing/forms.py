"""What is asked of who tells a story, and of who nominates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import FilterForm, Form, offer_rows
from deviations.forms.lifts import refuse_personal_data
from organization.forms import PersonField, people_of

if TYPE_CHECKING:
    from benefits.models import Benefit
    from organization.actors import PersonActor

_TEXTS = ("title", "did", "gave", "differently")


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1500, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4})
    )


class StoryForm(Form):
    """A short story that others can use.  It names nobody."""

    title = forms.CharField(label=gettext_lazy("Overskrift"), max_length=200)
    did = _text(gettext_lazy("Hva gjorde dere?"))
    gave = _text(gettext_lazy("Hva ga det?"), gettext_lazy("Gjerne med tall: fra hva, til hva."))
    differently = _text(gettext_lazy("Hva ville dere gjort annerledes?"))
    is_shared = forms.BooleanField(
        label=gettext_lazy("Del med alle kommunene i løsningen"), required=False,
        help_text=gettext_lazy("Ellers ser bare egen kommune den. Dere kan ta den ned når som helst."),
    )  # fmt: skip

    def __init__(self, *args: Any, benefit: Benefit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.benefit = benefit

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for field in _TEXTS:
            self._check(field, data.get(field, ""))
        return data

    def _check(self, field: str, text: str) -> None:
        """Refuse what names somebody: people of the plan, and what looks like a number or an address of one."""
        try:
            refuse_personal_data(text)
        except ValidationError as problem:
            self.add_error(field, problem)
        said = next((name for name in self._people if name.casefold() in text.casefold()), None)
        if said is not None:
            self.add_error(
                field, _("Teksten nevner «%(name)s». Skriv rollen i stedet for navnet.") % {"name": said}
            )

    @cached_property
    def _people(self) -> list[str]:
        """Return who the plan names, and whose names do not travel with the story."""
        benefit, initiative = self.benefit, self.benefit.initiative
        people = [
            benefit.service_owner, initiative.service_owner, initiative.project_owner, initiative.submitter,
            *(row.measured_by for one in benefit.indicators.all() for row in one.measurements.all()),
        ]  # fmt: skip
        return list({person.name for person in people if person is not None})


class StoryFilter(FilterForm):
    q = forms.CharField(label=gettext_lazy("Søk"), max_length=100, required=False)

    @property
    def text(self) -> str:
        self.is_valid()
        found: str = self.cleaned_data.get("q", "")
        return found.replace("\0", " ").strip()


class NominationForm(Form):
    nominee = PersonField(
        label=gettext_lazy("Hvem nominerer du?"),
        help_text=gettext_lazy("En kollega i kommunen. Skriv en del av navnet."),
    )
    reason = _text(
        gettext_lazy("Hvorfor?"),
        gettext_lazy("Hva har personen fått til, og for hvem? Alle i kommunen kan lese det."),
    )

    def __init__(self, *args: Any, municipality_id: int, actor: PersonActor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(frozenset({municipality_id})).exclude(pk=actor.person_id)
        offer_rows(self, "nominee", people)
