"""Keep a list as somebody likes to see it, share it, and let it go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from organization import policies
from organization.models import Person, SavedView, StartView

if TYPE_CHECKING:
    from datetime import datetime

    from organization.actors import PersonActor
    from organization.models import Unit

MOST_VIEWS = 20
"""So many views of one list a person can have."""
KEPT_AFTER_REMOVAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ViewInput:
    """``unit`` is whom it is shared with (nobody when ``None``), ``role`` narrows that to one role."""

    name: str
    unit: Unit | None = None
    role: str = ""


def save_view(given: ViewInput, *, list_name: str, query: str, by: PersonActor, now: datetime) -> SavedView:
    """Keep ``query`` under a name.

    :raises Refused: the person has as many views of the list as one can have.
    """
    _check_sharing(given, by)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        own = SavedView.objects.filter(owner_id=by.person_id)
        own.filter(removed_at__lt=now - KEPT_AFTER_REMOVAL).delete()
        _check_count(own.kept().filter(list=list_name).count())
        return SavedView.objects.create(
            owner_id=by.person_id,
            list=list_name,
            query=query,
            name=given.name,
            unit=given.unit,
            role=given.role,
        )


def edit_view(view: SavedView, given: ViewInput, *, by: PersonActor) -> None:
    """Rename a view and choose whom it is shared with."""
    _require_owner(view, by)
    _check_sharing(given, by)
    view.name, view.unit, view.role = given.name, given.unit, given.role
    view.save(update_fields=["name", "unit", "role"])


def replace_filters(view: SavedView, query: str, *, seen: str, by: PersonActor) -> None:
    """Let a view stand for other filters, for all who use it.

    :param seen: the mark of the filters that stood when ``by`` chose to replace them.
    :raises StaleVersion: it stands for others by now, or was taken away.
    """
    with transaction.atomic():
        held = SavedView.objects.select_for_update().get(pk=view.pk)
        _require_owner(held, by)
        if held.removed_at or mark_of(held) != seen:
            raise StaleVersion
        held.query = query
        held.save(update_fields=["query"])


def mark_of(view: SavedView) -> str:
    """Return a short mark of the filters a view stands for: another as soon as they are replaced."""
    return hashlib.sha256(view.query.encode()).hexdigest()[:16]


def remove_view(view: SavedView, *, by: PersonActor, now: datetime) -> None:
    """Take a view away; nobody's list opens with it any more."""
    _require_owner(view, by)
    with transaction.atomic():
        StartView.objects.filter(view=view).delete()
        view.removed_at = now
        view.save(update_fields=["removed_at"])


def restore_view(view: SavedView, *, by: PersonActor) -> None:
    """Bring back a view that was taken away.

    :raises Refused: another one has its name by now, or there are too many.
    """
    _require_owner(view, by)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        others = SavedView.objects.filter(owner_id=by.person_id, list=view.list).kept()
        _check_count(others.count())
        if others.filter(name=view.name).exists():
            raise Refused(_("Du har laget en ny visning med samme navn. Gi den et annet navn først."))
        view.removed_at = None
        view.save(update_fields=["removed_at"])


def start_with(view: SavedView, wanted: bool, *, by: PersonActor) -> None:
    """Let the list open with ``view`` for this person, or no longer."""
    mine = StartView.objects.filter(person_id=by.person_id)
    if wanted:
        mine.update_or_create(person_id=by.person_id, list=view.list, defaults={"view": view})
    else:
        mine.filter(view=view).delete()


def _check_count(held: int) -> None:
    if held >= MOST_VIEWS:
        raise Refused(
            _("Du har %(count)s lagrede visninger av denne lista, som er det meste. Slett en du ikke bruker.")
            % {"count": MOST_VIEWS}
        )


def _check_sharing(given: ViewInput, by: PersonActor) -> None:
    if given.unit is not None and not policies.may_share_view(by, given.unit):
        raise TransitionDenied


def _require_owner(view: SavedView, by: PersonActor) -> None:
    if not policies.may_edit_view(by, view):
        raise TransitionDenied
