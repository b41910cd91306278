"""Log-in by a provider: who it is, as the municipality knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from core.actors import System
from core.history import record
from organization.models import Person, RoleAssignment
from organization.operations.group_roles import follow_groups

if TYPE_CHECKING:
    from datetime import date, datetime

    from organization.log_in import Vouched


@transaction.atomic
def recognize(account: SocialAccount, vouched: Vouched, *, now: datetime) -> Person | None:
    """Return who logs in, or nobody where the municipality does not know them or they have left.

    The first time a person is known by the e-mail address that the provider vouches for, and from then on by what the
    provider always calls them.  An account is never made, and one that is linked is never linked anew by an address: that
    may have been given to somebody else.
    """
    person = account.user if account.pk else _known_by_email(vouched)
    if person is None or not _is_theirs(person, vouched, timezone.localdate(now)):
        return None
    if not account.pk:
        account.user = person
        account.save()
        person.stamp(now)
        with record("link_log_in", actor=System("log-in"), provider=vouched.provider.name):
            person.save(update_fields=["changed_at"])
    follow_groups(person, vouched, now=now)
    # Who had roles by groups alone, and is in none any more, has left.
    return person if _is_theirs(person, vouched, timezone.localdate(now)) else None


def _known_by_email(vouched: Vouched) -> Person | None:
    if not vouched.email:
        return None
    people = Person.objects.select_for_update().filter(email__iexact=vouched.email)
    linked = SocialAccount.objects.filter(provider=vouched.provider.key)
    return people.exclude(pk__in=linked.values("user_id")).first()


def _is_theirs(person: Person, vouched: Vouched, day: date) -> bool:
    """Tell whether the person works where the provider vouches for people, and nowhere else.

    A provider of one municipality shall open no other's cases, and never the installation.
    """
    if not person.is_active or person.is_staff or person.is_superuser:
        return False
    held = RoleAssignment.objects.filter(person=person)
    lasting = held.exclude(valid_to__lte=day)
    elsewhere = lasting.exclude(unit__municipality__orgnr__in=vouched.provider.municipalities)
    return held.in_force(day).exists() and not elsewhere.exists()
