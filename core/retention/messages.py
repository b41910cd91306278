"""What was told of records: notices, the mail that carried them, and the log of who read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db.models import Q
from django.urls import NoReverseMatch

from core.mail import MAX_ATTEMPTS
from core.models import AccessLog, Mail, Notice
from core.retention.order import REDACTED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import Model

_OWN, _OTHER = 1234567891, 9876543219
"""Numbers that no address has of itself."""
_NO_ADDRESS = (
    "the address of %(model)s is not made of its number, and the mail about it could not be redacted"
)


def redact_messages(model: type[Model], ids: Sequence[int]) -> None:
    """Redact the notices of some records, and every mail that told of one, as news or as a task."""
    notices = Notice.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
    told = Q(pk__in=notices.exclude(mail=None).values("mail_id"))
    if pattern := _addresses(model, ids):
        told |= Q(body__regex=pattern)
    Mail.objects.exclude(body=REDACTED).filter(told).update(subject=REDACTED, body=REDACTED)
    notices.update(title=REDACTED, body="")


def _addresses(model: type[Model], ids: Sequence[int]) -> str:
    """Return a pattern of the addresses of some records, as a task in a mail has them; nothing if they have none."""
    if not hasattr(model, "get_absolute_url"):
        return ""
    before, after = around_number(model)
    numbers = "|".join(map(str, ids))
    return f"{re.escape(settings.PUBLIC_URL)}{before}({numbers}){after}(?![0-9])"


def around_number(model: type[Model]) -> tuple[str, str]:
    """Return patterns of what stands before and after the number of a record in its address.

    What the record belongs to may have a number there too.

    :raises ImproperlyConfigured: numbers alone do not give the address, and no mail could be found by it.
    """
    others = {
        field.attname: _OTHER
        for field in model._meta.concrete_fields
        if field.is_relation and not field.primary_key
    }
    some: Any = model(pk=_OWN, **others)
    try:
        before, found, after = str(some.get_absolute_url()).partition(str(_OWN))
    except (NoReverseMatch, AttributeError, ObjectDoesNotExist) as wrong:
        raise ImproperlyConfigured(_NO_ADDRESS % {"model": model._meta.label}) from wrong
    if not found:
        raise ImproperlyConfigured(_NO_ADDRESS % {"model": model._meta.label})
    return _pattern(before), _pattern(after)


def _pattern(part: str) -> str:
    return re.escape(part).replace(str(_OTHER), "[0-9]+")


def sweep_mail(now: datetime) -> int:
    """Redact mail that has gone out, or never will, when it is older than ``MAIL_KEPT_DAYS``; that it was sent stays."""
    over = Q(sent_at__isnull=False) | Q(attempts__gte=MAX_ATTEMPTS)
    old = Mail.objects.filter(over, created_at__lt=now - timedelta(days=settings.MAIL_KEPT_DAYS))
    return old.exclude(body=REDACTED).update(subject=REDACTED, body=REDACTED)


def sweep_access_log(now: datetime) -> int:
    """Delete what the log of reads holds beyond its own term, ``ACCESS_LOG_KEPT_DAYS``."""
    old = AccessLog.objects.filter(at__lt=now - timedelta(days=settings.ACCESS_LOG_KEPT_DAYS))
    with pgtrigger.ignore("core.AccessLog:access_append_only"):
        return old.delete()[0]
