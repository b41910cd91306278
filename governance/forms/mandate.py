"""The form of a new version of the council's mandate, which begins from the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateField, Form, IntegerField, RadioCards, offer_choices
from governance.forms.delegation import add_fields, check_frames, given_in, initial_of, organ_groups
from governance.forms.rules import days_field
from governance.mandates import floor_problem
from governance.models import CouncilMandate
from governance.models.mandate import (
    HEARD,
    QUORUMS,
    DoubtRule,
    ImpartialityLaw,
    Majority,
    Occasion,
    default_submitting_roles,
)
from organization.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.rules_operations import Settled

MOST_FIELDS, LONGEST_FIELD = 30, 120


def heard_field(label: StrOrPromise, *, help_text: StrOrPromise = "") -> forms.MultipleChoiceField:
    roles = [(role.value, role.label) for role in HEARD]
    return forms.MultipleChoiceField(
        label=label, choices=roles, widget=CheckboxList(), required=False, help_text=help_text
    )


class MandateForm(Form):
    """A new version of the council's mandate."""

    version = forms.CharField(
        label=gettext_lazy("Versjon"), max_length=20, help_text=gettext_lazy("For eksempel «2» eller «2027».")
    )
    adopted_by = forms.CharField(
        label=gettext_lazy("Vedtatt av"), max_length=200, required=False,
        help_text=gettext_lazy("Organ og saksnummer, for eksempel «Kommunedirektøren, sak 14/26»."),
    )  # fmt: skip
    valid_from = DateField(
        label=gettext_lazy("Gjelder fra"),
        help_text=gettext_lazy("Forrige versjon slutter å gjelde samme dag. Møter fra da av følger den nye."),
    )  # fmt: skip
    quorum = forms.ChoiceField(
        label=gettext_lazy("Hvor mange må være til stede for å vedta?"), choices=[(f"{part}/{whole}", words) for (part, whole), words in QUORUMS.items()], widget=forms.RadioSelect,
        initial="1/2",
    )  # fmt: skip
    majority = forms.ChoiceField(
        label=gettext_lazy("Hva er flertall?"), choices=Majority.choices, initial=Majority.VOTES,
        widget=RadioCards(descriptions={
            Majority.VOTES: gettext_lazy("Flere for enn mot. Blanke stemmer teller ikke."),
            Majority.PRESENT: gettext_lazy("Mer enn halvparten av dem som er til stede. Blanke stemmer teller som mot."),
        }),
    )  # fmt: skip
    must_vote = forms.BooleanField(
        label=gettext_lazy("De som er til stede, må stemme"), required=False, initial=True
    )
    allows_blank = forms.BooleanField(
        label=gettext_lazy("Det er lov å stemme blankt"), required=False, initial=True
    )
    has_casting_vote = forms.BooleanField(
        label=gettext_lazy("Møteleder har dobbeltstemme ved stemmelikhet"), required=False, initial=True
    )
    law = forms.ChoiceField(
        label=gettext_lazy("Hvilke regler om habilitet følger rådet?"), choices=ImpartialityLaw.choices,
        widget=forms.RadioSelect, initial=ImpartialityLaw.FVL_1967,
    )  # fmt: skip
    doubt_rule = forms.ChoiceField(
        label=gettext_lazy("Når så mange er i tvil om habiliteten at resten ikke er vedtaksført"), choices=DoubtRule.choices,
        initial=DoubtRule.ALL,
        widget=RadioCards(descriptions={
            DoubtRule.ALL: gettext_lazy("Slik forvaltningsloven 1967 § 8 andre ledd har det."),
            DoubtRule.WAIT: gettext_lazy("Strengere enn loven. Saken kan ikke avgjøres før noen har møtt som vara."),
        }),
    )  # fmt: skip
    submitting_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem kan melde inn tiltak?"), widget=CheckboxList(), initial=default_submitting_roles,
        help_text=gettext_lazy("En faggruppes ansvarlige kan alltid melde inn på vegne av gruppa."),
        error_messages={"required": gettext_lazy("Velg minst én rolle. Ellers kan ingen melde inn tiltak.")},
    )  # fmt: skip
    may_lift_without_endorsement = forms.BooleanField(
        label=gettext_lazy("Sekretariatet kan løfte saker uten tilråding"), required=False, initial=True
    )
    endorsement_days = days_field(gettext_lazy("Frist for sektorleders tilråding"))
    hearing_days = days_field(gettext_lazy("Frist for høring"))
    heard_always = heard_field(gettext_lazy("Hvem skal høres i alle saker?"))
    heard_staff = heard_field(
        gettext_lazy("Hvem skal høres når ansatte berøres?"),
        help_text=gettext_lazy(
            "Tillitsvalgt og verneombud høres alltid (hovedavtalen og arbeidsmiljøloven kapittel 4)."
        ),
    )
    heard_personal_data = heard_field(
        gettext_lazy("Hvem skal høres når det behandles personopplysninger?"),
        help_text=gettext_lazy("Personvernombudet høres alltid (personvernforordningen artikkel 38)."),
    )
    heard_budget = heard_field(
        gettext_lazy("Hvem skal høres når saken trenger budsjett?"),
        help_text=gettext_lazy("I en regional sak spørres økonomisjefen i hver kommune som er med."),
    )
    answer_required = heard_field(
        gettext_lazy("Hvem må ha svart før saken er klar for rådet?"),
        help_text=gettext_lazy("For de andre er det nok å notere at fristen gikk ut."),
    )
    papers_days = days_field(gettext_lazy("Papirene sendes ut før møtet"), most=60)
    covered_fields = forms.CharField(
        label=gettext_lazy("Fagfelt som skal ha et medlem"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=gettext_lazy("Ett på hver linje, skrevet som på rollen."),
    )  # fmt: skip
    term_notice_days = IntegerField(
        label=gettext_lazy("Varsle når en periode i rådet går ut om så lenge"), min_value=1, max_value=365,
        suffix=gettext_lazy("dager"),
    )  # fmt: skip
    cases_per_position = IntegerField(
        label=gettext_lazy("Saker en koordinator i hel stilling kan utrede samtidig"), min_value=1, max_value=500,
        suffix=gettext_lazy("saker"),
    )  # fmt: skip

    counted_years = IntegerField(
        label=gettext_lazy("År med drift som regnes med"), min_value=0, max_value=20, suffix=gettext_lazy("år"),
        help_text=gettext_lazy("Hele kostnaden med drift i så mange år måles mot beløpene i fullmaktene."),
    )  # fmt: skip

    GROUPS: ClassVar[tuple[tuple[StrOrPromise, tuple[str, ...]], ...]] = (
        (gettext_lazy("Versjonen"), ("version", "adopted_by", "valid_from")),
        (
            gettext_lazy("Møte og votering"),
            ("quorum", "majority", "must_vote", "allows_blank", "has_casting_vote", "papers_days"),
        ),
        (gettext_lazy("Habilitet"), ("law", "doubt_rule")),
        (
            gettext_lazy("Saker til rådet"),
            ("submitting_roles", "endorsement_days", "may_lift_without_endorsement"),
        ),
        (gettext_lazy("Høring"), ("hearing_days", *(f"heard_{one}" for one in Occasion), "answer_required")),
        (
            gettext_lazy("Rådet og sekretariatet"),
            ("covered_fields", "term_notice_days", "cases_per_position"),
        ),
        (gettext_lazy("Fullmakter"), ("counted_years",)),
    )
    PLAIN: ClassVar[tuple[str, ...]] = (
        "adopted_by", "valid_from", "majority", "must_vote", "allows_blank", "has_casting_vote", "law", "doubt_rule",
        "submitting_roles", "may_lift_without_endorsement", "papers_days", "covered_fields", "term_notice_days",
        "cases_per_position", "counted_years", "endorsement_days", "hearing_days",
        *(f"heard_{one}" for one in Occasion), "answer_required",
    )  # fmt: skip

    def __init__(
        self, *args: Any, municipality_id: int, latest: CouncilMandate | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", self._initial(latest or CouncilMandate()) | initial_of(latest))
        super().__init__(*args, **kwargs)
        add_fields(self)
        self.municipality_id = municipality_id
        roles = [role for role in Role if Permission.RAISE_INITIATIVE in PERMISSIONS[role]]
        offer_choices(self, "submitting_roles", [(role.value, role.label) for role in roles])

    @classmethod
    def _initial(cls, latest: CouncilMandate) -> dict[str, Any]:
        """Return what the version before says, so that only what is new is written."""
        kept = {name: getattr(latest, name) for name in cls.PLAIN if name not in {"adopted_by", "valid_from"}}
        kept |= {f"heard_{one}": latest.heard_on(one) for one in Occasion}
        quorum = f"{latest.quorum_numerator}/{latest.quorum_denominator}"
        return {**kept, "quorum": quorum, "covered_fields": "\n".join(latest.covered_fields)}

    def clean_version(self) -> str:
        version = self.cleaned_data["version"].strip()
        if CouncilMandate.objects.filter(municipality_id=self.municipality_id, version=version).exists():
            raise ValidationError(_("Versjonen finnes alt. Velg et annet navn."))
        return version

    def clean_covered_fields(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["covered_fields"].splitlines()]
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_FIELDS:
            raise ValidationError(_("Skriv høyst %(most)s fagfelt.") % {"most": MOST_FIELDS})
        if any(len(name) > LONGEST_FIELD for name in names):
            raise ValidationError(_("Et fagfelt kan ha høyst %(most)s tegn.") % {"most": LONGEST_FIELD})
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in Occasion:
            if problem := floor_problem(one, data.get(f"heard_{one}", ())):
                self.add_error(f"heard_{one}", problem)
        check_frames(self, data)
        return data

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[Any]]]:
        """Return the fields under their headings, those of each organ's delegation last."""
        headings = (*self.GROUPS, *organ_groups())
        return [(title, [self[name] for name in names]) for title, names in headings]

    @property
    def settled(self) -> Settled:
        """Return what was written, as the operation wants it."""
        data = self.cleaned_data
        numerator, denominator = data["quorum"].split("/")
        settled: Any = {name: data[name] for name in (*self.PLAIN, "version")}
        settled["quorum"] = (int(numerator), int(denominator))
        settled["delegations"] = given_in(data)
        return cast("Settled", settled)
