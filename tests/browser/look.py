"""What is wrong with a page as it stands in the browser: axe's rules, and what sticks out at the side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Violations only, and of each what is told: the report of all that is right takes longer than the rules.
_RUN = """async ([tags, within]) => {
  const found = await axe.run(within ? document.querySelector(within) : document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map(rule => `${rule.id}: ${rule.nodes[0].html.slice(0, 120)}`);
}"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *, within: str = "") -> list[str]:
    """Return the rules that the page breaks, each with the first place where it does.

    :param within: a part of the page, where what surrounds it has been looked at; then rules about whole pages are not asked.
    """
    page.evaluate(AXE)
    return page.evaluate(_RUN, [TAGS, within])


def overflow(page: Page) -> int:
    """Return how many pixels stick out at the side of the window; 0 or less is none."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
