"""Errors as RFC 9457 problem details, in the caller's language.

Every refusal of the API is one of ``KINDS``.  The domain raises its own named exceptions;
``problem_details`` (the setting ``EXCEPTION_HANDLER``) turns them into problems, so that no
view has to.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import Refused, StaleVersion
from core.workflow import TransitionBlocked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.functional import _StrOrPromise as StrOrPromise

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("django.request")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: clients recognize it by ``type``, people read title and advice."""

    slug: str
    status: int
    title: StrOrPromise
    advice: StrOrPromise

    @property
    def type(self) -> str:
        return f"urn:problem-type:stafett:{self.slug}"


_ALL = (
    Kind("malformed", 400, gettext_lazy("Forespørselen kan ikke leses"), gettext_lazy("Send gyldig JSON i UTF-8.")),
    Kind(
        "which-client", 400, gettext_lazy("Tokenet gjelder flere klienter"),
        gettext_lazy("Organisasjonen er gitt tilgang av flere. Send «Stafett-Client» med ID-en til den klienten kallet gjelder."),
    ),
    Kind("parameter", 400, gettext_lazy("Noe i adressen er feil"), gettext_lazy("Rett parameterne som er nevnt i «errors».")),
    Kind(
        "login", 401, gettext_lazy("Du er ikke logget inn"),
        gettext_lazy("Send et token i hodet «Authorization: Bearer …», eller logg inn i Stafett først."),
    ),
    Kind(
        "token", 401, gettext_lazy("Tokenet kan ikke brukes"),
        gettext_lazy("Det er ukjent, utløpt eller trukket tilbake. Hent et nytt."),
    ),
    Kind(
        "csrf", 403, gettext_lazy("Sikkerhetsmerket mangler eller er feil"),
        gettext_lazy("Send verdien av informasjonskapselen «csrftoken» i hodet «X-CSRFToken»."),
    ),
    Kind(
        "scope", 403, gettext_lazy("Klienten har ikke denne tilgangen"),
        gettext_lazy("«WWW-Authenticate» sier hvilken som mangler. Kommunens administrator kan gi den."),
    ),
    Kind(
        "not-allowed", 403, gettext_lazy("Du har ikke tilgang til dette"),
        gettext_lazy("Handlingen krever en rolle du ikke har på denne saken, eller saken kan ikke endres der den står nå."),
    ),
    Kind(
        "not-found", 404, gettext_lazy("Fant ikke det du spør etter"),
        gettext_lazy("Det finnes ikke, eller det er ikke ditt å se. Adressene slutter med «/»."),
    ),
    Kind("method", 405, gettext_lazy("Metoden kan ikke brukes her"), gettext_lazy("Hodet «Allow» sier hvilke som kan.")),
    Kind("not-acceptable", 406, gettext_lazy("Svaret finnes ikke i det formatet"), gettext_lazy("Be om «application/json».")),
    Kind(
        "not-ready", 409, gettext_lazy("Saken er ikke klar for dette"),
        gettext_lazy("«reasons» sier hva som mangler eller hvor saken står."),
    ),
    Kind(
        "in-progress", 409, gettext_lazy("Den samme forespørselen er i gang"),
        gettext_lazy("Vent litt og send den på nytt med samme «Idempotency-Key»."),
    ),
    Kind(
        "stale", 412, gettext_lazy("Noen andre har endret saken"),
        gettext_lazy("Hent saken på nytt, og send endringen med den nye «ETag»."),
    ),
    Kind("too-large", 413, gettext_lazy("Forespørselen er for stor"), gettext_lazy("Send mindre om gangen.")),
    Kind(
        "media-type", 415, gettext_lazy("Formatet kan ikke leses"),
        gettext_lazy("Send JSON med «Content-Type: application/json»."),
    ),
    Kind(
        "invalid", 422, gettext_lazy("Noe i innholdet er feil"),
        gettext_lazy("«errors» peker på hvert felt (JSON Pointer) og sier hva som må rettes."),
    ),
    Kind(
        "key-reused", 422, gettext_lazy("Nøkkelen er brukt til noe annet"),
        gettext_lazy("Bruk en ny «Idempotency-Key» for hver ny forespørsel."),
    ),
    Kind(
        "precondition", 428, gettext_lazy("Forespørselen må si hvilken versjon den endrer"),
        gettext_lazy("Send «If-Match» med verdien av «ETag» fra da saken ble hentet."),
    ),
    Kind("too-many", 429, gettext_lazy("For mange forespørsler"), gettext_lazy("Vent så lenge «Retry-After» sier.")),
    Kind(
        "unavailable", 503, gettext_lazy("Tokenet kan ikke kontrolleres nå"),
        gettext_lazy("Nøklene til den som har utstedt det, kan ikke hentes. Prøv igjen når «Retry-After» er gått."),
    ),
    Kind(
        "failure", 500, gettext_lazy("Noe gikk galt hos oss"),
        gettext_lazy("Prøv igjen om litt. Oppgi «X-Request-ID» hvis du melder fra."),
    ),
)  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in _ALL}


class ApiProblem(exceptions.APIException):
    """A refusal with all that a client needs to put it right.

    ``errors`` are dicts with ``detail`` and either ``pointer`` (into the body, RFC 6901, as a
    fragment) or ``parameter`` (of the address).
    """

    def __init__(
        self, slug: str, detail: StrOrPromise = "", *, errors: Sequence[Mapping[str, str]] = (),
        reasons: Sequence[StrOrPromise] = (), headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.kind = KINDS[slug]
        self.status_code = self.kind.status
        super().__init__(str(detail or self.kind.advice), code=slug)
        self.errors, self.reasons, self.headers = list(errors), [str(r) for r in reasons], dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the members of the problem; those that are empty are left out."""
        told: dict[str, Any] = {
            "type": self.kind.type, "title": str(self.kind.title), "status": self.kind.status,
            "detail": str(self.detail),
        }  # fmt: skip
        if self.errors:
            told["errors"] = self.errors
        if self.reasons:
            told["reasons"] = self.reasons
        return told

    def response(self) -> Response:
        return Response(self.body(), status=self.kind.status, headers=self.headers, content_type=MEDIA_TYPE)


def parameter_error(name: str, detail: StrOrPromise) -> ApiProblem:
    """Return the problem of one parameter of the address."""
    return ApiProblem("parameter", errors=[{"parameter": name, "detail": str(detail)}])


def problem_details(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Return the answer that an exception means."""
    problem = problem_of(exc)
    return _unforeseen(exc, context) if problem is None else problem.response()


def problem_of(exc: Exception) -> ApiProblem | None:
    """Return the problem that an exception means, ``None`` where it is a fault of ours."""
    if isinstance(exc, ApiProblem):
        return exc
    found = (translate for exception, translate in _TRANSLATIONS if isinstance(exc, exception))
    translate = next(found, None)
    return translate(exc) if translate else None


def _unforeseen(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Tell of a fault of ours as Django does, so that it is logged and tests fail, but answer in JSON."""
    request = context.get("request")
    plain = getattr(request, "_request", request)
    got_request_exception.send(sender=None, request=plain)
    match = getattr(plain, "resolver_match", None)
    log.error("Internal Server Error: %s", match.route if match else "-", exc_info=exc)
    return ApiProblem("failure").response()


def _plain(slug: str) -> Callable[[Any], ApiProblem]:
    return lambda _exc: ApiProblem(slug)


def _with_reasons(exc: Any) -> ApiProblem:
    return ApiProblem("not-ready", "\n".join(str(reason) for reason in exc.reasons), reasons=exc.reasons)


def _login(exc: Any) -> ApiProblem:
    header = getattr(exc, "auth_header", None)
    return ApiProblem("login", headers={"WWW-Authenticate": header} if header else None)


def _method(exc: Any) -> ApiProblem:
    return ApiProblem("method")


def _throttled(exc: exceptions.Throttled) -> ApiProblem:
    return ApiProblem("too-many", headers={"Retry-After": str(int(exc.wait or 1))})


def _media_type(exc: Any) -> ApiProblem:
    return ApiProblem("media-type", _("Send JSON med «Content-Type: application/json»."))


# The first that fits counts.
_TRANSLATIONS: tuple[tuple[Any, Callable[[Any], ApiProblem]], ...] = (
    (TransitionBlocked, _with_reasons),
    (Refused, _with_reasons),
    (StaleVersion, _plain("stale")),
    ((Http404, exceptions.NotFound), _plain("not-found")),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), _login),
    ((PermissionDenied, exceptions.PermissionDenied), _plain("not-allowed")),
    (exceptions.MethodNotAllowed, _method),
    (exceptions.NotAcceptable, _plain("not-acceptable")),
    (exceptions.UnsupportedMediaType, _media_type),
    (exceptions.Throttled, _throttled),
    (RequestDataTooBig, _plain("too-large")),
    (
        (exceptions.ParseError, SuspiciousOperation, MultiPartParserError, UnreadablePostError),
        _plain("malformed"),
    ),
)
