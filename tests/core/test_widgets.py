"""Controls that we write ourselves because Django's own way is slow are the same to the browser."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from core.forms import Renderer

CHOICES = [("", "Alle"), ("Sektor", [(1, "Skole & <kultur>"), (12_000, "Helse")]), (None, "Ingen")]


@pytest.mark.parametrize(
    ("widget", "chosen"),
    [
        (forms.Select(choices=CHOICES), 12_000),
        (forms.Select(choices=CHOICES), ""),
        (forms.Select(choices=CHOICES, attrs={"disabled": True}), None),
        (forms.SelectMultiple(choices=CHOICES), ["1", "12000"]),
        (forms.NullBooleanSelect(), True),
    ],
)
def test_draw_select__as_django_does(widget, chosen):
    ours, theirs = (
        widget.render("unit", chosen, {"id": "id_unit"}, renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert ours.split() == theirs.split()
    assert "selected" in ours


@pytest.mark.django_db
def test_show_label__of_a_record_as_django_does(world):
    unit = world.home.unit
    assert unit.get_kind_display() == str(unit.Kind(unit.kind).label)
    assert type(unit)(kind="unknown").get_kind_display() == "unknown"
    assert type(unit)(kind=None).get_kind_display() is None
