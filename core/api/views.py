"""What every view of the API shares, and the views that belong to no resource."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.filtering import QueryFilters, check_known, expansions
from core.api.pagination import CURSOR, KeysetPagination
from core.api.parsers import OrjsonParser
from core.api.permissions import HasScope, IsKnownPerson
from core.api.renderers import OrjsonRenderer
from core.api.rows import Row, plan_of
from core.api.schema import Schema, document
from core.statements import Shelf

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.parsers import BaseParser
    from rest_framework.request import Request

    from core.actors import Actor
    from core.api.pagination import Wanted

_statements = Shelf(keeps_plans=True)


class Negotiation(DefaultContentNegotiation):
    """Choose the format by ``Accept`` alone; ``?format=`` is a parameter like any other."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)


class ApiView(APIView):
    """A view of the API.

    For the OpenAPI document: ``problems`` are statuses beyond the usual ones by method,
    ``idempotent`` the methods that take an ``Idempotency-Key``, ``versioned`` those that take
    ``If-Match`` with whether they demand it, ``tagged`` those that answer with an ``ETag``, and
    ``expands`` the row that ``?expand=`` adds to.

    ``resource`` names what machines need a scope for; without one they are kept out, unless the view is
    ``scopeless``.  The methods in ``people_only`` ask for a role, which no machine has: no scope opens them.
    Who lets machines in, and how often they may call, is set by ``REST_FRAMEWORK``.
    """

    content_negotiation_class = Negotiation

    permission_classes = (IsKnownPerson, HasScope)
    parser_classes: Sequence[type[BaseParser]] = (OrjsonParser,)
    renderer_classes = (OrjsonRenderer,)
    http_method_names = ["get", "post", "patch", "head"]
    schema = Schema()

    resource: ClassVar[str] = ""
    scopeless: ClassVar[bool] = False
    people_only: ClassVar[tuple[str, ...]] = ()
    problems: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    idempotent: ClassVar[tuple[str, ...]] = ()
    versioned: ClassVar[Mapping[str, bool]] = {}
    tagged: ClassVar[tuple[str, ...]] = ()
    expands: ClassVar[type[Row] | None] = None
    expands_more: ClassVar[tuple[str, ...]] = ()

    @property
    def actor(self) -> Actor | None:
        """Who calls; nobody while the OpenAPI document is made, and nobody sees nothing."""
        return getattr(getattr(self, "request", None), "actor", None)

    @property
    def caller(self) -> Actor:
        """Who calls, where somebody must.

        :raises NotAuthenticated: nobody does.
        """
        if self.actor is None:
            raise NotAuthenticated
        return self.actor

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Keep what one caller sees out of every cache, and count the calls of machines."""
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        finished.headers.setdefault("Cache-Control", "private, no-store")
        machine = getattr(request, "auth", None)
        if machine is not None:
            machine.note_call(self.resource, finished.status_code)
        return finished


class ListView(ListModelMixin, ApiView, GenericAPIView):
    """A list: ``visible_to`` first, then filters, then one page of rows, in one query.

    Set ``serializer_class`` (a ``Row``) and ``filterset_class``, and give ``get_queryset``.  Its SQL
    is built once for each caller, day and set of parameters: it may depend on these, but not on the
    time of day.  What a filter reads from the database is read anew each time.
    """

    filter_backends = (QueryFilters,)
    pagination_class = KeysetPagination
    filterset_class: ClassVar[Any] = None

    def get(self, request: Request) -> Response:
        row: Any = self.serializer_class
        plan = plan_of(row, expansions(request, row))
        pages = KeysetPagination()
        wanted = pages.wanted(request)

        def build() -> QuerySet[Any]:
            return pages.select(self.filter_queryset(self.get_queryset()), plan, wanted, self.first)

        statement = _statements.get(self._depends_on(request, wanted), build)
        return Response(pages.page(statement, plan, wanted, request))

    def first(self, rows: QuerySet[Any], ordering: tuple[str, ...], count: int) -> QuerySet[Any]:
        """Return the first rows of a queryset in an order; a list that finds them faster another way says how."""
        return rows.order_by(*ordering)[:count]

    def _depends_on(self, request: Request, wanted: Wanted) -> Hashable:
        """Return all that the SQL of the list depends on, other than the place of the cursor."""
        asked = tuple((name, *values) for name, values in request.query_params.lists() if name != CURSOR)
        scope = self.actor.scope if self.actor else None
        return type(self), *self.kwargs.items(), scope, timezone.localdate(), asked, wanted.after is None


@extend_schema(exclude=True)
class SchemaView(ApiView):
    """The OpenAPI document, as YAML or JSON."""

    scopeless = True
    content_negotiation_class = DefaultContentNegotiation
    renderer_classes = (OpenApiYamlRenderer, OpenApiJsonRenderer)

    def get(self, request: Request) -> Response:
        check_known(request, ("format",))
        return Response(
            document(), headers={"Content-Disposition": 'inline; filename="stafett-openapi.yaml"'}
        )


@extend_schema(exclude=True)
class NothingHere(ApiView):
    """Every address below the API that is none: refused as a problem, not as a page."""

    scopeless = True
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    def get(self, request: Request, **_kwargs: Any) -> Response:
        raise Http404

    post = put = patch = delete = get
