"""Forms of programmes, and of where a project belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, offer_rows
from organization.forms import PersonField
from organization.forms.base import DeedForm, RowForm
from organization.forms.choices import choosable
from portfolio.models import Programme, Project
from portfolio.models.project import RUNNING
from portfolio.plan.forms import ProjectField
from portfolio.programme import operations
from portfolio.programme.queries import circle_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from organization.actors import PersonActor


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **options)


class ProgrammeForm(RowForm):
    checked_with = frozenset({"municipality"})

    purpose = _text(
        gettext_lazy("Hva skal programmet oppnå?"), help_text=gettext_lazy("Alle ansatte kan lese det."),
    )  # fmt: skip
    owner = PersonField(label=gettext_lazy("Programeier"), help_text=gettext_lazy("Skriv en del av navnet."))
    manager = PersonField(label=gettext_lazy("Programleder"))
    starts_on = DateField(label=gettext_lazy("Oppstart"), required=False)
    ends_on = DateField(label=gettext_lazy("Slutt"), required=False)

    class Meta:
        model = Programme
        fields = ("name", "purpose", "owner", "manager", "starts_on", "ends_on")
        labels: ClassVar[dict[str, Any]] = {"name": gettext_lazy("Navn på programmet")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = frozenset({self.instance.municipality_id})
        offer_rows(self, "owner", choosable(ids, self.instance.owner_id))
        offer_rows(self, "manager", choosable(ids, self.instance.manager_id))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cast("date | None", data.get("starts_on")), cast("date | None", data.get("ends_on"))
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Programmet kan ikke slutte før det begynner."))
        return data

    def perform(self, *, by: Actor, now: datetime) -> Programme:
        return operations.save_programme(self.edit, by=by, now=now)


class CloseForm(DeedForm):
    outcome = _text(
        gettext_lazy("Hva førte programmet til?"), help_text=gettext_lazy("Skriv det viktigste. Tallene står i gevinstene og i porteføljerapportene."),
    )  # fmt: skip

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def perform(self, *, by: Actor, now: datetime) -> Programme:
        return operations.close_programme(self.programme, by=by, now=now, **self.cleaned_data)


class PlaceForm(DeedForm):
    """Where a project belongs.  The version tells a second editor that somebody was first."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=gettext_lazy("Program"), required=False, empty_label=gettext_lazy("Ikke i noe program"),
        help_text=gettext_lazy("Programmer i kommunen og i regionen den er med i."),
    )  # fmt: skip
    parent = ProjectField(
        label=gettext_lazy("Del av prosjekt"), required=False, help_text=gettext_lazy("Skriv en del av navnet. La feltet stå tomt om prosjektet står for seg selv."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, actor: PersonActor, **kwargs: Any) -> None:
        here = {"programme": project.programme_id, "parent": project.parent, "version": project.version}
        super().__init__(*args, initial=here, **kwargs)
        self.project = project
        offer_rows(self, "programme", programmes_for(project, actor))
        parent = cast("ProjectField", self.fields["parent"])
        parent.queryset = parents_for(project, actor)
        parent.options_url = reverse("portfolio:parent_options", args=[project.pk])

    def _see_again(self) -> None:
        current = Project.objects.only("version").get(pk=self.project.pk)
        self.data = dict(self.data.items()) | {"version": current.version}

    def perform(self, *, by: Actor, now: datetime) -> Project:
        return operations.place_project(self.project, by=by, now=now, **self.cleaned_data)


def programmes_for(project: Project, actor: PersonActor) -> QuerySet[Programme]:
    """Return the programmes that the project can belong to, and the one that it does."""
    fit = Programme.objects.visible_to(actor).fit_for(project.municipality)
    return fit.filter(Q(closed_at=None) | Q(pk=project.programme_id)).order_by("name", "pk")


def parents_for(project: Project, actor: PersonActor) -> QuerySet[Project]:
    """Return the projects that it can be a part of, as far as the actor sees them, and the one it is a part of."""
    seen = Project.objects.visible_to(actor).exclude(pk=project.pk)
    circle = seen.filter(municipality_id__in=circle_of(project.municipality))
    fit = Q(status__in=RUNNING, parent=None) | Q(pk=project.parent_id)
    return circle.filter(fit).order_by("name", "pk")
