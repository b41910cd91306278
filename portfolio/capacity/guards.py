"""What must be true before a step of a request: each says what is missing, in words that can be acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from core.formats import long_date
from portfolio.operations import why_ended

if TYPE_CHECKING:
    from portfolio.models import ResourceRequest


def project_runs(request: ResourceRequest, /) -> str | None:
    return why_ended(request.project)


def grant_has_not_begun(request: ResourceRequest, /) -> str | None:
    begins = request.granted_from
    if begins is None or begins > timezone.localdate():
        return None
    return _("Tildelingen begynte %(day)s. Velg «Avslutt tidligere» i stedet.") % {"day": long_date(begins)}


def role_is_in_use(request: ResourceRequest, /) -> str | None:
    if request.role.is_active:
        return None
    return _("Rollen «%(role)s» er tatt ut av bruk. Avslå, eller ta rollen i bruk igjen.") % {
        "role": request.role.name
    }
