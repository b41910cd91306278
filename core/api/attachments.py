"""``/api/v1/attachments/``: the files of one record, and each file, as the record's own rules let them be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import attachments
from core.access import log_read
from core.api.filtering import check_known
from core.api.permissions import require_scope
from core.api.problems import parameter_error
from core.api.schema import Shape
from core.api.views import ApiView
from core.views import attachment

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponseBase
    from rest_framework.request import Request

    from core.models import Attachment

OF, ID = "of", "id"
_LARGEST_ID = 2**63 - 1
_NUMBER = re.compile(r"[0-9]{1,19}")


class AttachmentShape(Shape):
    about = gettext_lazy("En fil på en sak.")

    key = serializers.UUIDField(help_text=gettext_lazy("Filens nøkkel."))
    name = serializers.CharField(help_text=gettext_lazy("Filnavnet."))
    title = serializers.CharField(help_text=gettext_lazy("Tittelen, kan være tom."))
    mime = serializers.CharField(help_text=gettext_lazy("Typen, lest av innholdet."))
    size = serializers.IntegerField(help_text=gettext_lazy("Antall byte."))
    sha256 = serializers.CharField(help_text=gettext_lazy("Sjekksummen av innholdet."))
    is_shielded = serializers.BooleanField(help_text=gettext_lazy("Om filen er skjermet for seg."))
    uploaded_at = serializers.DateTimeField(help_text=gettext_lazy("Når den ble lagt ved."))
    address = serializers.URLField(help_text=gettext_lazy("Hvor filen hentes."))


class Attachments(Shape):
    about = gettext_lazy("Filene på en sak som du kan åpne.")

    results = AttachmentShape(many=True)


_EXAMPLE = OpenApiExample(
    "attachments", response_only=True,
    value={
        "results": [{
            "key": "0b0a7c39-7a4c-4b8e-9b7a-3f6a5a3f2f10", "name": "behov.pdf", "title": "", "mime": "application/pdf",
            "size": 48213, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "is_shielded": False,
            "uploaded_at": "2026-03-01T09:00:00Z",
            "address": "https://stafett.kommune.no/api/v1/attachments/0b0a7c39-7a4c-4b8e-9b7a-3f6a5a3f2f10/",
        }]
    },
)  # fmt: skip


class AttachmentList(ApiView):
    resource = "attachments"
    problems = {"GET": (404,)}

    @extend_schema(
        operation_id="attachments_list",
        summary=gettext_lazy("List filene på en sak"),
        description=gettext_lazy("For én sak om gangen. Klienter må også ha lesetilgangen til saken selv."),
        parameters=[
            OpenApiParameter(OF, {"type": "string", "enum": sorted(attachments.resources())}, required=True, description=gettext_lazy("Hva slags sak.")),
            OpenApiParameter(ID, OpenApiTypes.INT64, required=True, description=gettext_lazy("Sakens id.")),
        ],
        responses=Attachments,
        examples=[_EXAMPLE],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        check_known(request, (OF, ID))
        subject = self._subject(request)
        files = attachments.readable_attachments(subject, self.caller)
        if files and (attachments.logs(subject) or any(file.is_shielded for file in files)):
            log_read(subject, what="api: attachments", by=self.caller, now=timezone.now())
        return Response({"results": [_told(file, request) for file in files]})

    def _subject(self, request: Request) -> Any:
        known = attachments.resources()
        model = known.get(request.query_params.get(OF, ""))
        if model is None:
            raise parameter_error(OF, _("Velg en av disse: %(names)s.") % {"names": ", ".join(sorted(known))})
        require_scope(request, attachments.scope_of(model))
        text = request.query_params.get(ID, "")
        if not (_NUMBER.fullmatch(text) and 0 < int(text) <= _LARGEST_ID):
            raise parameter_error(ID, _("Skal være en id, et helt tall større enn null."))
        subject = model._default_manager.visible_to(self.actor).filter(pk=int(text)).first()
        if subject is None:
            raise Http404
        return subject


def _told(file: Attachment, request: Request) -> dict[str, Any]:
    names = ("key", "name", "title", "mime", "size", "sha256", "is_shielded", "uploaded_at")
    address = request.build_absolute_uri(reverse("api:attachment_detail", args=[file.key]))
    return {**{name: getattr(file, name) for name in names}, "address": address}


class AttachmentDetail(ApiView):
    resource = "attachments"
    problems = {"GET": (404,)}

    @extend_schema(
        operation_id="attachments_retrieve",
        summary=gettext_lazy("Hent en fil"),
        description=gettext_lazy("Innholdet. At noe skjermet eller fortrolig åpnes, føres i tilgangsloggen."),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, key: uuid.UUID) -> HttpResponseBase:
        check_known(request, ())
        require_scope(request, attachments.scope_of_file(attachments.open_for(key, self.caller)))
        return attachment(request._request, key)
