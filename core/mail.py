"""One bundled e-mail a day: the inbox, by post.

Writing is exactly once (a row with a unique key, in one transaction with the notices it
carries); sending is at least once with a Message-ID that stays the same, so that a receiver
can drop the repeat a killed worker may cause.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from core.actors import actor_of
from core.formats import count
from core.inbox import Inbox
from core.models import Mail, Notice
from core.notices import still_open_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = structlog.get_logger("stafett.mail")
MAX_ATTEMPTS = 8


def people_to_write_to() -> QuerySet[Any]:
    """Return active people with an address who want mail and have notices that were not mailed."""
    waiting = Notice.objects.unmailed().order_by().values("recipient_id").distinct()
    people = get_user_model()._default_manager.filter(is_active=True, wants_daily_mail=True)
    return people.exclude(email="").filter(pk__in=waiting).order_by("pk")


def bundle(person: Any, *, day: date, now: datetime) -> Mail | None:
    """Write the day's e-mail to one person, once, and return it; ``None`` when it was written before."""
    with transaction.atomic(), translation.override(person.language):
        notices = list(
            Notice.objects.filter(recipient=person)
            .unmailed()
            .select_for_update()
            .order_by("created_at", "pk")
        )
        actor = actor_of(person)
        told, tasks = still_open_to(actor, notices), Inbox(actor).tasks()
        if not told and not tasks:
            return None
        context = {
            "person": person,
            "notices": told,
            "tasks": tasks,
            "base": settings.PUBLIC_URL,
            "today": day,
        }
        mail, created = Mail.objects.get_or_create(
            key=f"daily/{person.pk}/{day:%Y-%m-%d}",
            defaults={
                "recipient": person,
                "subject": _subject(len(tasks), len(told)),
                "body": render_to_string("core/mail_daily.txt", context),
                "created_at": now,
            },
        )
        if not created:
            return None
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
    return mail


def _subject(tasks: int, news: int) -> str:
    if tasks:
        words = ngettext("%(n)s oppgave venter på deg", "%(n)s oppgaver venter på deg", tasks)
        return words % {"n": count(tasks)}
    return ngettext("%(n)s nyhet i Stafett", "%(n)s nyheter i Stafett", news) % {"n": news}


def bundle_all(*, day: date, now: datetime) -> int:
    """Write the day's e-mail to everyone who has news, one transaction per person."""
    written = 0
    for person in people_to_write_to().iterator(chunk_size=200):
        written += bundle(person, day=day, now=now) is not None
    return written


def deliver(*, limit: int = 200) -> int:
    """Send what is written and not sent, and return how many went out.

    A row is locked while it is sent; another worker skips it.  What fails is tried again
    later, with a growing pause, and shows its error in the administration.  One that can
    never be sent, as to an address no server takes, does not hold up the others.
    """
    sent = 0
    for pk in _unsent()[:limit].values_list("pk", flat=True):
        sent += _send(pk)
    return sent


def _unsent() -> QuerySet[Any]:
    return Mail.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS).order_by(
        "attempts", "created_at", "pk"
    )


def _send(pk: int) -> bool:
    with transaction.atomic():
        mail = Mail.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
        if mail is None or _too_soon(mail):
            return False
        mail.attempts += 1
        try:
            message_of(mail).send()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the next must go out
            mail.last_error = f"{type(error).__name__}: {error}"[:500]
            mail.save(update_fields=["attempts", "last_error"])
            log.warning("mail failed", mail=mail.pk, attempts=mail.attempts)
            return False
        mail.sent_at, mail.last_error = timezone.now(), ""
        mail.save(update_fields=["attempts", "last_error", "sent_at"])
    return True


def _too_soon(mail: Mail) -> bool:
    pause = timedelta(minutes=2**mail.attempts) if mail.attempts else timedelta(0)
    return timezone.now() < mail.created_at + pause


def message_of(mail: Mail) -> EmailMessage:
    """Return the e-mail with the Message-ID that was fixed when it was written."""
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=[mail.recipient.email],
        headers={
            "Message-ID": f"<{mail.message_id}@{settings.EMAIL_MESSAGE_ID_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
        },
    )
