"""The secret address of somebody's calendar: issued, renewed, revoked, and whose it is."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy

from core.history import label_actions, record
from core.workflow import TransitionDenied
from governance.models import CalendarFeed
from organization.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

LONGEST = 100

label_actions({
    "issue_feed": gettext_lazy("Kalenderadresse laget"),
    "revoke_feed": gettext_lazy("Kalenderadresse trukket tilbake"),
})  # fmt: skip


def _digest(secret: str) -> str:
    """Return what is kept of a secret.  It is random and long, so that no slow digest is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(*, by: Actor, now: datetime) -> str:
    """Give the person a new secret, the only one that counts from now on; it is told here and nowhere else.

    :raises TransitionDenied: ``by`` is nobody's own.
    """
    if by.person_id is None:
        raise TransitionDenied
    secret = secrets.token_urlsafe(32)
    with record("issue_feed", actor=by):
        CalendarFeed.objects.update_or_create(
            person_id=by.person_id, defaults={"digest": _digest(secret), "issued_at": now, "changed_at": now}
        )
    return secret


@transaction.atomic
def revoke(*, by: Actor, now: datetime) -> None:
    """Let the person's address lead nowhere.

    :raises TransitionDenied: ``by`` is nobody's own.
    """
    if by.person_id is None:
        raise TransitionDenied
    with record("revoke_feed", actor=by):
        CalendarFeed.objects.visible_to(by).update(digest="", changed_at=now)


def subscriber(secret: str) -> Person | None:
    """Return whose address it is; nobody's where it is revoked or unknown, or the person has left."""
    if not secret or len(secret) > LONGEST:
        return None
    return Person.objects.filter(calendar_feed__digest=_digest(secret), is_active=True).first()
