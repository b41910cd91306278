"""What the house's ``migrate`` leaves out: rendering models anew for what changes none of their fields."""

from __future__ import annotations

import pytest
from django.db import models
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel, RemoveIndex
from django.db.migrations.state import ProjectState

from core.management.commands.migrate import OPTIONS, rendering_fields_only

LENGTH = models.CheckConstraint(condition=~models.Q(name=""), name="named")


@pytest.fixture
def state():
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=10))]
    CreateModel("Thing", fields).state_forwards("core", state)
    assert state.apps.get_model("core", "Thing")
    return state


def test_rendering_fields_only__tells_the_rendered_model_without_rendering_it_anew(state):
    rendered = state.apps.get_model("core", "Thing")
    with rendering_fields_only():
        AddIndex("Thing", models.Index(fields=["name"], name="by_name")).state_forwards("core", state)
        AddConstraint("Thing", LENGTH).state_forwards("core", state)
    assert state.apps.get_model("core", "Thing") is rendered
    assert [index.name for index in rendered._meta.indexes] == ["by_name"]
    assert [one.name for one in rendered._meta.constraints] == ["named"]
    with rendering_fields_only():
        RemoveIndex("Thing", "by_name").state_forwards("core", state)
    assert rendered._meta.indexes == []
    assert state.models["core", "thing"].options["indexes"] == []


def test_rendering_fields_only__ends_as_it_began(state):
    before = [operation.state_forwards for operation in OPTIONS]
    with pytest.raises(RuntimeError), rendering_fields_only():
        raise RuntimeError
    assert [operation.state_forwards for operation in OPTIONS] == before
    rendered = state.apps.get_model("core", "Thing")
    AddConstraint("Thing", LENGTH).state_forwards("core", state)
    assert state.apps.get_model("core", "Thing") is not rendered
