"""Forms of clients of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import CheckboxList, DateField, RadioCards
from organization import operations
from organization.forms.base import DeedForm, RowForm
from organization.models import ApiClient, ClientKind
from organization.orgnr import is_orgnr
from organization.scopes import GUARDED, SCOPES

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor

LONGEST = timedelta(days=2 * 366)
_USUAL = timedelta(days=365)


class ClientForm(RowForm):
    """What a client is called, may, and until when."""

    checked_with = frozenset({"municipality", "revoked_at"})
    done = gettext_lazy("Klienten er lagret.")

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Hva klienten får gjøre"),
        choices=[(name, scope.label) for name, scope in SCOPES.items()],
        widget=CheckboxList(descriptions={name: name for name in SCOPES}),
        help_text=gettext_lazy("Gi bare det systemet trenger. Klienten ser bare det som hører til kommunen."),
    )
    expires_on = DateField(
        label=gettext_lazy("Gjelder til og med"),
        help_text=gettext_lazy("Høyst to år fram. Etter denne dagen slipper klienten ikke inn."),
    )

    consumer_orgnr = forms.CharField(
        label=gettext_lazy("Organisasjonsnummer"), max_length=20, required=False,
        help_text=gettext_lazy("Bare med Maskinporten: den organisasjonen som henter tokenet, eller som har delegert til den som gjør det."),
    )  # fmt: skip

    class Meta:
        model = ApiClient
        fields = ("name", "contact", "kind", "consumer_orgnr", "scopes", "reason", "expires_on")
        widgets: ClassVar[dict[str, Any]] = {"reason": forms.Textarea(attrs={"rows": 3}), "kind": RadioCards}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Systemet som skal kalle, for eksempel «Virksomhetsportalen»."),
            "contact": gettext_lazy("Hvem hos dere eller leverandøren som svarer for systemet."),
            "reason": gettext_lazy("Må skrives når klienten får lese noe fortrolig eller skjermet. Står i historikken."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["expires_on"] = timezone.localdate() + _USUAL
        # Another organisation is another client.
        if self.instance.pk is not None or not settings.MASKINPORTEN:
            del self.fields["kind"], self.fields["consumer_orgnr"]

    def clean_consumer_orgnr(self) -> str:
        """Return nine digits where Maskinporten is chosen, and nothing else."""
        if self.cleaned_data.get("kind") != ClientKind.MASKINPORTEN:
            return ""
        digits = "".join(str(self.cleaned_data["consumer_orgnr"]).split())
        if not is_orgnr(digits):
            raise ValidationError(
                _("Skriv de ni sifrene i organisasjonsnummeret. Sjekk at ingen er byttet om.")
            )
        return digits

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise ValidationError(_("Velg en dag fra i dag og høyst to år fram."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if GUARDED & set(self.cleaned_data.get("scopes", ())) and not self.cleaned_data.get("reason"):
            self.add_error(
                "reason", _("Skriv hvorfor klienten trenger å lese det som er fortrolig eller skjermet.")
            )
        return cleaned

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Return the secret of a new client, «» where it has none, else the client."""
        if self.instance.pk is None:
            return operations.issue_client(self.instance, by=by, now=now)
        return operations.edit_client(self.edit, by=by, now=now)


class SecretForm(DeedForm):
    """A new secret, and how long the one in use works beside it."""

    keep = forms.ChoiceField(
        label=gettext_lazy("Hvor lenge skal den gamle virke?"), initial="7", widget=RadioCards,
        choices=[
            ("1", gettext_lazy("Ett døgn")), ("7", gettext_lazy("En uke")), ("30", gettext_lazy("30 dager")),
            ("0", gettext_lazy("Avslutt den nå: den kan være på avveie")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, client: ApiClient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client

    def perform(self, *, by: Actor, now: datetime) -> str:
        days = int(self.cleaned_data["keep"])
        secret = operations.rotate_secret(self.client, keep_old=timedelta(days=days), by=by, now=now)
        if not days:
            operations.end_old_secret(self.client, by=by, now=now)
        return secret


class OldSecretForm(DeedForm):
    done = gettext_lazy("Den gamle hemmeligheten virker ikke lenger.")

    def __init__(self, *args: Any, client: ApiClient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.end_old_secret(self.client, by=by, now=now)


class RevokeForm(DeedForm):
    done = gettext_lazy("Klienten er trukket tilbake og slipper ikke inn.")

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor?"), max_length=300, help_text=gettext_lazy("Står i historikken.")
    )

    def __init__(self, *args: Any, client: ApiClient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client

    def perform(self, *, by: Actor, now: datetime) -> None:
        operations.revoke_client(self.client, reason=self.cleaned_data["reason"], by=by, now=now)
