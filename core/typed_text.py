"""What was typed when the session had ended is kept until the same person has logged in again.

A form that may take long carries a signed note of who opened it.  When it is sent without a
session, the note tells that it is ours, and the text waits in the new session: log-in keeps
that session's contents.  Nothing is kept for a form that nobody here was given.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.http import ActorRequest

    View = Callable[..., HttpResponse]

WRITER = "writer"
_SALT = "stafett.typed-text"
_KEY = "typed_text"
_LONGEST = 200_000
_LONGEST_TIME = 7 * 24 * 3600
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken", WRITER})


def note_of_writer(request: ActorRequest) -> str:
    """Return what the form carries to tell later who opened it, and where."""
    return signing.dumps([request.actor.person_id, request.path], salt=_SALT)


def keep_key(request: ActorRequest, form: str = "") -> str:
    """Return the name under which the browser keeps what is typed: the page, the person, and which of its forms."""
    return f"{request.path}:{request.actor.person_id}{form and f':{form}'}"


def keeps_typed_text(view: View) -> View:
    """Return ``view`` so that a form sent after the session has ended leads to log-in with its text kept."""

    @login_not_required
    @wraps(view)
    def wrapped(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and _keep(request):
            messages.info(request, _("Du var logget ut. Logg inn, så finner du igjen det du skrev."))
        log_in = redirect_to_login(request.get_full_path())
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": log_in.url})
        return log_in

    return wrapped


def _keep(request: ActorRequest) -> bool:
    try:
        person_id, path = signing.loads(request.POST.get(WRITER, ""), salt=_SALT, max_age=_LONGEST_TIME)
    except (signing.BadSignature, ValueError):
        return False
    sent = {key: values for key, values in request.POST.lists() if key not in _NEVER_KEPT}
    if path != request.path or sum(len(value) for values in sent.values() for value in values) > _LONGEST:
        return False
    request.session[_KEY] = {"person": person_id, "path": path, "sent": sent}
    return True


def kept_text(request: ActorRequest) -> QueryDict | None:
    """Return what this person had typed on this page when the session ended."""
    kept = request.session.get(_KEY)
    if kept is None or kept["path"] != request.path or kept["person"] != request.actor.person_id:
        return None
    data = QueryDict(mutable=True)
    for key, values in kept["sent"].items():
        data.setlist(key, values)
    return data


def confirm_saved(request: ActorRequest, response: HttpResponse, form: str = "") -> HttpResponse:
    """Tell session and browser that what was typed in a form of this page is saved and need not be kept."""
    if _KEY in request.session:
        del request.session[_KEY]
    if request.headers.get("HX-Request"):  # the page is still open and knows by itself
        return response
    response.set_cookie(
        "saved_text",
        keep_key(request, form),
        max_age=300,
        samesite="Lax",
        secure=request.is_secure(),
        path="/",
    )
    return response
