"""People come, get a way to log in, and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.history import record
from core.notices import Draft, post
from organization.models import Person, RoleAssignment
from organization.operations.roles import end_rows, require_administrator
from organization.operations.saving import Edit, save

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from core.actors import Actor


@transaction.atomic
def create_person(person: Person, *, first_role: RoleAssignment, by: Actor, now: datetime) -> Person:
    """Save a new person with the first role, which is the main one.  Nobody knows a password yet."""
    person.set_unusable_password()
    person.stamp(now)
    first_role.is_main = True
    first_role.stamp(now)
    with record("create_person", actor=by):
        person.save(force_insert=True)
        first_role.person = person
        first_role.full_clean()
        first_role.save()
    return person


@transaction.atomic
def edit_person(edit: Edit[Person], *, by: Actor, now: datetime) -> Person:
    """Save new facts of a person, who is told when somebody else changed what one logs in with.

    :raises StaleVersion: somebody else saved in the meantime.
    """
    person: Person = save(edit, action="edit_person", by=by, now=now)
    if {"email", "username"} & set(edit.fields):
        _tell(person, _("Brukernavnet eller e-postadressen din er endret"), by=by, now=now)
    return person


def _tell(person: Person, title: str, *, by: Actor, now: datetime) -> None:
    """Tell a person of what an administrator did to the account: nobody is to be locked out in silence."""
    if by.person_id == person.pk:
        return
    body = _("Gjort av %(name)s. Ta kontakt med administratoren hvis du ikke kjenner til det.") % {
        "name": by.label
    }
    url = reverse("organization:person_detail", args=[person.pk])
    draft = Draft(person=person, event=f"account@{now.isoformat()}", title=title, body=body, url=url)
    post([draft], about=person, now=now)


@transaction.atomic
def leave(
    person: Person, *, units: QuerySet[Any], on: date, by: Actor, now: datetime, reason: str = ""
) -> list[RoleAssignment]:
    """End the roles a person has on these units from a day: from that day they give no access.

    Roles that have ended before stay as they are; those that would have begun later never do.

    :raises Refused: the municipality would be without administrator.
    """
    rows = list(
        RoleAssignment.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(Q(valid_to=None) | Q(valid_to__gt=on), person=person, unit__in=units)
    )
    with record("leave", actor=by, reason=reason):
        end_rows(rows, on=on, now=now)
    require_administrator(rows, on)
    return rows


@transaction.atomic
def add_password_link(person: Person, *, by: Actor, now: datetime) -> str:
    """Make a link with which ``person`` chooses a password, and record that it was handed out."""
    with record("issue_password_link", actor=by):
        Person.objects.filter(pk=person.pk).update(changed_at=now)
    if person.has_usable_password():
        _tell(person, _("Det er laget en lenke for å bytte passordet ditt"), by=by, now=now)
    return password_link(Person.objects.get(pk=person.pk))


def password_link(person: Person) -> str:
    """Return the path of a page where ``person`` chooses a password.

    It works once, since the key depends on the present password, and for as long as
    ``PASSWORD_RESET_TIMEOUT`` says.
    """
    key = default_token_generator.make_token(person)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )
