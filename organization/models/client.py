"""Clients of the API: other systems that a municipality lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication, ApplicationManager

from core import constraints
from core.history import Tracked, tracked
from organization.models.unit import Unit
from organization.orgnr import grouped
from organization.queries import ApiCallCountQuerySet, ApiClientQuerySet
from organization.scopes import GUARDED

if TYPE_CHECKING:
    from datetime import date, datetime


class ApiClientManager(ApplicationManager.from_queryset(ApiClientQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class ClientKind(models.TextChoices):
    """How a client says who it is."""

    ISSUED = "issued", _("Hemmelighet fra Stafett")
    MASKINPORTEN = "maskinporten", _("Token fra Maskinporten")


@tracked(
    exclude=(
        "client_secret", "retired_secret", "hash_client_secret", "redirect_uris", "post_logout_redirect_uris",
        "skip_authorization", "algorithm", "allowed_origins", "registration_source", "cimd_expires_at", "created",
        "updated", "client_type", "authorization_grant_type",
    )
)  # fmt: skip
class ApiClient(Tracked, AbstractApplication):
    """A system that calls the API: with a secret of ours (RFC 6749, 4.4), or with tokens of Maskinporten.

    ``user`` is an account of its own that nobody logs in with; history names it.  Secrets are kept as digests.
    While a secret is being replaced the one before it works too, until ``retired_until``.  A client of Maskinporten is
    known by ``consumer_orgnr``, whoever it is that Maskinporten says is calling; nobody knows its secret.
    """

    kind = models.CharField(
        _("slik logger systemet inn"), max_length=20, choices=ClientKind.choices, default=ClientKind.ISSUED
    )
    consumer_orgnr = models.CharField(_("organisasjonsnummer"), max_length=9, blank=True)
    municipality = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("kommune eller region")
    )
    name = models.CharField(_("navn"), max_length=120)
    contact = models.CharField(_("kontakt"), max_length=200)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("tilganger"))
    reason = models.TextField(_("begrunnelse"), blank=True, max_length=1000)
    expires_on = models.DateField(_("gjelder til"))
    retired_secret = models.CharField(max_length=255, blank=True, editable=False)
    retired_until = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiClientManager()

    class Meta:
        verbose_name = _("API-klient")
        verbose_name_plural = _("API-klienter")
        constraints = [
            constraints.unique(
                "client_name_once", "municipality", "name", condition=Q(revoked_at=None),
                message=_("En klient med det navnet finnes alt. Velg et annet navn."),
            ),
            constraints.check(
                "client_acts_as_person", Q(user__isnull=False), _("Klienten mangler en konto å handle som.")
            ),
            constraints.check(
                "client_is_confidential",
                Q(client_type="confidential", authorization_grant_type="client-credentials", hash_client_secret=True),
                _("Klienten kan bare bruke klienthemmelighet."),
            ),
            constraints.known("client_kind", "kind", ClientKind),
            constraints.check(
                "client_has_consumer",
                Q(kind="issued", consumer_orgnr="") | Q(kind="maskinporten", consumer_orgnr__regex=r"^[0-9]{9}$"),
                _("En klient som bruker Maskinporten, har et organisasjonsnummer med ni sifre. Andre har ingen."),
            ),
            constraints.unique(
                "client_consumer_once", "consumer_orgnr", "municipality",
                condition=Q(revoked_at=None, kind="maskinporten"),
                message=_("En klient for dette organisasjonsnummeret finnes alt. Endre den, eller trekk den tilbake først."),
            ),
            constraints.check(
                "client_has_reason", ~Q(scopes__overlap=sorted(GUARDED)) | ~Q(reason=""),
                _("Skriv hvorfor klienten trenger å lese det som er fortrolig eller skjermet."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organization:client_detail", args=[self.pk])

    @property
    def consumer(self) -> str:
        """The organisation number as people write it."""
        return grouped(self.consumer_orgnr)

    @property
    def uses_maskinporten(self) -> bool:
        return self.kind == ClientKind.MASKINPORTEN

    def is_open_on(self, day: date) -> bool:
        """Tell whether the client may be let in on that day."""
        return self.revoked_at is None and day <= self.expires_on

    def has_retired_secret(self, now: datetime) -> bool:
        """Tell whether the secret before the present one works still."""
        return self.retired_until is not None and now < self.retired_until


class ApiCallCount(models.Model):
    """How often a client has called a resource on a day, by the class of the answer (2 for 2xx)."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="call_counts")
    day = models.DateField()
    resource = models.CharField(max_length=40)
    status_class = models.PositiveSmallIntegerField()
    calls = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    objects = ApiCallCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("kall fra en klient")
        verbose_name_plural = _("kall fra klienter")
        constraints = [
            constraints.unique(
                "call_count_once", "client", "day", "resource", "status_class",
                message=_("Kallene er alt telt for dagen."),
            ),
            constraints.check(
                "call_count_is_something", Q(calls__gt=0), _("Et antall kall er større enn null.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.resource} {self.day}: {self.calls}"
