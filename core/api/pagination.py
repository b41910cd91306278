"""Keyset pagination: no COUNT, no OFFSET, stable while rows are added."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Newest change first; ``page_size`` up to 200."""

    ordering = ("-changed_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
