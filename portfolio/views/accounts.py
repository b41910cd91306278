"""Read what projects have spent from a file of accounting: see what it would do, and let it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from organization.views.file_page import FilePage, example_of
from portfolio.money.importing import ACCOUNTS

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request


def _told(count: int) -> str:
    return ngettext("%(n)d linje er lest inn.", "%(n)d linjer er lest inn.", count) % {"n": count}


_PAGE = FilePage(
    kind=ACCOUNTS, upload_template="portfolio/accounts_upload.html", check_template="portfolio/accounts_check.html",
    address="portfolio:accounts_import", back="portfolio:table", told=_told,
)  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def accounts_import(request: Request) -> HttpResponse:
    """Check a file and show what it would do; confirmed, it is read."""
    return _PAGE.take(request)


@require_GET
def accounts_template(request: Request) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    return example_of(request, ACCOUNTS, name=_("mal-regnskap"))
