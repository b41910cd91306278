"""The content of the demo: a fictional region of three municipalities, and the stories that are played in it.

`load()` returns everything, checked. Days are counted from the day of seeding (`demo.content.calendar`).
"""

from __future__ import annotations

from functools import lru_cache

from demo.content.build import ContentError
from demo.content.checks import check
from demo.content.collection import Content

__all__ = ["Content", "ContentError", "load"]


@lru_cache(maxsize=1)
def load() -> Content:
    """Load and check the whole content.

    :raises ContentError: naming file and key of the first mistake.
    """
    content = Content.read()
    check(content)
    return content
