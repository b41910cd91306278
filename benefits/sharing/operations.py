"""Tell of a finished benefit; nominate and vote for the enthusiast of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits.models import Award, Benefit, Nomination, Story, Vote
from benefits.models.benefit import CONCLUDED
from benefits.sharing import policies
from core.errors import Refused
from core.history import record
from core.seeing import lock
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person, Unit


def why_not_told(benefit: Benefit) -> str | None:
    """Return why nobody can tell of the benefit now, or ``None``."""
    if benefit.status not in CONCLUDED:
        return _("Historien skrives når gevinsten er avsluttet. Nå står den som «%(state)s».") % {
            "state": benefit.get_status_display()
        }
    if benefit.initiative.is_shielded:
        return _("Tiltaket er skjermet og kan ikke deles.")
    return None


def tell_story(benefit: Benefit, *, by: Actor, now: datetime, is_shared: bool, **texts: str) -> Story:
    """Publish the story of a finished benefit, or change what it says.

    :raises Http404: ``by`` cannot see the benefit.
    :raises TransitionDenied: ``by`` does not take it out.
    :raises Refused: it is not finished, or its initiative is shielded.
    """
    with transaction.atomic():
        rows = Benefit.objects.visible_to(by).select_for_update(of=("self",)).select_related("initiative")
        current: Benefit | None = rows.filter(pk=benefit.pk).first()
        if current is None:
            raise Http404
        if not policies.may_tell(by, current):
            raise TransitionDenied
        if reason := why_not_told(current):
            raise Refused(reason)
        story = Story.objects.filter(benefit=current).first()
        story = story or Story(
            benefit=current, municipality_id=current.initiative.municipality_id, published_at=now
        )
        for name, text in texts.items():
            setattr(story, name, text)
        story.is_shared = is_shared
        with record("tell_story", actor=by):
            story.stamp(now)
            story.save()
    return story


# --- The enthusiast of the year -----------------------------------------------------------------------
def open_award(municipality: Unit, *, by: Actor, now: datetime) -> Award:
    """Open this year's award of a municipality; opening it twice opens one.

    :raises TransitionDenied: ``by`` does not run it.
    """
    if not policies.may_run(by, municipality.pk):
        raise TransitionDenied
    year = timezone.localdate(now).year
    with transaction.atomic(), record("open_award", actor=by):
        award, _made = Award.objects.get_or_create(
            municipality=municipality, year=year, defaults={"opened_at": now, "changed_at": now}
        )
    return award


def _locked(award: Award, by: Actor) -> Award:
    """Return the award, locked, for somebody who takes part.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` is not employed there.
    """
    current = lock(award, by)
    if not policies.may_take_part(by, current.municipality_id):
        raise TransitionDenied
    return current


@transaction.atomic
def nominate(award: Award, *, nominee: Person, reason: str, by: Actor, now: datetime) -> Nomination:
    """Nominate somebody with a reason; nominating the same person again changes the reason.

    :raises Http404: ``by`` cannot see the award.
    :raises TransitionDenied: ``by`` is not employed there.
    :raises Refused: nobody is nominated any more, or it is oneself.
    """
    current = _locked(award, by)
    if not current.is_nominating:
        raise Refused(_("Nomineringen er avsluttet."))
    if nominee.pk == by.person_id:
        raise Refused(_("Du kan ikke nominere deg selv. Be en kollega."))
    with record("nominate", actor=by):
        made, _new = Nomination.objects.update_or_create(
            award=current, nominee=nominee, nominated_by_id=cast("int", by.person_id),
            defaults={"reason": reason, "changed_at": now},
        )  # fmt: skip
    return made


@transaction.atomic
def vote(award: Award, *, nominee_id: int, by: Actor) -> None:
    """Give the one vote of ``by`` to somebody nominated; voting again moves it.

    :raises Http404: ``by`` cannot see the award, or nobody like that is nominated.
    :raises TransitionDenied: ``by`` is not employed there.
    :raises Refused: there is no vote now, or it is for oneself.
    """
    current = _locked(award, by)
    if not current.nominations.filter(nominee_id=nominee_id).exists():
        raise Http404
    if not current.is_voting:
        raise Refused(_("Det er ingen avstemning nå."))
    if nominee_id == by.person_id:
        raise Refused(_("Du kan ikke stemme på deg selv."))
    Vote.objects.update_or_create(award=current, voter_id=by.person_id, defaults={"nominee_id": nominee_id})


def result_of(award: Award) -> list[tuple[int, int]]:
    """Return nominee and votes, most first, once it is announced; before that nobody is told anything."""
    if not award.is_announced:
        return []
    counted = award.votes.values("nominee_id").annotate(count=Count("pk")).order_by("-count", "nominee_id")
    return [(row["nominee_id"], row["count"]) for row in counted]
