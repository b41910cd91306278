"""A name for the filters in use, whom to share them with, and whether the list opens with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.forms import Form, offer_choices
from organization.models import SavedView, Unit
from organization.operations import saved_views
from organization.operations.saved_views import ViewInput
from organization.policies import shares_views_with
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from organization.actors import PersonActor

ONLY_ME = ""


class SavedViewForm(Form):
    """``view`` is the one to change, or nothing for a new one of ``list_name`` with ``query``."""

    name = forms.CharField(label=gettext_lazy("Navn på visningen"), max_length=60)
    shared_with = forms.ChoiceField(label=gettext_lazy("Hvem skal se den?"), required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Bare for rollen"), required=False, choices=[("", gettext_lazy("Alle roller")), *Role.choices],
        help_text=gettext_lazy("Gjelder når du deler visningen."),
    )  # fmt: skip
    is_start = forms.BooleanField(label=gettext_lazy("Åpne lista med denne visningen"), required=False)

    def __init__(self, *args: Any, actor: PersonActor, view: SavedView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.view = actor, view
        self.units = {str(unit.pk): unit for unit in _shared_with_by(actor)}
        if view is not None and view.owner_id != actor.person_id:
            for name in ("name", "shared_with", "role"):
                del self.fields[name]
        elif self.units:
            shared = [(pk, _("Alle i %(unit)s og under") % {"unit": unit}) for pk, unit in self.units.items()]
            offer_choices(self, "shared_with", [(ONLY_ME, _("Bare jeg")), *shared])
        else:
            del self.fields["shared_with"], self.fields["role"]

    def _given(self) -> ViewInput:
        unit = self.units.get(self.cleaned_data.get("shared_with", ONLY_ME))
        role = self.cleaned_data.get("role", "") if unit else ""
        return ViewInput(name=self.cleaned_data["name"], unit=unit, role=role)

    def save_new(self, *, list_name: str, query: str, now: datetime) -> bool:
        """Save the filters under the name; tell whether it was done."""
        if not self.is_valid():
            return False
        return self._tried(
            lambda: saved_views.save_view(
                self._given(), list_name=list_name, query=query, by=self.actor, now=now
            )
        )

    def save_changes(self) -> bool:
        """Save what was changed of the view; tell whether it was done."""
        if not self.is_valid():
            return False
        return self._tried(self._change)

    def _change(self) -> SavedView:
        assert self.view is not None
        if "name" in self.fields:
            saved_views.edit_view(self.view, self._given(), by=self.actor)
        return self.view

    def _tried(self, deed: Any) -> bool:
        try:
            with transaction.atomic():
                self.view = deed()
                saved_views.start_with(self.view, self.cleaned_data["is_start"], by=self.actor)
        except Refused as refused:
            self.add_error(None, [str(reason) for reason in refused.reasons])
        except IntegrityError:
            self.add_error("name", _("Du har alt en visning med dette navnet. Velg et annet."))
        return not self.errors


class ReplaceForm(Form):
    """Which of the own views shall stand for the filters in use, with the mark of those it stands for now."""

    view = forms.ChoiceField(label=gettext_lazy("Hvilken visning?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: PersonActor, list_name: str, query: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.query = actor, query
        rows = SavedView.objects.filter(owner_id=actor.person_id, list=list_name).kept().exclude(query=query)
        self.views = {str(view.pk): view for view in rows.select_related("unit").order_by("name", "pk")}
        choices = [(f"{pk}:{saved_views.mark_of(view)}", _shared(view)) for pk, view in self.views.items()]
        offer_choices(self, "view", choices)
        if len(choices) == 1:
            self.fields["view"].initial = choices[0][0]

    @property
    def is_stale(self) -> bool:
        """Whether what was chosen is still there, but stands for other filters than when it was shown."""
        pk, _colon, seen = self.data.get("view", "").partition(":")
        return pk in self.views and saved_views.mark_of(self.views[pk]) != seen

    def replace(self) -> SavedView:
        """Replace the filters of the view that was chosen.

        :raises StaleVersion: somebody was quicker.
        """
        pk, _colon, seen = self.cleaned_data["view"].partition(":")
        saved_views.replace_filters(self.views[pk], self.query, seen=seen, by=self.actor)
        return self.views[pk]


def _shared(view: SavedView) -> str:
    return (
        _("%(name)s (delt med %(unit)s)") % {"name": view.name, "unit": view.unit} if view.unit else view.name
    )


def _shared_with_by(actor: PersonActor) -> list[Unit]:
    ids = shares_views_with(actor)
    return list(Unit.objects.filter(pk__in=ids).order_by("path")) if ids else []
