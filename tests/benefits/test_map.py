"""The benefit map: what may lead to what, that no box covers another, and who sees and changes it."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree.ElementTree import fromstring

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from benefits.map import BenefitMap, Box, map_of
from benefits.map_drawing import WIDTH, draw, layout, wrapped
from benefits.models import Benefit, MapLink, MapNode
from benefits.operations import mapping
from core.charts.svg import text_width
from core.errors import Refused
from core.workflow import TransitionDenied
from organization.roles import Role
from tests import stories as initiatives
from tests.benefits import stories

MAX_QUERIES = 12
LONG = "Kompetanseutviklingsplanleggingsverktøyopplæring for hjemmetjenestemedarbeidere"


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def benefit(place):
    return stories.planned(place)


def url(name, *args):
    return reverse(f"benefits:{name}", args=args)


def by(place, role=Role.SERVICE_OWNER):
    return {"by": place.actor(role), "now": timezone.now()}


def node(benefit, place, title="Nettbrett", stage="enabler", **more):
    return mapping.save_node(benefit.initiative, box(title, stage), **by(place), **more)


def box(title="Nettbrett", stage="enabler"):
    return mapping.NodeInput(stage=stage, title=title, prerequisites="")


def link(benefit, place, source, target):
    return mapping.add_link(benefit.initiative, source, target, **by(place))


def another(benefit, title):
    return Benefit.objects.create(
        initiative=benefit.initiative, title=title, beneficiary="citizens", kind="quality", form="not_priced",
        created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip


# --- What may lead to what -----------------------------------------------------------------------
def test_link__forwards_from_enabler_to_goal(benefit, place):
    first, second = node(benefit, place), node(benefit, place, "Dokumentere hos bruker", "business_change")
    goal = benefit.initiative.goals.first()
    for source, target in (
        (f"n{first.pk}", f"n{second.pk}"),
        (f"n{second.pk}", f"b{benefit.pk}"),
        (f"b{benefit.pk}", f"g{goal.pk}"),
    ):
        link(benefit, place, source, target)
    drawn = map_of(benefit.initiative, [benefit])
    assert [box.title for box in drawn.after(f"n{first.pk}")] == ["Dokumentere hos bruker"]
    assert drawn.boxes[f"b{benefit.pk}"].title == benefit.title
    assert drawn.loose() == []


def test_link__backwards_is_refused_with_what_to_do(benefit, place):
    first, second = node(benefit, place), node(benefit, place, "Opplæring", "change")
    with pytest.raises(Refused, match=r"framover.*Bytt om"):
        link(benefit, place, f"n{second.pk}", f"n{first.pk}")
    with pytest.raises(Refused, match="framover"):
        link(benefit, place, f"b{benefit.pk}", f"n{first.pk}")


def test_link__within_a_column_and_to_itself_is_refused(benefit, place):
    first, second = node(benefit, place), node(benefit, place, "Nett overalt")
    with pytest.raises(Refused, match="framover"):
        link(benefit, place, f"n{first.pk}", f"n{second.pk}")
    with pytest.raises(Refused, match="forskjellige"):
        link(benefit, place, f"n{first.pk}", f"n{first.pk}")


def test_link__twice_is_refused(benefit, place):
    first = node(benefit, place)
    link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")
    with pytest.raises(Refused, match="fører alt til"):
        link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")


def test_link_benefits__in_a_ring_is_refused(benefit, place):
    other = another(benefit, "Tryggere pasienter")
    link(benefit, place, f"b{benefit.pk}", f"b{other.pk}")
    with pytest.raises(Refused, match="i ring"):
        link(benefit, place, f"b{other.pk}", f"b{benefit.pk}")


def test_link_benefits__the_last_is_the_end_benefit(benefit, place):
    end, more = another(benefit, "Tryggere pasienter"), another(benefit, "Mer tid til bruker")
    link(benefit, place, f"b{benefit.pk}", f"b{end.pk}")
    drawn = map_of(benefit.initiative, benefit.initiative.benefits.all())
    assert (str(drawn.boxes[f"b{benefit.pk}"].heading), str(drawn.boxes[f"b{end.pk}"].heading)) == (
        "Gevinster",
        "Sluttgevinster",
    )
    with pytest.raises(Refused, match="bare føre til mål"):
        link(benefit, place, f"b{end.pk}", f"b{more.pk}")
    with pytest.raises(Refused, match="La «Mer tid til bruker» føre dit"):
        link(benefit, place, f"b{more.pk}", f"b{benefit.pk}")


@pytest.mark.parametrize("target", ["n0", "b999999", "g1", "x", "n"])
def test_link__to_a_box_of_another_plan_is_refused(benefit, place, world, target):
    strange = node(stories.planned(world.neighbor), world.neighbor)
    first = node(benefit, place)
    for key in (target, f"n{strange.pk}"):
        with pytest.raises(Refused, match="tatt ut av kartet"):
            link(benefit, place, f"n{first.pk}", key)


def test_move_box__only_when_nothing_is_bound_to_it(benefit, place):
    first = node(benefit, place)
    bound = link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")
    with pytest.raises(Refused, match="Fjern lenkene"):
        node(benefit, place, "Nettbrett", "change", node=first)
    mapping.remove_link(bound, **by(place))
    assert node(benefit, place, "Nettbrett", "change", node=first).stage == "change"


def test_remove_box__takes_its_lines_and_keeps_its_history(benefit, place):
    first = node(benefit, place)
    link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")
    pk = first.pk
    mapping.remove_node(first, **by(place))
    assert not MapLink.objects.filter(initiative=benefit.initiative).exists()
    assert MapNode.pgh_event_model.objects.filter(pgh_obj_id=pk).count() == 2


def test_draw__a_dropped_benefit_is_not_there(benefit, place):
    first = node(benefit, place)
    link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")
    Benefit.objects.filter(pk=benefit.pk).update(status="dropped")
    drawn = map_of(benefit.initiative, Benefit.objects.filter(pk=benefit.pk))
    assert f"b{benefit.pk}" not in drawn.boxes
    assert drawn.links == {}


# --- Drawing -------------------------------------------------------------------------------------
def made_of(titles, links):
    drawn = BenefitMap()
    for at, (title, column) in enumerate(titles):
        drawn.boxes[f"n{at}"] = Box(f"n{at}", title, column)
    for begin, end in links:
        source, target = (f"n{key % len(titles)}" for key in (begin, end))
        if drawn.boxes[source].column < drawn.boxes[target].column:
            drawn.links[source, target] = 1
    return drawn


words = st.lists(st.sampled_from(["Sykefraværsoppfølgingsrutine", "ny", LONG, "i drift", "W" * 60, "og"]), min_size=1, max_size=6).map(" ".join)  # fmt: skip
titles = st.lists(st.tuples(words, st.integers(0, 5)), min_size=1, max_size=14)
pairs = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=25)


@settings(max_examples=60, deadline=None)
@given(titles, pairs)
def test_layout__no_box_covers_another_and_all_text_stands_inside(titles, pairs):
    made = layout(made_of(titles, pairs))
    for column in made.columns:
        for one, other in combinations(column, 2):
            above, below = sorted((one, other), key=lambda place: place.y)
            assert above.y + above.height <= below.y
        for place in column:
            assert place.y >= 0
            assert place.y + place.height <= made.height
            assert all(text_width(line) <= WIDTH - 22 for line in place.lines)


def test_wrap__divides_a_long_word_and_loses_no_letter():
    lines = wrapped(LONG, 120)
    assert "".join(line.removesuffix("-") for line in lines).replace(" ", "") == LONG.replace(" ", "")
    assert wrapped("", 120) == ("–",)


def test_draw__is_named_described_and_escaped():
    chart = draw(made_of([("<b>Nett</b> & brett", 0), ("Opplæring", 1)], [(0, 1)]), title="Gevinstkart")
    root = fromstring(str(chart.markup))
    assert root.get("role") == "img"
    assert "1 lenke" in chart.description
    assert "<b>" not in chart.markup
    assert chart.rows[0][:3] == ("IT-muliggjørere", "<b>Nett</b> & brett", "Opplæring")
    assert "style=" not in chart.markup


# --- Pages ---------------------------------------------------------------------------------------
def test_page__is_there_in_words_for_everybody_in_the_municipality(as_role, benefit, place):
    first = node(benefit, place, "Nettbrett til alle")
    link(benefit, place, f"n{first.pk}", f"b{benefit.pk}")
    text = as_role(Role.EMPLOYEE).get(url("benefit_map", benefit.initiative_id)).content.decode()
    assert "<svg" in text
    assert re.search(r"<th[^>]*><span>Nettbrett til alle</span>", text)
    assert "Ny boks" not in text
    assert (
        "Ny boks"
        in as_role(Role.SERVICE_OWNER).get(url("benefit_map", benefit.initiative_id)).content.decode()
    )


def test_forms__build_the_map_and_keep_what_was_typed(as_role, benefit, place):
    client, pk = as_role(Role.SERVICE_OWNER), benefit.initiative_id
    assert client.post(url("map_node_create", pk), {"stage": "x", "title": "Nettbrett"}).status_code == 422
    data = {"stage": "enabler", "title": "Nettbrett", "prerequisites": "Dekning"}
    assert client.post(url("map_node_create", pk), data).status_code == 302
    again = client.post(url("map_node_create", pk), data)
    assert again.status_code == 409
    assert "står alt i kolonnen" in again.content.decode()
    assert "Dekning" in again.content.decode()
    made = MapNode.objects.get(initiative=pk)
    ends = {"source": f"n{made.pk}", "target": f"b{benefit.pk}"}
    assert client.post(url("map_link_create", pk), ends).status_code == 302
    assert client.post(url("map_link_create", pk), ends).status_code == 409
    assert client.post(url("map_link_create", pk), {"source": "\0", "target": ""}).status_code == 422
    assert client.post(url("map_link_remove", MapLink.objects.get(initiative=pk).pk)).status_code == 302
    assert client.post(url("map_node_remove", made.pk)).status_code == 302
    assert not MapNode.objects.filter(initiative=pk).exists()


def test_change_map__not_by_those_who_only_read(as_role, benefit, place, world):
    first, pk = node(benefit, place), benefit.initiative_id
    for name, key in (
        ("map_node_create", pk),
        ("map_link_create", pk),
        ("map_node_edit", first.pk),
        ("map_node_remove", first.pk),
    ):
        assert as_role(Role.EMPLOYEE).get(url(name, key)).status_code == 403
        assert as_role(Role.PORTFOLIO_MANAGER, world.neighbor).get(url(name, key)).status_code == 404
    with pytest.raises(TransitionDenied):
        mapping.remove_node(first, **by(place, Role.EMPLOYEE))
    with pytest.raises(Http404):
        mapping.remove_node(first, **by(world.stranger))


def test_change_map__not_when_the_initiative_is_over(place):
    initiative = initiatives.decided(place, "reject")
    with pytest.raises(Refused, match="avsluttet"):
        mapping.save_node(initiative, box(), **by(place, Role.SECRETARIAT))


def test_page__few_queries_whatever_the_number_of_boxes(
    as_role, benefit, place, django_assert_max_num_queries
):
    client, address = as_role(Role.SERVICE_OWNER), url("benefit_map", benefit.initiative_id)
    node(benefit, place)
    client.get(address)
    with django_assert_max_num_queries(MAX_QUERIES) as few:
        client.get(address)
    for number in range(6):
        made = node(benefit, place, f"Boks {number}")
        link(benefit, place, f"n{made.pk}", f"b{benefit.pk}")
    with django_assert_max_num_queries(len(few)):
        client.get(address)
