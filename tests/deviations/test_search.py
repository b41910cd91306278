"""What the search in deviations finds: inflections, compounds, other forms and misspellings, and only what one may read."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from deviations.models import Deviation
from organization.roles import Role
from tests.deviations import stories


@pytest.fixture
def place(world):
    return world.home


def finds(place, typed, role=Role.LEADER):
    actor = place.actor(role)
    return set(Deviation.objects.visible_to(actor).matching(typed, actor))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Nytt medisinavvik på avdelinga.", "medisin"),
        ("Nytt medisinavvik på avdelinga.", "avvik medisin"),
        ("Et avvik med medisin i natt.", "medisinavvik"),
        ("En ansatt falt. Fall i trappa.", "fallulykke"),
        ("Fallulykke i trappa.", "fall"),
        ("Det var på sykehjemsavdelingen.", "sykehjem"),
        ("Det var på sykehjemsavdelingen.", "sjukeheim"),
        ("Det var ved sjukeheimen.", "sykehjem"),
        ("Avdelinga på sykehjemmet er stengt.", "sykehjemsavdeling"),
        ("Brannalarmen gikk.", "alarm -vann"),
        ("Rullestolen manglet bremse.", "rulestol"),
        ("Den som fikk medsin i dag.", "medisin"),
    ],
)
def test_search__finds(place, written, typed):
    case = stories.report(place, description=written, code="")
    assert case in finds(place, typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("En politisk sak.", "is"),
        ("Nytt medisinavvik på avdelinga.", "vann"),
        ("Brannalarmen gikk.", "alarm -brann"),
        ("Et avvik med medisin i natt.", '"medisinavvik"'),
        ("Et avvik med medisin i natt.", "natt -medisin"),
        ("Avdelinga er stengt.", "sykehjemsavdeling"),
    ],
)
def test_search__does_not_find(place, written, typed):
    case = stories.report(place, description=written, code="")
    assert case not in finds(place, typed)


def test_search__only_what_one_may_read(world):
    case = stories.report(world.home, description="Medisinavvik i natt.", code="")
    hidden = stories.report(world.home, description="Medisinavvik hos oss.", code="TJ-LM-SVINN")
    assert finds(world.home, "medisin", Role.LEADER) >= {case}
    assert hidden not in finds(world.home, "medisin", Role.VERNEOMBUD)
    for typed in ("medisin", "medisn", "medisinavvik"):
        assert not finds(world.neighbor, typed, Role.LEADER)


def test_search__does_not_guess_where_something_is_found(place):
    exact = stories.report(place, description="Medisin i natt.", code="")
    near = stories.report(place, description="Medsyn i natt.", code="")
    assert finds(place, "medisin") == {exact}
    assert near not in finds(place, "medisin")


def test_save__writes_what_compounds_hide_and_edits_it_along(place):
    case = stories.draft(place, description="Medisinavvik.")
    assert case.compounds == "medisin avvik"
    case.description = "Fallulykke."
    case.save()
    case.refresh_from_db()
    assert case.compounds == "fall ulykke"


def test_rebuild_search__writes_what_is_missing_without_history(place):
    case = stories.report(place, description="Medisinavvik.", code="")
    events = Deviation.pgh_event_model.objects.filter(pgh_obj=case)
    before = events.count()
    Deviation.objects.filter(pk=case.pk).update(compounds="")
    assert not Deviation.objects.filter(pk=case.pk, search="medisin").exists()
    call_command("rebuild_search", stdout=StringIO())
    case.refresh_from_db()
    assert case.compounds == "medisin avvik"
    assert events.count() == before
    told = StringIO()
    call_command("rebuild_search", stdout=told)
    assert "0 rows" in told.getvalue()
