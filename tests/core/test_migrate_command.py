"""What the house's ``migrate`` leaves out: rendering models anew for what is only added to them."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveIndex,
)
from django.db.migrations.state import ProjectState, StateApps

from core.management.commands.migrate import TOLD, Command, rendering_changes_only

LENGTH = models.CheckConstraint(condition=~models.Q(name=""), name="named")


def create(state, name, *fields):
    CreateModel(name, [("id", models.AutoField(primary_key=True)), *fields]).state_forwards("core", state)


@pytest.fixture
def state():
    state = ProjectState()
    create(state, "Thing", ("name", models.CharField(max_length=10)))
    assert state.apps.get_model("core", "Thing")
    return state


def test_rendering_changes_only__tells_the_rendered_model_of_its_options(state):
    rendered = state.apps.get_model("core", "Thing")
    with rendering_changes_only():
        AddIndex("Thing", models.Index(fields=["name"], name="by_name")).state_forwards("core", state)
        AddConstraint("Thing", LENGTH).state_forwards("core", state)
    assert state.apps.get_model("core", "Thing") is rendered
    assert [index.name for index in rendered._meta.indexes] == ["by_name"]
    assert [one.name for one in rendered._meta.constraints] == ["named"]
    with rendering_changes_only():
        RemoveIndex("Thing", "by_name").state_forwards("core", state)
    assert rendered._meta.indexes == []
    assert state.models["core", "thing"].options["indexes"] == []


def test_rendering_changes_only__adds_models_and_fields_and_their_relations(state):
    rendered = state.apps.get_model("core", "Thing")
    link = models.ForeignKey("core.Thing", models.CASCADE)
    with rendering_changes_only():
        create(state, "Part", ("thing", link))
        later = state.clone()  # as between two operations: the models are the same, the registry is not
        create(later, "Owner")
        AddField("Thing", "owner", models.ForeignKey("core.Owner", models.CASCADE)).state_forwards(
            "core", later
        )
        AddField("Thing", "parts", models.ManyToManyField("core.Part", related_name="+")).state_forwards(
            "core", later
        )
    assert later.apps.get_model("core", "Thing") is rendered
    part, owner = later.apps.get_model("core", "Part"), later.apps.get_model("core", "Owner")
    assert part._meta.get_field("thing").related_model is rendered
    assert rendered._meta.get_field("part").related_model is part
    assert rendered._meta.get_field("owner").related_model is owner
    assert owner._meta.get_field("thing").related_model is rendered
    assert (
        rendered._meta.get_field("parts").remote_field.through._meta.get_field("part").related_model is part
    )
    assert list(later.models["core", "thing"].fields) == ["id", "name", "owner", "parts"]
    AlterField("Owner", "id", models.BigAutoField(primary_key=True)).state_forwards("core", later)
    fresh = later.apps.get_model("core", "Thing")
    assert fresh._meta.get_field("owner").related_model is later.apps.get_model("core", "Owner")


def test_rendering_changes_only__renders_anew_what_the_database_knows_of_a_field_only(state):
    rendered = state.apps.get_model("core", "Thing")
    with rendering_changes_only():
        words = models.CharField("navn", max_length=10, blank=True, help_text="Kort.")
        AlterField("Thing", "name", words).state_forwards("core", state)
        assert state.apps.get_model("core", "Thing") is rendered
        assert state.is_delayed
        assert state.models["core", "thing"].fields["name"].verbose_name == "navn"
        for changed in (
            models.CharField("navn", max_length=20, blank=True, help_text="Kort."),
            models.CharField("navn", max_length=20, blank=True, help_text="Kort.", db_column="navn"),
        ):
            before = state.apps.get_model("core", "Thing")
            AlterField("Thing", "name", changed).state_forwards("core", state)
            assert state.apps.get_model("core", "Thing") is not before
    assert state.apps.get_model("core", "Thing")._meta.get_field("name").column == "navn"


def test_rendering_changes_only__a_model_that_others_inherit_from_is_rendered_with_them(state):
    with rendering_changes_only():
        CreateModel("Kind", [], bases=("core.Thing",), options={"proxy": True}).state_forwards("core", state)
        AddField("Thing", "size", models.IntegerField(default=0)).state_forwards("core", state)
    assert state.apps.get_model("core", "Kind")._meta.get_field("size")
    assert issubclass(state.apps.get_model("core", "Kind"), state.apps.get_model("core", "Thing"))


def test_rendering_changes_only__ends_as_it_began(state):
    before = [operation.state_forwards for operation in TOLD]
    with pytest.raises(RuntimeError), rendering_changes_only():
        raise RuntimeError
    assert [operation.state_forwards for operation in TOLD] == before
    rendered = state.apps.get_model("core", "Thing")
    AddConstraint("Thing", LENGTH).state_forwards("core", state)
    assert state.apps.get_model("core", "Thing") is not rendered


@pytest.mark.django_db
def test_rendering_changes_only__all_our_migrations_end_with_the_models_that_django_renders():
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    assert state.apps
    plan = [
        loader.graph.nodes[node]
        for leaf in loader.graph.leaf_nodes()
        for node in loader.graph.forwards_plan(leaf)
    ]
    with rendering_changes_only():
        for migration in dict.fromkeys(plan):
            state = migration.mutate_state(state)
    fresh = StateApps(state.real_apps, state.models)
    assert state.is_delayed  # so what runs Python on the models, gets fresh ones
    assert _told(state.apps) == _told(fresh)


def _told(apps):
    """Return each column with its type and what it leads to, which is all that the database is told of a model."""
    return {
        (model._meta.db_table, field.column): (
            field.db_type(connection),
            field.is_relation and field.related_model._meta.label,
        )
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
    }


def test_migrate__one_migration_asked_for_is_done_as_django_does_it(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "django.core.management.commands.migrate.Command.handle",
        lambda *_a, **_o: seen.append(AddField.state_forwards),
    )
    plain = AddField.state_forwards
    Command().handle(app_label="core", migration_name="0001")
    Command().handle(app_label=None, migration_name=None)
    assert seen[0] is plain
    assert seen[1] is not plain
