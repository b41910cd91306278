import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('governance', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Benefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='gevinst')),
                ('how', models.TextField(blank=True, max_length=2000, verbose_name='for hvem og hvordan')),
                ('beneficiary', models.CharField(choices=[('own_organization', 'Egen virksomhet'), ('other_public', 'Andre offentlige virksomheter'), ('citizens', 'Innbyggere'), ('business', 'Næringsliv'), ('voluntary', 'Frivillighet')], max_length=20, verbose_name='hvem får gevinsten')),
                ('kind', models.CharField(choices=[('saved_time', 'Spart tid'), ('avoided_cost', 'Unngåtte kostnader'), ('quality', 'Økt kvalitet'), ('income', 'Økte inntekter')], max_length=20, verbose_name='type')),
                ('form', models.CharField(choices=[('budget', 'Budsjettmessig (kan tas ut)'), ('alternative_use', 'Alternativ anvendelse (frigjort tid)'), ('elsewhere', 'I annen offentlig virksomhet'), ('not_priced', 'Ikke prissatt')], max_length=20, verbose_name='form')),
                ('kroner_per_year', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='kroner per år')),
                ('hours_per_year', models.DecimalField(blank=True, decimal_places=1, max_digits=10, null=True, verbose_name='timer per år')),
                ('full_effect_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='full virkning fra år')),
                ('prerequisites', models.TextField(blank=True, max_length=2000, verbose_name='forutsetninger')),
                ('losers', models.TextField(blank=True, max_length=2000, verbose_name='ulemper og hvem som taper')),
                ('status', models.CharField(choices=[('identified', 'Identifisert'), ('planned', 'Planlagt'), ('baseline_measured', 'Nullpunkt målt'), ('realizing', 'Under realisering'), ('realized', 'Realisert'), ('partly_realized', 'Delvis realisert'), ('not_realized', 'Ikke realisert'), ('dropped', 'Utgått')], default='identified', max_length=20)),
                ('created_at', models.DateTimeField()),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='benefits', to='governance.initiative')),
                ('service_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='benefits', to=settings.AUTH_USER_MODEL, verbose_name='tjenesteeier')),
            ],
            options={
                'verbose_name': 'gevinst',
                'verbose_name_plural': 'gevinster',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['service_owner', 'status'], name='benefit_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['identified', 'planned', 'baseline_measured', 'realizing', 'realized', 'partly_realized', 'not_realized', 'dropped'])), name='benefit_status', violation_error_message='Ukjent status.'), models.CheckConstraint(condition=models.Q(('kroner_per_year__isnull', True), ('kroner_per_year__gte', 0), _connector='OR'), name='benefit_kroner', violation_error_message='Beløpet kan ikke være negativt.'), models.CheckConstraint(condition=models.Q(('hours_per_year__isnull', True), ('hours_per_year__gte', 0), _connector='OR'), name='benefit_hours', violation_error_message='Timene kan ikke være negative.'), models.CheckConstraint(condition=models.Q(models.Q(('form', 'not_priced'), _negated=True), ('kroner_per_year', None), _connector='OR'), name='benefit_not_priced', violation_error_message='En gevinst som ikke er prissatt, har ikke et beløp.')],
            },
        ),
        migrations.CreateModel(
            name='BenefitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='gevinst')),
                ('how', models.TextField(blank=True, max_length=2000, verbose_name='for hvem og hvordan')),
                ('beneficiary', models.CharField(choices=[('own_organization', 'Egen virksomhet'), ('other_public', 'Andre offentlige virksomheter'), ('citizens', 'Innbyggere'), ('business', 'Næringsliv'), ('voluntary', 'Frivillighet')], max_length=20, verbose_name='hvem får gevinsten')),
                ('kind', models.CharField(choices=[('saved_time', 'Spart tid'), ('avoided_cost', 'Unngåtte kostnader'), ('quality', 'Økt kvalitet'), ('income', 'Økte inntekter')], max_length=20, verbose_name='type')),
                ('form', models.CharField(choices=[('budget', 'Budsjettmessig (kan tas ut)'), ('alternative_use', 'Alternativ anvendelse (frigjort tid)'), ('elsewhere', 'I annen offentlig virksomhet'), ('not_priced', 'Ikke prissatt')], max_length=20, verbose_name='form')),
                ('kroner_per_year', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='kroner per år')),
                ('hours_per_year', models.DecimalField(blank=True, decimal_places=1, max_digits=10, null=True, verbose_name='timer per år')),
                ('full_effect_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='full virkning fra år')),
                ('prerequisites', models.TextField(blank=True, max_length=2000, verbose_name='forutsetninger')),
                ('losers', models.TextField(blank=True, max_length=2000, verbose_name='ulemper og hvem som taper')),
                ('status', models.CharField(choices=[('identified', 'Identifisert'), ('planned', 'Planlagt'), ('baseline_measured', 'Nullpunkt målt'), ('realizing', 'Under realisering'), ('realized', 'Realisert'), ('partly_realized', 'Delvis realisert'), ('not_realized', 'Ikke realisert'), ('dropped', 'Utgått')], default='identified', max_length=20)),
                ('created_at', models.DateTimeField()),
                ('initiative', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.initiative')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='benefits.benefit')),
                ('service_owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tjenesteeier')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "benefits_benefitevent" ("beneficiary", "changed_at", "created_at", "form", "full_effect_from", "hours_per_year", "how", "id", "initiative_id", "kind", "kroner_per_year", "losers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prerequisites", "service_owner_id", "status", "title") VALUES (NEW."beneficiary", NEW."changed_at", NEW."created_at", NEW."form", NEW."full_effect_from", NEW."hours_per_year", NEW."how", NEW."id", NEW."initiative_id", NEW."kind", NEW."kroner_per_year", NEW."losers", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prerequisites", NEW."service_owner_id", NEW."status", NEW."title"); RETURN NULL;', hash='6d8330ab818a1af4d09732082d3b30e99e03a5a1', operation='INSERT', pgid='pgtrigger_insert_insert_49483', table='benefits_benefit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "benefits_benefitevent" ("beneficiary", "changed_at", "created_at", "form", "full_effect_from", "hours_per_year", "how", "id", "initiative_id", "kind", "kroner_per_year", "losers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prerequisites", "service_owner_id", "status", "title") VALUES (NEW."beneficiary", NEW."changed_at", NEW."created_at", NEW."form", NEW."full_effect_from", NEW."hours_per_year", NEW."how", NEW."id", NEW."initiative_id", NEW."kind", NEW."kroner_per_year", NEW."losers", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prerequisites", NEW."service_owner_id", NEW."status", NEW."title"); RETURN NULL;', hash='bfd6073b3de469fbd7b46fbbfc7b077f5e6ee6de', operation='UPDATE', pgid='pgtrigger_update_update_07a8f', table='benefits_benefit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "benefits_benefitevent" ("beneficiary", "changed_at", "created_at", "form", "full_effect_from", "hours_per_year", "how", "id", "initiative_id", "kind", "kroner_per_year", "losers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prerequisites", "service_owner_id", "status", "title") VALUES (OLD."beneficiary", OLD."changed_at", OLD."created_at", OLD."form", OLD."full_effect_from", OLD."hours_per_year", OLD."how", OLD."id", OLD."initiative_id", OLD."kind", OLD."kroner_per_year", OLD."losers", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prerequisites", OLD."service_owner_id", OLD."status", OLD."title"); RETURN NULL;', hash='da380f4f1dc0a272bcfd14a83044bf298287271a', operation='DELETE', pgid='pgtrigger_delete_delete_700bd', table='benefits_benefit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='benefitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f20784119b56f2666d34a9d97729dcf62c2b3b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d0155', table='benefits_benefitevent', when='BEFORE')),
        ),
    ]
