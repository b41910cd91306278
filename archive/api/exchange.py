"""An archive that comes by itself: it fetches the package of a message, and answers for it.

The same operations as when the archivist carries: what is fetched is logged, and an answer is taken by
``archive.receiving`` as one that lies in the folder is.  What cannot be used is refused instead of put aside.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from archive import policies, receiving
from archive.adapters.port import Incoming
from archive.forms import MOST_BYTES
from archive.models import Answer, AnswerKind, ArchiveMessage, MessageStatus, Shipment
from archive.operations import rules_of
from archive.reading import Foreign, Malformed, Unreadable, hold_to_schema
from archive.views.messages import package_file
from core.api.bodies import error, object_of, pointer_to, refuse, unknown
from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.parsers import OrjsonParser
from core.api.problems import ApiProblem, parameter_error
from core.api.schema import Shape
from core.api.views import ApiView
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import IO

    from django.http import HttpResponseBase
    from rest_framework.request import Request

PACKAGE, TYPE = "package", "meldingstype"
_NAME = re.compile(r"\d{8,}-[0-9a-f]{12}")
_LONGEST_TYPE = 200


class FileParser(BaseParser):
    """Take the body as the file it is, and no more of it than an answer may be."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:  # fmt: skip
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ApiProblem(
                "too-large", _("Et svar fra arkivet er på høyst 2 MB. Send bare kvitteringen eller feilmeldingen.")
            )  # fmt: skip
        return ContentFile(content)


class XmlParser(FileParser):
    media_type = "application/xml"


class TextXmlParser(FileParser):
    media_type = "text/xml"


class ZipParser(FileParser):
    media_type = "application/zip"


# --- Shapes --------------------------------------------------------------------------------------
class ArchiveAnswer(Shape):
    about = gettext_lazy("Et svar fra arkivet, og hvor meldingen står nå.")

    id = serializers.IntegerField(help_text=gettext_lazy("Svarets id."))
    kind = serializers.ChoiceField(
        choices=[choice for choice in AnswerKind.choices if choice[0] != AnswerKind.PUT_ASIDE],
        help_text=gettext_lazy("Hva svaret er."),
    )
    counted = serializers.BooleanField(
        help_text=gettext_lazy("Om det flyttet meldingen. Det gjør et svar én gang.")
    )
    told = serializers.CharField(
        help_text=gettext_lazy("Hva det sier, og hvorfor det ikke gjaldt hvis det ikke gjorde det.")
    )
    received_at = serializers.DateTimeField(help_text=gettext_lazy("Når det kom første gang."))
    message_id = serializers.IntegerField(help_text=gettext_lazy("Meldingens id."))
    key = serializers.CharField(help_text=gettext_lazy("Meldingens nøkkel."))
    status = serializers.ChoiceField(
        choices=MessageStatus.choices, help_text=gettext_lazy("Hvor meldingen står nå.")
    )
    archive_reference = serializers.CharField(
        help_text=gettext_lazy("Saksnummeret i arkivet, kan være tomt.")
    )
    journal_reference = serializers.CharField(help_text=gettext_lazy("Journalnummeret, kan være tomt."))


_EXAMPLE = OpenApiExample(
    "answer", response_only=True,
    value={
        "id": 17, "kind": "receipt", "counted": True, "told": "2026/1234, 2026/77", "received_at": "2026-03-03T07:12:02Z",
        "message_id": 8, "key": "initiative/41/submission", "status": "receipted", "archive_reference": "2026/1234",
        "journal_reference": "2026/77",
    },
)  # fmt: skip
_XML: dict[str, Any] = {"type": "string", "format": "binary"}
_TYPED: dict[str, Any] = {
    "type": "object", "additionalProperties": False, "required": [TYPE],
    "properties": {
        TYPE: {
            "type": "string", "maxLength": _LONGEST_TYPE,
            "description": gettext_lazy("Meldingstypen i Fiks Arkiv V1, for svar uten innhold."),
            "example": "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.mottatt",
        }
    },
}  # fmt: skip
_OF_PACKAGE = OpenApiParameter(
    PACKAGE, OpenApiTypes.STR, description=gettext_lazy(
        "Pakken det svares på, slik den heter uten «.zip». Da endrer en feilmelding på en tidligere pakke ingenting. "
        "Uten den gjelder svaret den siste."
    ),
)  # fmt: skip


# --- Views ---------------------------------------------------------------------------------------
class PackageDetail(ApiView):
    resource = "archive-packages"

    @extend_schema(
        operation_id="archive_messages_package_retrieve",
        summary=gettext_lazy("Hent pakken til en melding"),
        description=gettext_lazy(
            "ZIP-filen med arkivmelding.xml, filene, manifest.json og SHA256SUMS: den siste som er laget, de samme bytene hver gang. Hodet "
            "«Content-Disposition» har navnet. At den hentes, føres i tilgangsloggen."
        ),
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        rows = Shipment.objects.visible_to(self.actor).filter(message_id=pk).exclude(file="")
        shipment = rows.select_related("message").order_by("-packed_at", "-pk").first()
        if shipment is None:
            raise Http404
        return package_file(shipment, by=self.caller, what="api: archive_package")


class AnswerCreate(ApiView):
    resource = "archive-packages"
    idempotent = ("POST",)
    parser_classes = (OrjsonParser, XmlParser, TextXmlParser, ZipParser)

    @extend_schema(
        operation_id="archive_messages_answers_create",
        summary=gettext_lazy("Lever et svar fra arkivet"),
        description=gettext_lazy(
            "Kvittering eller feilmelding som XML, eller en ZIP-fil med den; svar uten innhold som JSON med meldingstypen. XML følger skjemaene "
            "til Fiks Arkiv V1. Svar kan komme to ganger, sent og i hvilken som helst rekkefølge: det samme svaret er ett (200), og `counted` sier "
            "om det flyttet meldingen. Et svar på en melding som ikke er sendt fra kommunen, er 404."
        ),
        parameters=[_OF_PACKAGE],
        request={
            "application/xml": _XML, "text/xml": _XML, "application/zip": _XML, "application/json": _TYPED,
        },
        responses={200: ArchiveAnswer, 201: ArchiveAnswer},
        examples=[_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, (PACKAGE,))
        message = ArchiveMessage.objects.visible_to(self.caller).filter(pk=pk).first()
        if message is None:
            raise Http404
        if not policies.may_carry(self.caller, message.municipality_id):
            raise TransitionDenied
        now = timezone.now()
        return once(request, lambda: self._taken(request, message, now), again=_again, now=now)

    def _taken(self, request: Request, message: ArchiveMessage, now: datetime) -> Response:
        """Take the answer, or tell why it cannot be used; then nothing of it is kept."""
        incoming = _incoming(request, message)
        rules = rules_of(message.municipality_id)
        try:
            hold_to_schema(incoming.content)
            answer = receiving.take_or_refuse(incoming, rules, now=now, by=self.caller, about=message)
        except Foreign as foreign:
            raise Http404 from foreign
        except Malformed as malformed:
            raise ApiProblem("malformed", str(malformed)) from malformed
        except Unreadable as unusable:
            raise ApiProblem("invalid", errors=[error("#", unusable)]) from unusable
        return Response(_told(answer), status=201 if answer.received_at == now else 200)


def _incoming(request: Request, message: ArchiveMessage) -> Incoming:
    """Return what was sent as the file it would have been in the folder of answers.

    :raises ApiProblem: it is neither a file nor the type of an answer without content.
    """
    package = request.query_params.get(PACKAGE, "")
    if package and not _NAME.fullmatch(package):
        raise parameter_error(PACKAGE, _("Skal være navnet på pakken, for eksempel «00000008-0123456789ab»."))
    body: Any = request.data
    if isinstance(body, ContentFile):
        body.seek(0)
        return Incoming(package, body.read())
    named = object_of(body).get(TYPE)
    wrong = not isinstance(named, str) or not 0 < len(named) <= _LONGEST_TYPE
    at_fault = [error(pointer_to(TYPE), _("Skriv meldingstypen som tekst."))] if wrong else []
    refuse([*unknown(object_of(body), (TYPE,)), *at_fault])
    if not package:
        names = message.shipments.order_by("-packed_at", "-pk").values_list("name", flat=True)
        package = names.first() or ""
    return Incoming(package, json.dumps({TYPE: named}).encode())


def _told(answer: Answer) -> dict[str, Any]:
    message = ArchiveMessage.objects.get(pk=cast("int", answer.message_id))
    return {
        "id": answer.pk, "kind": answer.kind, "counted": answer.counted, "told": answer.told,
        "received_at": answer.received_at, "message_id": message.pk, "key": message.key, "status": message.status,
        "archive_reference": message.archive_reference, "journal_reference": message.journal_reference,
    }  # fmt: skip


def _again(pk: int) -> Response:
    return Response(_told(Answer.objects.get(pk=pk)))
