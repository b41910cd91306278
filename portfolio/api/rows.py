"""What the API shows of projects and their status reports."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api.rows import Derived, Row
from core.api.transitions import OfferedTransition
from organization.api.rows import PersonReference, UnitReference
from portfolio.models import Area, BudgetLine, Project, StatusReport


def _id(text: Any, *, source: str = "", null: bool = False) -> serializers.IntegerField:
    options: dict[str, Any] = {"source": source} if source else {}
    return serializers.IntegerField(help_text=text, allow_null=null, **options)


@lru_cache(maxsize=1)
def _page() -> str:
    return f"{settings.PUBLIC_URL}{reverse('portfolio:project_detail', args=[0])}"


def page_of(pk: int) -> str:
    return _page().replace("/0/", f"/{pk}/")


class ProjectReference(Row):
    """A project as it stands beside its id."""

    resource = "projects"
    about = _("Et prosjekt, slik det står ved siden av id-en.")

    class Meta:
        model = Project
        fields = ("id", "name", "phase", "status")


class ProjectRow(Row):
    """A project: who, where, and how far."""

    about = _("Et prosjekt i porteføljen.")

    number = serializers.CharField(source="initiative.number", help_text=_("Nummeret til tiltaket."))
    initiative_id = _id(_("Tiltaket prosjektet gjennomfører."))
    municipality_id = _id(_("Kommunen eller regionen som eier det."))
    unit_id = _id(_("Enheten."))
    owner_id = _id(_("Prosjekteieren."))
    manager_id = _id(_("Prosjektlederen."))
    programme_id = _id(_("Programmet det hører til, om det hører til noe."), null=True)
    parent_id = _id(_("Prosjektet det er en del av, om det er en del av noe."), null=True)
    status_since = serializers.DateTimeField(help_text=_("Når prosjektet kom dit det står nå."))
    version = serializers.IntegerField(help_text=_("Øker ved hver endring."))
    created_at = serializers.DateTimeField(help_text=_("Når det kom inn i porteføljen."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    page_url = Derived(
        ("id",), page_of, shown_as=serializers.URLField(help_text=_("Prosjektets side i Stafett."))
    )
    unit = UnitReference()
    municipality = UnitReference()
    owner = PersonReference()
    manager = PersonReference()

    class Meta:
        model = Project
        ref_name = "Project"
        fields = (
            "id", "number", "name", "kind", "phase", "status", "status_since", "initiative_id", "municipality_id", "unit_id",
            "owner_id", "manager_id", "programme_id", "parent_id", "starts_on", "ends_on", "paused_until", "version", "created_at", "changed_at", "page_url",
            "unit", "municipality", "owner", "manager",
        )  # fmt: skip


class ProjectRecord(ProjectRow):
    """One project, which can bring what may be done with it."""

    about = _("Ett prosjekt.")
    optional = frozenset({"available_transitions"})
    available_transitions = OfferedTransition(
        many=True, help_text=_("Med `?expand=available_transitions`: det du kan gjøre nå.")
    )

    class Meta:
        model = Project
        ref_name = "ProjectRecord"
        fields: ClassVar[Any] = (*ProjectRow.Meta.fields, "available_transitions")


_AREAS = tuple(name for area in Area for name in (area.value, f"{area.value}_text", f"{area.value}_trend"))


class StatusRow(Row):
    """A status report; drafts only to those who write them."""

    about = _("En statusrapport. Kladder er bare med for dem som skriver dem.")

    project_id = _id(_("Prosjektet."))
    municipality_id = _id(_("Kommunen eller regionen som eier det."), source="project.municipality_id")
    author_id = _id(_("Den som skrev den."))
    published_by_id = _id(_("Den som publiserte den."), null=True)
    published_at = serializers.DateTimeField(allow_null=True, help_text=_("Når den ble publisert."))
    version = serializers.IntegerField(help_text=_("Øker ved hver endring."))
    created_at = serializers.DateTimeField(help_text=_("Når kladden ble begynt."))
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    project = ProjectReference()
    author = PersonReference()

    class Meta:
        model = StatusReport
        ref_name = "StatusReport"
        fields = (
            "id", "project_id", "municipality_id", "status", "day", "summary", *_AREAS, "ends_on", "forecast_ends_on",
            "budget", "spent", "forecast", "author_id", "published_by_id", "published_at", "version", "created_at",
            "changed_at", "project", "author",
        )  # fmt: skip


class BudgetLineRow(Row):
    """What a project has and spends of one source in one year."""

    about = _("Budsjett, bundet, påløpt og prognose for ett år og én finansiering, i kroner.")

    project_id = _id(_("Prosjektet."))
    municipality_id = _id(_("Kommunen eller regionen som eier det."), source="project.municipality_id")
    changed_at = serializers.DateTimeField(help_text=_("Sist endret."))
    project = ProjectReference()

    class Meta:
        model = BudgetLine
        ref_name = "BudgetLine"
        fields = (
            "id", "project_id", "municipality_id", "year", "source", "budget", "committed", "spent", "forecast", "changed_at",
            "project",
        )  # fmt: skip
