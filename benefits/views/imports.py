"""Read measurements from a file: see what it would do, and let it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits.importing import MEASUREMENTS
from organization.views.file_page import FilePage, example_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request


def _told(count: int) -> str:
    return ngettext("%(n)d måling er lest inn.", "%(n)d målinger er lest inn.", count) % {"n": count}


_PAGE = FilePage(
    kind=MEASUREMENTS, upload_template="benefits/import_upload.html", check_template="benefits/import_check.html",
    address="benefits:import", back="benefits:benefit_list", told=_told,
)  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Check a file and show what it would do; confirmed, it is read."""
    return _PAGE.take(request)


@require_GET
def template_file(request: Request) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    return example_of(request, MEASUREMENTS, name=_("mal-maalinger"))
