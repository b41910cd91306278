"""The browser of the browser tests."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

HOW_TO_GET_ONE = """\
There is no Chromium on this machine, so the browser tests were skipped.
They check the main job, keyboard, accessibility and narrow screens.
Debian, Ubuntu:  apt install chromium
Elsewhere:       set CHROMIUM to the path of a Chromium or Chrome"""


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of Chromium or Chrome, or nothing when there is none."""
    candidates = (environ["CHROMIUM"],) if environ.get("CHROMIUM") else NAMES
    for name in candidates:
        if found := shutil.which(name, path=environ.get("PATH")):
            return found
    return None
