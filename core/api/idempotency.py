"""``Idempotency-Key``: a request that is sent again is answered again, not carried out again.

The key is remembered in the transaction of the write itself.  Whatever happens in between, a
kill included, either both are there or neither is, and the caller may always send once more.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson
from django.core.files import File
from django.db import connection, transaction
from django.http import HttpResponse

from core.api.problems import ApiProblem
from core.api.renderers import write_json
from core.models import IdempotentRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response

    from core.actors import Actor

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(days=1)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("ETag", "Location")
_SWEPT_AT_ONCE = 100


def once(
    request: Request, act: Callable[[], Response], *, again: Callable[[int], Response], now: datetime
) -> HttpResponseBase:
    """Carry ``act`` out in one transaction, or repeat the answer that its key already got.

    Call it after the caller's access is checked, so that a repeat shows nothing that is no
    longer the caller's to see.  To a caller whose roles have changed since, the repeat tells
    by ``again`` of the record (its id) as the caller may read it now.  What ``act`` refuses is
    rolled back and not remembered.

    :raises ApiProblem: the key is malformed (400), used for something else (422), or its first
        request is still under way (409).
    """
    key = key_of(request)
    with transaction.atomic():
        if not key:
            return act()
        known = _known(request, key, now)
        if known is not None:
            same = known.scope_hash == _scope(request)
            return _replay(known) if same else _tell(known, again)
        response = act()
        _remember(request, key, response, now)
        return response


def key_of(request: Request) -> str:
    """Return the key of the request, «» without one.

    :raises ApiProblem: it is malformed.
    """
    key: str = request.headers.get(HEADER, "")
    if key and not _KEY.fullmatch(key):
        raise ApiProblem("malformed", errors=[{"parameter": HEADER, "detail": "1–200 ASCII"}])
    return key


def _known(request: Request, key: str, now: datetime) -> IdempotentRequest | None:
    if not _lock(_caller(request), key):
        raise ApiProblem("in-progress", headers={"Retry-After": "1"})
    rows = IdempotentRequest.objects.filter(person_id=_caller(request), key=key, created_at__gt=now - KEPT)
    known = rows.first()
    if known is not None and known.request_hash != _fingerprint(request):
        raise ApiProblem("key-reused")
    return known


def _caller(request: Request) -> int:
    return cast("int", request.user.pk)


def _lock(person_id: int, key: str) -> bool:
    """Hold the key until the transaction ends; return false if another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [lock_name(person_id, key)]
        )
        return bool(cursor.fetchone()[0])


def lock_name(person_id: int, key: str) -> str:
    return f"idempotency/{person_id}/{key}"


def _remember(request: Request, key: str, response: Response, now: datetime) -> None:
    sweep(now, at_most=_SWEPT_AT_ONCE)
    headers = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    body = "" if response.data is None else write_json(response.data).decode()
    IdempotentRequest.objects.filter(person_id=_caller(request), key=key).delete()
    IdempotentRequest.objects.create(
        person_id=_caller(request), key=key, method=str(request.method), path=request.path[:500],
        request_hash=_fingerprint(request), scope_hash=_scope(request), status=response.status_code, headers=headers, body=body, created_at=now,
    )  # fmt: skip


def sweep(now: datetime, *, at_most: int = 10_000) -> int:
    """Forget what is older than a day, and return how much; rows that somebody else sweeps are left to them."""
    old = IdempotentRequest.objects.filter(created_at__lte=now - KEPT).order_by("pk")
    swept = old.select_for_update(skip_locked=True).values("pk")[:at_most]
    with transaction.atomic():
        return IdempotentRequest.objects.filter(pk__in=swept).delete()[0]


def forget_answers(model: type[Model], ids: Sequence[int], *, columns: frozenset[str], now: datetime) -> None:
    """Forget what answers said about records; that the requests were carried out is still known.

    For the setting ``RETENTION_FOLLOWERS``.  An answer tells of one record and begins with its id.
    """
    del model, columns, now
    pattern = f'^{{"id":({"|".join(map(str, ids))}),'
    IdempotentRequest.objects.filter(body__regex=pattern).update(body="{}")


def _tell(known: IdempotentRequest, again: Callable[[int], Response]) -> HttpResponseBase:
    """Answer as then, with the record as it is read now."""
    subject = orjson.loads(known.body or "{}").get("id")
    if subject is None:  # forgotten: there is nothing to read
        return _replay(known)
    answer = again(subject)
    answer.status_code = known.status
    for name, value in {**known.headers, REPLAYED: "true"}.items():
        answer.headers.setdefault(name, value)
    return answer


def _replay(known: IdempotentRequest) -> HttpResponse:
    answer = HttpResponse(known.body, status=known.status, content_type="application/json")
    for name, value in {**known.headers, REPLAYED: "true"}.items():
        answer[name] = value
    return answer


def _scope(request: Request) -> str:
    """Return a mark of all that decides what the caller sees."""
    actor: Actor = request.actor
    return hashlib.sha256(repr(actor.scope).encode()).hexdigest()


def _fingerprint(request: Request) -> str:
    """Return a mark of what is asked: the same JSON written in another way is the same request."""
    asked: list[Any] = [
        request.method,
        request.get_full_path(),
        request.headers.get("If-Match", ""),
        request.data,
    ]
    try:
        told = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS, default=_mark_of_file)
        return hashlib.sha256(told).hexdigest()
    except orjson.JSONEncodeError as too_deep:  # what can be read may be nested deeper than can be written
        raise ApiProblem("malformed") from too_deep


def _mark_of_file(value: Any) -> str:
    """Return what tells a file that was sent from another."""
    if not isinstance(value, File):
        raise TypeError
    value.seek(0)
    mark = hashlib.file_digest(cast("BinaryIO", value), "sha256").hexdigest()
    value.seek(0)
    return mark
