"""People, who are also those who log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.history import Tracked, tracked
from core.textsearch import NbSort
from organization.queries import PersonQuerySet

if TYPE_CHECKING:
    from organization.actors import Grant


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


@tracked(exclude=("password", "last_login", "name_sort"))
class Person(Tracked, AbstractBaseUser, PermissionsMixin):
    """Somebody who works for, or is elected in, a municipality.

    What a person may do follows from the roles held today (``RoleAssignment``), never from
    this row.  ``is_staff`` and ``is_superuser`` belong to those who run the installation.
    """

    username = models.CharField(
        _("brukernavn"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("navn"), max_length=160)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    title = models.CharField(_("stilling"), max_length=120, blank=True)
    employee_number = models.CharField(_("ansattnummer"), max_length=40, blank=True)
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    is_staff = models.BooleanField(_("driver installasjonen"), default=False)
    language = models.CharField(_("språk"), max_length=8, default="nb")
    wants_daily_mail = models.BooleanField(_("daglig e-post"), default=True)

    # Kept by the database: the order of a Norwegian list, without ICU.
    name_sort = models.GeneratedField(
        expression=NbSort("name"), output_field=models.CharField(max_length=160), db_persist=True
    )

    objects = PersonManager()

    grants: tuple[Grant, ...] | None = None
    """The roles of the day for which ``organization.actors.read_person`` read this person."""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        indexes = [models.Index(fields=["name_sort", "id"], name="person_by_name")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                condition=~Q(email=""),
                violation_error_message=_("E-postadressen er alt i bruk av en annen person."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]
