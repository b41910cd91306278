"""Begin and end a subscription: a person's own choice, of an area at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.errors import Refused
from organization.actors import as_person
from organization.models import Unit
from portfolio.models import ReportSubscription

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor


def areas_at_home(actor: Actor) -> QuerySet[Unit]:
    """Return the areas whose published reports the actor reads."""
    rows: QuerySet[Unit] = Unit.objects.visible_to(actor).exclude(kind=Unit.Kind.DEPARTMENT)
    return rows.order_by("path")


@transaction.atomic
def subscribe(area: Unit, how_often: str, *, by: Actor, now: datetime) -> ReportSubscription:
    """Send ``by`` the reports of an area from now on; who has it already gets it so often instead.

    :raises Http404: the area is not of the own municipality.
    :raises Refused: there is no address to write to.
    """
    if not Unit.objects.visible_to(by).filter(pk=area.pk).exists():
        raise Http404
    person = as_person(by).person
    if not person.email:
        raise Refused(_("Du har ingen e-postadresse i Stafett. Be administratoren i kommunen legge den inn."))
    subscription, _made = ReportSubscription.objects.update_or_create(
        person=person, area=area, defaults={"how_often": how_often}, create_defaults={"how_often": how_often, "created_at": now}
    )  # fmt: skip
    return subscription


def unsubscribe(area: Unit, *, by: Actor) -> bool:
    """End the own subscription of an area, and tell whether there was one."""
    own = ReportSubscription.objects.filter(person_id=as_person(by).person_id, area=area)
    return bool(own.delete()[0])
