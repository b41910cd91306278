"""Keep when an initiative was linked to a goal.

Nobody knows when the links of before were made.  They begin when the initiative was sent in, from when on they could not
be changed unnoticed; those of a draft begin with it.  That they were registered now shows beside that.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_BEGIN = """
    alter table governance_initiative_goals add column changed_at timestamptz;
    update governance_initiative_goals link set changed_at = coalesce(initiative.submitted_at, initiative.created_at)
    from governance_initiative initiative where initiative.id = link.initiative_id;
    alter table governance_initiative_goals alter column changed_at set not null;
    do $$
    declare found text;
    begin
        for found in select conname from pg_constraint
            where conrelid = 'governance_initiative_goals'::regclass and contype = 'u'
        loop
            execute format('alter table governance_initiative_goals drop constraint %I', found);
        end loop;
    end $$;
"""
_TELL = """
    insert into governance_initiativegoalevent
        (pgh_created_at, pgh_label, pgh_obj_id, id, changed_at, goal_id, initiative_id)
    select now(), 'insert', id, id, changed_at, goal_id, initiative_id from governance_initiative_goals;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0010_gate_papers'),
        ('organization', '0002_saved_views'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='InitiativeGoal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('changed_at', models.DateTimeField(editable=False)),
                        ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.goal')),
                        ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goal_links', to='governance.initiative')),
                    ],
                    options={
                        'verbose_name': 'kobling til mål',
                        'verbose_name_plural': 'koblinger til mål',
                        'db_table': 'governance_initiative_goals',
                    },
                ),
                migrations.AlterField(
                    model_name='initiative',
                    name='goals',
                    field=models.ManyToManyField(blank=True, related_name='initiatives', through='governance.InitiativeGoal', to='organization.goal', verbose_name='strategiske mål'),
                ),
            ],
            database_operations=[migrations.RunSQL(_BEGIN)],
        ),
        migrations.CreateModel(
            name='InitiativeGoalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('goal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.goal')),
                ('initiative', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.initiative')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='governance.initiativegoal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunSQL(_TELL),
        migrations.AddConstraint(
            model_name='initiativegoal',
            constraint=models.UniqueConstraint(fields=('initiative', 'goal'), name='initiative_goal_once', violation_error_message='Målet er alt valgt.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativegoal',
            trigger=pgtrigger.compiler.Trigger(name='when_chosen', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    new.changed_at := coalesce(\n        new.changed_at, (select changed_at from governance_initiative where id = new.initiative_id), now()\n    );\n    return new;\n', hash='3309385188aebd77733b48dd551758bf5967a1e3', operation='INSERT', pgid='pgtrigger_when_chosen_4e71b', table='governance_initiative_goals', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativegoal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_initiativegoalevent" ("changed_at", "goal_id", "id", "initiative_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."goal_id", NEW."id", NEW."initiative_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='9adf60d0e2f25ff5959cbdc70aa091de4f5c2af0', operation='INSERT', pgid='pgtrigger_insert_insert_a976d', table='governance_initiative_goals', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativegoal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_initiativegoalevent" ("changed_at", "goal_id", "id", "initiative_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."goal_id", NEW."id", NEW."initiative_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='8791243fa0a45fe634166f8ca8707566966dd770', operation='UPDATE', pgid='pgtrigger_update_update_e6a24', table='governance_initiative_goals', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativegoal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_initiativegoalevent" ("changed_at", "goal_id", "id", "initiative_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."changed_at", OLD."goal_id", OLD."id", OLD."initiative_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='83fd812f207a86d0879d69346662b16a7df1ebd4', operation='DELETE', pgid='pgtrigger_delete_delete_aa87d', table='governance_initiative_goals', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativegoalevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='82c38a765efbd360b9f83a2e47234d5c4037396e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_751cf', table='governance_initiativegoalevent', when='BEFORE')),
        ),
    ]
