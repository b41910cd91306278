"""Who must be heard on a case, and whose answer is waited for: the mandate in force settles both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.formats import in_sentence, local_day
from governance.mandates import mandate_today
from governance.models import Hearing, Participation
from governance.models.mandate import Occasion
from organization.models import Unit
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from governance.models import Initiative

OF_EACH_MUNICIPALITY = frozenset({Role.CHIEF_OF_FINANCE.value})
"""Roles that answer for their own municipality only: one for each that takes part."""


def occasions_of(initiative: Initiative) -> list[Occasion]:
    """Return what about the case makes the mandate ask for hearings."""
    applies = {
        Occasion.ALWAYS: True,
        Occasion.STAFF: initiative.affects_staff == "yes",
        Occasion.PERSONAL_DATA: initiative.personal_data == "yes",
        Occasion.BUDGET: initiative.needs_budget,
    }
    return [occasion for occasion, is_so in applies.items() if is_so]


def roles_to_hear(initiative: Initiative) -> list[Role]:
    """Return the roles that the mandate of today says shall be heard on the case."""
    mandate = mandate_today(initiative.municipality)
    found = [role for occasion in occasions_of(initiative) for role in mandate.heard_on(occasion)]
    return [Role(role) for role in dict.fromkeys(found)]


def participants_of(initiative: Initiative) -> list[Unit]:
    """Return the municipalities that take part in a regional case, those that have stepped out left out."""
    if initiative.municipality.kind != Unit.Kind.REGION:  # nobody else can take part
        return []
    with_names = Prefetch(
        "participations", Participation.objects.select_related("municipality").order_by("pk")
    )
    prefetch_related_objects([initiative], with_names)  # read once, however many guards ask
    rows = initiative.participations.all()
    return [row.municipality for row in rows if row.left_at is None]


def not_asked(initiative: Initiative, occasion: Occasion) -> list[str]:
    """Return whom the mandate wants heard on that occasion, and nobody has asked, as people say it."""
    roles = mandate_today(initiative.municipality).heard_on(occasion)
    if not roles:
        return []
    asked = {(row.role, row.home_id) for row in initiative.hearings.all()}
    return [words for role in roles for words in _missing(initiative, role, asked)]


def _missing(initiative: Initiative, role: str, asked: set[tuple[str, int]]) -> list[str]:
    """Return where nobody is asked in a role, of those asked: nowhere, or in which municipalities."""
    if role in OF_EACH_MUNICIPALITY and (homes := participants_of(initiative)):
        return [_of(role, home) for home in homes if (role, home.pk) not in asked]
    return [] if role in {one for one, _home in asked} else [in_sentence(Role(role).label)]


def awaited(initiative: Initiative) -> list[Hearing]:
    """Return the hearings without an answer that somebody still owes one (``HearingQuerySet.with_awaited``)."""
    rows = list(initiative.hearings.all())
    if all(row.is_answered for row in rows):
        return []
    if not all(hasattr(row, "is_awaited") for row in rows):  # not loaded with it
        owed = set(initiative.hearings.awaited().values_list("pk", flat=True))
        return [row for row in rows if row.pk in owed]
    return [row for row in rows if row.is_awaited]


def answer_due(hearing: Hearing) -> date:
    """Return by when an answer is wanted: its own deadline, or that of the annual cycle where it is sooner.

    The cycle's counts for who was asked before it, and for a case that aims at a meeting of the cycle.
    """
    period = hearing.initiative.cycle_period
    if period is None or period.hearing_on < local_day(hearing.asked_at):
        return hearing.due_on
    return min(hearing.due_on, period.hearing_on)


def must_answer(hearing: Hearing) -> bool:
    """Tell whether the mandate of today is content with nothing but an answer."""
    return hearing.role in mandate_today(hearing.initiative.municipality).answer_required


def without_anybody(initiative: Initiative, roles: Iterable[Role]) -> list[str]:
    """Return which of the roles nobody was found in when they were asked this round, as people say it."""
    rows = Hearing.objects.filter(initiative=initiative, round=initiative.hearing_round)
    known = set(rows.values_list("role", "on_behalf_of"))
    return [words for role in roles for words in _missing(initiative, role, known)]


def names_of(initiative: Initiative, hearings: Iterable[Hearing]) -> str:
    """Return who was asked, by role and as within a sentence; in a regional case with the municipality each answers for."""
    homes = {home.pk: home for home in participants_of(initiative)}
    words = [
        _of(row.role, homes[row.home_id]) if row.home_id in homes else in_sentence(Role(row.role).label)
        for row in hearings
    ]
    return get_text_list(list(dict.fromkeys(words)), _("og"))


def answers_for(hearing: Hearing) -> str:
    """Return the municipality that the answer is for, in a role that somebody may hold for several; else nothing."""
    return str(hearing.on_behalf_of or "") if hearing.role in OF_EACH_MUNICIPALITY else ""


def _of(role: str, home: Unit) -> str:
    return _("%(role)s i %(municipality)s") % {"role": in_sentence(Role(role).label), "municipality": home}
