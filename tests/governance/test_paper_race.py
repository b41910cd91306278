"""Two secretaries at the same moment: on connections of their own, in one section and in two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.utils import timezone

from governance import paper_writing
from governance.models import CasePaper, PaperSection
from governance.paper_sections import kind_of
from governance.writing import StaleText, Typed
from organization.roles import Role
from tests import stories
from tests.portfolio.conftest import apart

WRITERS = (Role.SECRETARIAT, Role.COORDINATOR)


def write_at_once(place, case, keys):
    """Let each writer save a first text of a section at once; return who was told that somebody was first."""

    def write(role, key):
        typed = Typed(text=f"Skrevet av {role}.", version=0)
        try:
            paper_writing.save_section(case, kind_of(key), typed, by=place.actor(role), now=timezone.now())
        except StaleText as stale:
            return stale.standing.text
        return None

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(apart(write), WRITERS, keys))


def test_write_first__of_one_section_at_once_tells_one_of_them_of_the_other(together):
    case = stories.under_preparation(together.home)
    told = write_at_once(together.home, case, ["risk", "risk"])
    (row,) = PaperSection.objects.filter(paper__initiative=case)
    assert row.version == 1
    assert sorted(told, key=str) == sorted([row.text, None], key=str)
    assert CasePaper.objects.filter(initiative=case).count() == 1


def test_write_first__of_two_sections_at_once_never_meets(together):
    case = stories.under_preparation(together.home)
    assert write_at_once(together.home, case, ["risk", "background"]) == [None, None]
    assert PaperSection.objects.filter(paper__initiative=case, version=1).count() == 2
