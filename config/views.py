"""Addresses that a package brings and the house does without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.http import Http404

if TYPE_CHECKING:
    from django.http import HttpRequest


def absent(_request: HttpRequest) -> NoReturn:
    """Answer as if the page were not there.

    :raises Http404: always.
    """
    raise Http404
