import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('core', '0002_models'),
        ('organization', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('key', models.CharField(max_length=120, unique=True, verbose_name='nøkkel')),
                ('kind', models.CharField(max_length=40, verbose_name='hva')),
                ('title', models.CharField(max_length=300, verbose_name='tittel')),
                ('object_id', models.BigIntegerField()),
                ('payload', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('ready', 'Klar til sending'), ('packed', 'Pakket'), ('sent', 'Sendt'), ('acknowledged', 'Mottatt av arkivet'), ('receipted', 'Kvittert'), ('partly_receipted', 'Delvis kvittert'), ('failed', 'Feilet'), ('manual', 'Ført for hånd')], default='ready', max_length=20, verbose_name='status')),
                ('status_since', models.DateTimeField()),
                ('archive_reference', models.CharField(blank=True, max_length=60, verbose_name='saksnummer i arkivet')),
                ('created_at', models.DateTimeField()),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'verbose_name': 'arkivmelding',
                'verbose_name_plural': 'arkivmeldinger',
                'indexes': [models.Index(fields=['municipality', '-created_at', '-id'], name='archive_outbox'), models.Index(condition=models.Q(('archive_reference', '')), fields=['municipality', 'created_at'], name='archive_waiting'), models.Index(fields=['content_type', 'object_id'], name='archive_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['ready', 'packed', 'sent', 'acknowledged', 'receipted', 'partly_receipted', 'failed', 'manual'])), name='archive_status')],
            },
        ),
        migrations.CreateModel(
            name='ArchiveMessageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('key', models.CharField(max_length=120, verbose_name='nøkkel')),
                ('kind', models.CharField(max_length=40, verbose_name='hva')),
                ('title', models.CharField(max_length=300, verbose_name='tittel')),
                ('object_id', models.BigIntegerField()),
                ('payload', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('ready', 'Klar til sending'), ('packed', 'Pakket'), ('sent', 'Sendt'), ('acknowledged', 'Mottatt av arkivet'), ('receipted', 'Kvittert'), ('partly_receipted', 'Delvis kvittert'), ('failed', 'Feilet'), ('manual', 'Ført for hånd')], default='ready', max_length=20, verbose_name='status')),
                ('status_since', models.DateTimeField()),
                ('archive_reference', models.CharField(blank=True, max_length=60, verbose_name='saksnummer i arkivet')),
                ('created_at', models.DateTimeField()),
                ('content_type', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contenttypes.contenttype')),
                ('handled_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='archive.archivemessage')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='archivemessage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "archive_archivemessageevent" ("archive_reference", "changed_at", "content_type_id", "created_at", "handled_by_id", "id", "key", "kind", "municipality_id", "object_id", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "status_since", "title") VALUES (NEW."archive_reference", NEW."changed_at", NEW."content_type_id", NEW."created_at", NEW."handled_by_id", NEW."id", NEW."key", NEW."kind", NEW."municipality_id", NEW."object_id", NEW."payload", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status", NEW."status_since", NEW."title"); RETURN NULL;', hash='49da330b531c4103f5cdb33cea7e5feef5a2389c', operation='INSERT', pgid='pgtrigger_insert_insert_6719b', table='archive_archivemessage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='archivemessage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "archive_archivemessageevent" ("archive_reference", "changed_at", "content_type_id", "created_at", "handled_by_id", "id", "key", "kind", "municipality_id", "object_id", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "status_since", "title") VALUES (NEW."archive_reference", NEW."changed_at", NEW."content_type_id", NEW."created_at", NEW."handled_by_id", NEW."id", NEW."key", NEW."kind", NEW."municipality_id", NEW."object_id", NEW."payload", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status", NEW."status_since", NEW."title"); RETURN NULL;', hash='d9fdcb9939dc92cb764fecd9d026c543460144b9', operation='UPDATE', pgid='pgtrigger_update_update_d2cfd', table='archive_archivemessage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='archivemessage',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "archive_archivemessageevent" ("archive_reference", "changed_at", "content_type_id", "created_at", "handled_by_id", "id", "key", "kind", "municipality_id", "object_id", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "status_since", "title") VALUES (OLD."archive_reference", OLD."changed_at", OLD."content_type_id", OLD."created_at", OLD."handled_by_id", OLD."id", OLD."key", OLD."kind", OLD."municipality_id", OLD."object_id", OLD."payload", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."status_since", OLD."title"); RETURN NULL;', hash='ae611ab293c3f85af01a63fb608006c6d9c13dbd', operation='DELETE', pgid='pgtrigger_delete_delete_d9abf', table='archive_archivemessage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='archivemessageevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a8367b049d04f507fc7381890b79ab4600225058', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c0906', table='archive_archivemessageevent', when='BEFORE')),
        ),
    ]
