import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('benefits', '0001_initial'),
        ('governance', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='navn')),
                ('phase', models.CharField(choices=[('concept', 'Konsept'), ('planning', 'Planlegge'), ('execution', 'Gjennomføre'), ('closing', 'Avslutte'), ('realizing', 'Realisere')], default='concept', max_length=20, verbose_name='fase')),
                ('status', models.CharField(choices=[('active', 'Aktivt'), ('paused', 'Satt på vent'), ('stopped', 'Stoppet'), ('completed', 'Fullført')], default='active', max_length=20, verbose_name='status')),
                ('status_since', models.DateTimeField()),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='oppstart')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='slutt')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name='på vent til')),
                ('spent_when_stopped', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='brukt da det stoppet')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('initiative', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='project', to='governance.initiative')),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managed_projects', to=settings.AUTH_USER_MODEL, verbose_name='prosjektleder')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_projects', to=settings.AUTH_USER_MODEL, verbose_name='prosjekteier')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'verbose_name': 'prosjekt',
                'verbose_name_plural': 'prosjekter',
                'indexes': [models.Index(fields=['municipality', 'status', 'phase', '-changed_at'], name='project_board')],
                'constraints': [models.CheckConstraint(condition=models.Q(('phase__in', ['concept', 'planning', 'execution', 'closing', 'realizing'])), name='project_phase'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'paused', 'stopped', 'completed'])), name='project_status'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('starts_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='project_period', violation_error_message='Prosjektet kan ikke slutte før det begynner.'), models.CheckConstraint(condition=models.Q(('spent_when_stopped__isnull', True), ('spent_when_stopped__gte', 0), _connector='OR'), name='project_spent', violation_error_message='Beløpet kan ikke være negativt.')],
            },
        ),
        migrations.CreateModel(
            name='ProjectEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='navn')),
                ('phase', models.CharField(choices=[('concept', 'Konsept'), ('planning', 'Planlegge'), ('execution', 'Gjennomføre'), ('closing', 'Avslutte'), ('realizing', 'Realisere')], default='concept', max_length=20, verbose_name='fase')),
                ('status', models.CharField(choices=[('active', 'Aktivt'), ('paused', 'Satt på vent'), ('stopped', 'Stoppet'), ('completed', 'Fullført')], default='active', max_length=20, verbose_name='status')),
                ('status_since', models.DateTimeField()),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='oppstart')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='slutt')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name='på vent til')),
                ('spent_when_stopped', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='brukt da det stoppet')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('initiative', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.initiative')),
                ('manager', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prosjektleder')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prosjekteier')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='portfolio.project')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portfolio_projectevent" ("changed_at", "created_at", "ends_on", "id", "initiative_id", "manager_id", "municipality_id", "name", "owner_id", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "spent_when_stopped", "starts_on", "status", "status_since", "unit_id", "version") VALUES (NEW."changed_at", NEW."created_at", NEW."ends_on", NEW."id", NEW."initiative_id", NEW."manager_id", NEW."municipality_id", NEW."name", NEW."owner_id", NEW."paused_until", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase", NEW."spent_when_stopped", NEW."starts_on", NEW."status", NEW."status_since", NEW."unit_id", NEW."version"); RETURN NULL;', hash='b268d63e1964928c3a6d08823c10a8f8cf848518', operation='INSERT', pgid='pgtrigger_insert_insert_e7f55', table='portfolio_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "portfolio_projectevent" ("changed_at", "created_at", "ends_on", "id", "initiative_id", "manager_id", "municipality_id", "name", "owner_id", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "spent_when_stopped", "starts_on", "status", "status_since", "unit_id", "version") VALUES (NEW."changed_at", NEW."created_at", NEW."ends_on", NEW."id", NEW."initiative_id", NEW."manager_id", NEW."municipality_id", NEW."name", NEW."owner_id", NEW."paused_until", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase", NEW."spent_when_stopped", NEW."starts_on", NEW."status", NEW."status_since", NEW."unit_id", NEW."version"); RETURN NULL;', hash='ed529128170468a3d741d47500384c8cf445a53a', operation='UPDATE', pgid='pgtrigger_update_update_37766', table='portfolio_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "portfolio_projectevent" ("changed_at", "created_at", "ends_on", "id", "initiative_id", "manager_id", "municipality_id", "name", "owner_id", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "spent_when_stopped", "starts_on", "status", "status_since", "unit_id", "version") VALUES (OLD."changed_at", OLD."created_at", OLD."ends_on", OLD."id", OLD."initiative_id", OLD."manager_id", OLD."municipality_id", OLD."name", OLD."owner_id", OLD."paused_until", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phase", OLD."spent_when_stopped", OLD."starts_on", OLD."status", OLD."status_since", OLD."unit_id", OLD."version"); RETURN NULL;', hash='1962fa80f2f944323ad46fe28d24ea0a680ac6fc', operation='DELETE', pgid='pgtrigger_delete_delete_aeb96', table='portfolio_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='phase_workflow', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."phase", \':\', NEW."phase") = ANY(\'{closing:realizing,concept:planning,execution:closing,execution:planning,planning:concept,planning:execution}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."phase" IS DISTINCT FROM NEW."phase") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "phase" from "%" to "%" on table %\', OLD."phase", NEW."phase", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='17278379e434b922fbae2d7248f1b38682c3e5a3', operation='UPDATE', pgid='pgtrigger_phase_workflow_0dbc7', table='portfolio_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='status_workflow', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{active:completed,active:paused,active:stopped,paused:active,paused:stopped}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='4f8b399ff247920cf97aaa9a366d91af59fc0326', operation='UPDATE', pgid='pgtrigger_status_workflow_6ff09', table='portfolio_project', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4f7d69a011b380d1afec8e521673f537f01a2e93', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a78f5', table='portfolio_projectevent', when='BEFORE')),
        ),
    ]
