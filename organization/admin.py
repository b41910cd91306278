"""The organisation in Django's administration, for those who run the installation.

Only superusers come in.  Here the first municipality, its first person and that person's role as
administrator are made; from then on the municipality manages itself in ``/organisasjon/``.
Nothing is deleted, and every change stands in the history as the operator's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import record
from organization import operations
from organization.actors import person_actor
from organization.models import Person, RoleAssignment, Unit

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from organization.actors import PersonActor

    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin

LEGAL = [(kind.value, kind.label) for kind in (Unit.Kind.REGION, Unit.Kind.MUNICIPALITY)]


def _operator(request: HttpRequest) -> PersonActor:
    return person_actor(request.user)  # type: ignore[arg-type]


class OperatorAdmin(_Admin):
    """For superusers only, never deletes, and records who did it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.stamp(timezone.now())
        with record("operate", actor=_operator(request)):
            super().save_model(request, obj, form, change)


@admin.register(Person)
class PersonAdmin(OperatorAdmin):
    """People.  Nobody sets a password for another: the action makes a link."""

    list_display = ("name", "username", "email", "is_active", "is_staff", "is_superuser")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("name", "username", "email")
    ordering = ("name",)
    fields = (
        "username", "name", "email", "phone", "title", "employee_number", "is_active", "is_staff", "is_superuser",
    )  # fmt: skip
    actions = ("make_password_link",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Lag lenke for å velge passord"))
    def make_password_link(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Show a link for each person chosen; it works once."""
        for person in queryset[:20]:
            path = operations.add_password_link(person, by=_operator(request), now=timezone.now())
            words = {"name": person.name, "link": request.build_absolute_uri(path)}
            self.message_user(request, _("%(name)s: %(link)s") % words, messages.WARNING)


class LegalEntityForm(forms.ModelForm):
    """A new region or municipality.  Everything below it is made by its own administrator."""

    kind = forms.ChoiceField(label=gettext_lazy("Nivå"), choices=LEGAL)
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Del av regionen"),
        queryset=Unit.objects.filter(kind=Unit.Kind.REGION),
        required=False,
    )

    class Meta:
        model = Unit
        fields = ("name", "short_name", "kind", "code", "orgnr")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind"):
            try:
                operations.check_kind(Unit(kind=data["kind"]), data.get("parent"))
            except Refused as refused:
                raise ValidationError([str(reason) for reason in refused.reasons]) from refused
        return data


@admin.register(Unit)
class UnitAdmin(OperatorAdmin):
    """The tree to look at, and a door for a new region or municipality."""

    list_display = ("indented", "kind", "code", "municipality", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("municipality",)
    search_fields = ("name", "code")
    ordering = ("path",)
    form = LegalEntityForm
    fields = ("name", "short_name", "kind", "code", "orgnr", "parent")

    @admin.display(description=gettext_lazy("Enhet"))
    def indented(self, unit: Unit) -> str:
        return f"{'– ' * (unit.depth - 1)}{unit.name}"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else [name for name in self.fields if name != "parent"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        with record("operate", actor=_operator(request)):
            operations.insert_unit(obj, data["parent"], now=timezone.now())


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(OperatorAdmin):
    """Roles: given here to a municipality's first administrator, and corrected when nobody else can."""

    list_display = ("person", "role", "unit", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("person", "unit")
    search_fields = ("person__name", "person__username", "unit__name")
    ordering = ("-valid_from", "-pk")
    raw_id_fields = ("person", "unit", "stand_in_for")
    fields = (
        "person", "role", "unit", "valid_from", "valid_to", "is_main", "is_leading", "stand_in_for",
        "allocated_percentage", "field", "competence",
    )  # fmt: skip
