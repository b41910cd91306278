"""``/api/v1/events/``: what has happened, as CloudEvents 1.0, for systems that follow along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.filtering import check_known
from core.api.permissions import require_scope
from core.api.problems import parameter_error
from core.api.schema import Shape
from core.api.views import ApiView
from core.statements import Shelf, Slot
from organization.api import examples
from organization.feed import is_given, sources
from organization.models import FeedEntry
from organization.numbering import last_position

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from core.actors import Actor

AFTER, PAGE_SIZE, TYPE, RESOURCE, SUBJECT = "after", "page_size", "type", "resource", "subject"
LATEST = "latest"
USUAL, MOST = 100, 1000
MOST_LOOKED_AT = 10_000
"""Positions that one call goes through, so that it costs little also for who sees few of them."""
_POSITION = re.compile(r"[0-9]{1,19}")
_SIZE = re.compile(r"[0-9]{1,6}")
_LARGEST = 2**63 - 1
_COLUMNS = (
    "position",
    "type",
    "changed_at",
    "recorded_at",
    "resource",
    "object_id",
    "status",
    "municipality",
)
_statements = Shelf(keeps_plans=True)


class EventData(Shape):
    about = _("Hvilken post hendelsen gjelder. Innholdet hentes på `url`, med de tilgangene du har da.")

    id = serializers.IntegerField(help_text=_("Id-en til posten."))
    status = serializers.CharField(
        help_text=_("Hvor posten sto etter hendelsen, tom for det som ikke har en tilstand.")
    )
    changed_at = serializers.DateTimeField(help_text=_("Postens `changed_at` etter hendelsen."))
    url = serializers.URLField(help_text=_("Adressen til posten i dette API-et."))


class CloudEvent(Shape):
    about = _("En hendelse på formen CloudEvents 1.0.")

    id = serializers.CharField(
        help_text=_("Entydig, og den samme hver gang hendelsen leses. Kan brukes som `after`.")
    )
    type = serializers.CharField(
        help_text=_(
            "Hva som skjedde: `no.stafett.<hva>.created`, `.changed`, `.removed`, eller tilstanden posten kom til."
        )
    )
    time = serializers.DateTimeField(help_text=_("Når det skjedde."))
    recordedtime = serializers.DateTimeField(help_text=_("Når det ble registrert."))
    specversion = serializers.CharField(help_text=_("Alltid `1.0`."))
    source = serializers.CharField(help_text=_("Kommunen eller regionen posten hører til."))
    subject = serializers.CharField(help_text=_("Posten, som `ressurs/id`."))
    datacontenttype = serializers.CharField(help_text=_("Alltid `application/json`."))
    data = EventData(help_text=_("Hvilken post det gjelder."))


class EventPage(Shape):
    about = _("En side av hendelser, den eldste først.")

    results = CloudEvent(many=True, help_text=_("Hendelsene."))
    next = serializers.URLField(
        allow_null=True, help_text=_("Adressen til resten, eller null når du er à jour.")
    )
    cursor = serializers.CharField(
        help_text=_("Hvor du står. Send den som `after` neste gang, også når siden var tom.")
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; without ``after`` from the end."""

    after: int | None
    size: int
    filters: tuple[tuple[str, tuple[str, ...]], ...]


class EventList(ApiView):
    """The feed.  Each kind of record asks for its own scope, so the view asks for none."""

    resource = "events"
    scopeless = True
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="events_list",
        summary=_("Følg med på hendelser"),
        description=_(
            "Hver endring av poster du ser, den eldste først, uten hull og hver bare én gang. Hendelser om én post kommer i den rekkefølgen de "
            "skjedde. De sier hvilken post det gjelder, ikke hva som står i den. En klient får hendelsene til ressursene den kan lese."
        ),
        parameters=[
            OpenApiParameter(AFTER, OpenApiTypes.STR, description=_("`cursor` fra forrige svar, eller `latest` for å begynne nå. Uten den begynner du fra starten.")),
            OpenApiParameter(PAGE_SIZE, {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, description=_("Hvor mange hendelser siden har.")),
            OpenApiParameter(TYPE, OpenApiTypes.STR, many=True, description=_("Bare denne typen. Kan gjentas.")),
            OpenApiParameter(RESOURCE, OpenApiTypes.STR, enum=[source.resource for source in sources()], many=True, description=_("Bare hendelser om denne ressursen. Kan gjentas.")),
            OpenApiParameter(SUBJECT, OpenApiTypes.STR, description=_("Bare hendelser om denne posten, som `deviations/41`.")),
        ],
        responses=EventPage,
        examples=[examples.EVENTS],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = read(request, self.caller)
        last = last_position()
        after = last if wanted.after is None else wanted.after
        if after > last:
            raise parameter_error(
                AFTER, _t("Det er ikke kommet så langt. Les postene på nytt, og begynn med «after=latest».")
            )
        until = min(last, after + MOST_LOOKED_AT)
        rows = _select(self.caller, wanted).rows(after=after, until=until)
        reached = rows[wanted.size - 1][0] if len(rows) > wanted.size else until
        address = address_after(request, reached) if reached < last else None
        return Response({"results": told(rows[: wanted.size]), "next": address, "cursor": str(reached)})


def _select(actor: Actor, wanted: Wanted) -> Any:
    """Return the statement of a page, built once for each who sees alike and each choice of filters."""

    def build() -> QuerySet[Any]:
        place = {
            "position__gt": Slot("after", BigIntegerField()),
            "position__lte": Slot("until", BigIntegerField()),
        }
        rows = FeedEntry.objects.visible_to(actor).filter(**place)
        for name, values in wanted.filters:
            rows = rows.filter(**{f"{name}__in": values})
        return rows.order_by("position")[: wanted.size + 1].values_list(*_COLUMNS)

    key: Hashable = (actor.scope, timezone.localdate(), wanted.size, wanted.filters)
    return _statements.get(key, build)


def told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the lines as CloudEvents."""
    addresses = {source.resource: source.address.partition("%s")[::2] for source in sources()}
    origin = f"{settings.PUBLIC_URL}/api/v1/units/?municipality="
    return [
        {
            "type": type_, "time": at, "recordedtime": recorded, "specversion": "1.0", "id": str(position),
            "source": f"{origin}{municipality}", "subject": f"{resource}/{pk}", "datacontenttype": "application/json",
            "data": {
                "id": pk, "status": status, "changed_at": at, "url": f"{addresses[resource][0]}{pk}{addresses[resource][1]}",
            },
        }
        for position, type_, at, recorded, resource, pk, status, municipality in rows
    ]  # fmt: skip


# --- What the address asks for ------------------------------------------------------------------------
def read(request: Request, actor: Actor) -> Wanted:
    """Read the parameters.

    :raises ApiProblem: one of them cannot be understood, or a client has no scope for what it asks for.
    """
    check_known(request, (AFTER, PAGE_SIZE, TYPE, RESOURCE, SUBJECT))
    filters = [("type", _types(request)), ("resource", _resources(request)), *_subject(request)]
    if not any(is_given(source.resource, actor) for source in sources()):
        require_scope(request, "")
    return Wanted(_after(request), _size(request), tuple(one for one in filters if one[1]))


def _after(request: Request) -> int | None:
    text = request.query_params.get(AFTER, "0")
    if text == LATEST:
        return None
    if not _POSITION.fullmatch(text) or int(text) > _LARGEST:
        raise parameter_error(AFTER, _t("Skal være «cursor» fra et tidligere svar, eller «latest»."))
    return int(text)


def _size(request: Request) -> int:
    text = request.query_params.get(PAGE_SIZE, str(USUAL))
    if not _SIZE.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise parameter_error(PAGE_SIZE, _t("Skal være et tall fra 1 til %(limit)s.") % {"limit": MOST})
    return int(text)


def _types(request: Request) -> tuple[str, ...]:
    of_type = {type_: source.resource for source in sources() for type_ in source.types}
    asked = _chosen(request, TYPE, of_type)
    for type_ in asked:
        require_scope(request, f"{of_type[type_]}:read")
    return asked


def _resources(request: Request) -> tuple[str, ...]:
    asked = _chosen(request, RESOURCE, [source.resource for source in sources()])
    for resource in asked:
        require_scope(request, f"{resource}:read")
    return asked


def _chosen(request: Request, name: str, known: Iterable[str]) -> tuple[str, ...]:
    asked = tuple(sorted(set(request.query_params.getlist(name))))
    if set(asked) - set(known):
        raise parameter_error(name, _t("Velg blant disse: %(names)s.") % {"names": ", ".join(sorted(known))})
    return asked


def _subject(request: Request) -> list[tuple[str, tuple[Any, ...]]]:
    text = request.query_params.get(SUBJECT)
    if text is None:
        return []
    resource, _slash, pk = text.partition("/")
    known = any(source.resource == resource for source in sources())
    if not known or not _POSITION.fullmatch(pk) or int(pk) > _LARGEST:
        raise parameter_error(SUBJECT, _t("Skal være ressurs og id, som «deviations/41»."))
    require_scope(request, f"{resource}:read")
    return [("resource", (resource,)), ("object_id", (int(pk),))]


def address_after(request: Request, position: int) -> str:
    """Return the address of what comes after a position, with the same filters."""
    kept = [(key, value) for key, values in request.query_params.lists() for value in values if key != AFTER]
    return f"{request.build_absolute_uri(request.path)}?{urlencode([*kept, (AFTER, str(position))])}"
