"""Writing and sending mail: one that can never be sent does not hold up the others."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail as outbox
from django.utils import timezone

from core.mail import deliver
from core.models import Mail
from organization.roles import Role


def test_deliver__goes_on_after_a_mail_that_no_server_takes(world):
    now = timezone.now() - timedelta(days=1)
    bad, good = world.home.person(Role.LEADER), world.home.person(Role.SECRETARIAT)
    type(bad).objects.filter(pk=bad.pk).update(email="ola@" + "ø" * 60 + ".no")
    first, second = (
        Mail.objects.create(
            key=f"prove-{person.pk}", recipient_id=person.pk, subject="Mine oppgaver", body="Se saken.",
            created_at=now,
        )
        for person in (bad, good)
    )  # fmt: skip
    assert deliver() == 1
    assert [message.to for message in outbox.outbox] == [[good.email]]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, bool(first.last_error), second.last_error) == (1, True, "")
    assert deliver() == 0
