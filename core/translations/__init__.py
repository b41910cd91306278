"""Catalogs of translations without GNU gettext: extract, update, compile and check.

The text in the source is bokmål and is the msgid, so bokmål is always complete.  Every other
language has a catalog ``locale/<language>/LC_MESSAGES/django.po``; a language exists when its
catalog does.
"""

from core.translations.catalogs import catalog_path, compile_catalog, languages, update_catalog
from core.translations.checks import problems_of
from core.translations.extraction import extract
from core.translations.marking import unmarked_text

__all__ = [
    "catalog_path",
    "compile_catalog",
    "extract",
    "languages",
    "problems_of",
    "unmarked_text",
    "update_catalog",
]
