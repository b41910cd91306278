import core.textsearch
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('core', '0001_extensions'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('username', models.CharField(max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='brukernavn')),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-post')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='stilling')),
                ('employee_number', models.CharField(blank=True, max_length=40, verbose_name='ansattnummer')),
                ('is_active', models.BooleanField(default=True, verbose_name='kan logge inn')),
                ('is_staff', models.BooleanField(default=False, verbose_name='driver installasjonen')),
                ('language', models.CharField(default='nb', max_length=8, verbose_name='språk')),
                ('wants_daily_mail', models.BooleanField(default=True, verbose_name='daglig e-post')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('name_sort', models.GeneratedField(db_persist=True, expression=core.textsearch.NbSort('name'), output_field=models.CharField(max_length=160))),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'personer',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='person_email_once', violation_error_message='E-postadressen er alt i bruk av en annen person.')],
                'indexes': [models.Index(fields=['name_sort', 'id'], name='person_by_name')],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('username', models.CharField(max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='brukernavn')),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-post')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='stilling')),
                ('employee_number', models.CharField(blank=True, max_length=40, verbose_name='ansattnummer')),
                ('is_active', models.BooleanField(default=True, verbose_name='kan logge inn')),
                ('is_staff', models.BooleanField(default=False, verbose_name='driver installasjonen')),
                ('language', models.CharField(default='nb', max_length=8, verbose_name='språk')),
                ('wants_daily_mail', models.BooleanField(default=True, verbose_name='daglig e-post')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('path', models.CharField(max_length=255, unique=True)),
                ('depth', models.PositiveIntegerField()),
                ('numchild', models.PositiveIntegerField(default=0)),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('short_name', models.CharField(blank=True, max_length=40, verbose_name='kortnavn')),
                ('kind', models.CharField(choices=[('region', 'Region'), ('municipality', 'Kommune'), ('sector', 'Sektor'), ('unit', 'Enhet'), ('department', 'Avdeling')], max_length=20, verbose_name='nivå')),
                ('code', models.CharField(help_text='Koden i lønns- eller økonomisystemet. Entydig i kommunen.', max_length=40, verbose_name='organisasjonskode')),
                ('orgnr', models.CharField(blank=True, max_length=9, verbose_name='organisasjonsnummer')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='nedlagt fra')),
                ('municipality', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('region', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'verbose_name': 'enhet',
                'verbose_name_plural': 'enheter',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['region', 'municipality', 'sector', 'unit', 'department'])), name='unit_kind', violation_error_message='Ukjent nivå.'), models.UniqueConstraint(fields=('municipality', 'code'), name='unit_code_in_municipality', violation_error_message='Organisasjonskoden er alt i bruk i kommunen. Velg en annen.'), models.CheckConstraint(condition=models.Q(('orgnr', ''), ('orgnr__regex', '^[0-9]{9}$'), _connector='OR'), name='unit_orgnr', violation_error_message='Organisasjonsnummeret har ni sifre.')],
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('kind', models.CharField(choices=[('work_years', 'Årsverk'), ('users', 'Brukere'), ('resident_days', 'Liggedøgn')], max_length=20, verbose_name='hva')),
                ('period_start', models.DateField(verbose_name='fra og med')),
                ('period_end', models.DateField(verbose_name='til og med')),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='tall')),
                ('source', models.CharField(max_length=200, verbose_name='kilde')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exposures', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'verbose_name': 'nevner',
                'verbose_name_plural': 'nevnere',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['work_years', 'users', 'resident_days'])), name='exposure_kind', violation_error_message='Ukjent slag.'), models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__gte', 0), _connector='OR'), name='exposure_value', violation_error_message='Tallet kan ikke være negativt.'), models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='exposure_period', violation_error_message='Perioden slutter før den begynner.'), models.UniqueConstraint(fields=('unit', 'kind', 'period_start'), name='exposure_once', violation_error_message='Tallet for perioden er alt ført.')],
            },
        ),
        migrations.CreateModel(
            name='ProfessionalGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=160, verbose_name='faggruppe')),
                ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='formål')),
                ('members', models.ManyToManyField(blank=True, related_name='professional_groups', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='kommune eller region')),
            ],
            options={
                'verbose_name': 'faggruppe',
                'verbose_name_plural': 'faggrupper',
            },
        ),
        migrations.CreateModel(
            name='RoleAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('role', models.CharField(choices=[('employee', 'Ansatt'), ('leader', 'Leder'), ('sector_leader', 'Sektorleder'), ('secretariat', 'Sekretariat'), ('coordinator', 'Koordinator'), ('council_leader', 'Rådets leder'), ('council_deputy', 'Rådets nestleder'), ('council_member', 'Rådsmedlem'), ('council_substitute', 'Varamedlem i rådet'), ('chief_of_finance', 'Økonomisjef'), ('kommunedirektor', 'Kommunedirektør'), ('project_owner', 'Prosjekteier'), ('project_manager', 'Prosjektleder'), ('portfolio_manager', 'Porteføljeforvalter'), ('service_owner', 'Tjenesteeier'), ('change_agent', 'Endringsagent'), ('ikt_leader', 'IKT-leder'), ('enterprise_architect', 'Virksomhetsarkitekt'), ('hr', 'HR'), ('archivist', 'Arkivar'), ('privacy_officer', 'Personvernombud'), ('quality_manager', 'Kvalitetsleder'), ('verneombud', 'Verneombud'), ('amu', 'Medlem av AMU'), ('tillitsvalgt', 'Tillitsvalgt'), ('elected_representative', 'Folkevalgt'), ('administrator', 'Administrator')], max_length=30, verbose_name='rolle')),
                ('valid_from', models.DateField(verbose_name='gjelder fra')),
                ('valid_to', models.DateField(blank=True, help_text='Den dagen rollen og tilgangen faller bort.', null=True, verbose_name='slutter')),
                ('is_main', models.BooleanField(default=False, verbose_name='hovedstilling')),
                ('is_leading', models.BooleanField(default=False, verbose_name='leder sekretariatet')),
                ('allocated_percentage', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='avsatt tid i prosent')),
                ('field', models.CharField(blank=True, max_length=120, verbose_name='fagfelt')),
                ('competence', models.CharField(blank=True, max_length=300, verbose_name='kompetanse')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('stand_in_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vikar for')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'verbose_name': 'rolle',
                'verbose_name_plural': 'roller',
                'indexes': [models.Index(fields=['person', 'valid_from'], name='role_of_person'), models.Index(fields=['unit', 'role'], name='role_on_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['employee', 'leader', 'sector_leader', 'secretariat', 'coordinator', 'council_leader', 'council_deputy', 'council_member', 'council_substitute', 'chief_of_finance', 'kommunedirektor', 'project_owner', 'project_manager', 'portfolio_manager', 'service_owner', 'change_agent', 'ikt_leader', 'enterprise_architect', 'hr', 'archivist', 'privacy_officer', 'quality_manager', 'verneombud', 'amu', 'tillitsvalgt', 'elected_representative', 'administrator'])), name='role_known'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='role_period', violation_error_message='Rollen kan ikke slutte før den begynner.'), models.CheckConstraint(condition=models.Q(('allocated_percentage', None), ('allocated_percentage__lte', 100), _connector='OR'), name='role_percentage', violation_error_message='Avsatt tid er mellom 0 og 100 prosent.'), models.CheckConstraint(condition=models.Q(('is_leading', False), ('role', 'secretariat'), _connector='OR'), name='role_leading', violation_error_message='Bare den som har rollen sekretariat, kan lede sekretariatet.')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=160, verbose_name='tjeneste')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='beskrivelse')),
                ('service_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to=settings.AUTH_USER_MODEL, verbose_name='tjenesteeier')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'verbose_name': 'tjeneste',
                'verbose_name_plural': 'tjenester',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'name'), name='service_name', violation_error_message='Kommunen har alt en tjeneste med dette navnet.')],
            },
        ),
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='tittel')),
                ('version', models.CharField(max_length=20, verbose_name='versjon')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='vedtatt')),
                ('adopted_by', models.CharField(blank=True, max_length=200, verbose_name='vedtatt av')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='gjelder til')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='organization.strategy')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'verbose_name': 'strategi',
                'verbose_name_plural': 'strategier',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'title', 'version'), name='strategy_version', violation_error_message='Denne versjonen finnes alt.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('adopted_on')), _connector='OR'), name='strategy_period', violation_error_message='Strategien kan ikke slutte før den er vedtatt.')],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False)),
                ('code', models.CharField(max_length=20, verbose_name='nummer')),
                ('title', models.CharField(max_length=300, verbose_name='mål')),
                ('indicator', models.CharField(blank=True, max_length=300, verbose_name='indikator')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='måleier')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organization.goal')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='organization.strategy')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='organization.unit', verbose_name='gjelder')),
            ],
            options={
                'verbose_name': 'mål',
                'verbose_name_plural': 'mål',
                'ordering': ['strategy_id', 'code'],
                'constraints': [models.UniqueConstraint(fields=('strategy', 'code'), name='goal_code', violation_error_message='Nummeret er alt i bruk i strategien.'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='goal_not_own_parent', violation_error_message='Et mål kan ikke være en del av seg selv.')],
            },
        ),
        migrations.CreateModel(
            name='StrategyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('title', models.CharField(max_length=200, verbose_name='tittel')),
                ('version', models.CharField(max_length=20, verbose_name='versjon')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='vedtatt')),
                ('adopted_by', models.CharField(blank=True, max_length=200, verbose_name='vedtatt av')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='gjelder til')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.strategy')),
                ('replaces', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.strategy')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=160, verbose_name='tjeneste')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='beskrivelse')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.service')),
                ('service_owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tjenesteeier')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RoleAssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('role', models.CharField(choices=[('employee', 'Ansatt'), ('leader', 'Leder'), ('sector_leader', 'Sektorleder'), ('secretariat', 'Sekretariat'), ('coordinator', 'Koordinator'), ('council_leader', 'Rådets leder'), ('council_deputy', 'Rådets nestleder'), ('council_member', 'Rådsmedlem'), ('council_substitute', 'Varamedlem i rådet'), ('chief_of_finance', 'Økonomisjef'), ('kommunedirektor', 'Kommunedirektør'), ('project_owner', 'Prosjekteier'), ('project_manager', 'Prosjektleder'), ('portfolio_manager', 'Porteføljeforvalter'), ('service_owner', 'Tjenesteeier'), ('change_agent', 'Endringsagent'), ('ikt_leader', 'IKT-leder'), ('enterprise_architect', 'Virksomhetsarkitekt'), ('hr', 'HR'), ('archivist', 'Arkivar'), ('privacy_officer', 'Personvernombud'), ('quality_manager', 'Kvalitetsleder'), ('verneombud', 'Verneombud'), ('amu', 'Medlem av AMU'), ('tillitsvalgt', 'Tillitsvalgt'), ('elected_representative', 'Folkevalgt'), ('administrator', 'Administrator')], max_length=30, verbose_name='rolle')),
                ('valid_from', models.DateField(verbose_name='gjelder fra')),
                ('valid_to', models.DateField(blank=True, help_text='Den dagen rollen og tilgangen faller bort.', null=True, verbose_name='slutter')),
                ('is_main', models.BooleanField(default=False, verbose_name='hovedstilling')),
                ('is_leading', models.BooleanField(default=False, verbose_name='leder sekretariatet')),
                ('allocated_percentage', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='avsatt tid i prosent')),
                ('field', models.CharField(blank=True, max_length=120, verbose_name='fagfelt')),
                ('competence', models.CharField(blank=True, max_length=300, verbose_name='kompetanse')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.roleassignment')),
                ('stand_in_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vikar for')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProfessionalGroupEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('name', models.CharField(max_length=160, verbose_name='faggruppe')),
                ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='formål')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.professionalgroup')),
                ('responsible', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='kommune eller region')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.unit')),
            ],
            options={
                'verbose_name': 'nummerserie',
                'verbose_name_plural': 'nummerserier',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'series', 'year'), name='series_once', violation_error_message='Nummerserien finnes alt.')],
            },
        ),
        migrations.CreateModel(
            name='GoalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('code', models.CharField(max_length=20, verbose_name='nummer')),
                ('title', models.CharField(max_length=300, verbose_name='mål')),
                ('indicator', models.CharField(blank=True, max_length=300, verbose_name='indikator')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='måleier')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.goal')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.goal')),
                ('strategy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.strategy')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='gjelder')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExposureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('kind', models.CharField(choices=[('work_years', 'Årsverk'), ('users', 'Brukere'), ('resident_days', 'Liggedøgn')], max_length=20, verbose_name='hva')),
                ('period_start', models.DateField(verbose_name='fra og med')),
                ('period_end', models.DateField(verbose_name='til og med')),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='tall')),
                ('source', models.CharField(max_length=200, verbose_name='kilde')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.exposure')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='enhet')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(editable=False)),
                ('path', models.CharField(max_length=255)),
                ('depth', models.PositiveIntegerField()),
                ('numchild', models.PositiveIntegerField(default=0)),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('short_name', models.CharField(blank=True, max_length=40, verbose_name='kortnavn')),
                ('kind', models.CharField(choices=[('region', 'Region'), ('municipality', 'Kommune'), ('sector', 'Sektor'), ('unit', 'Enhet'), ('department', 'Avdeling')], max_length=20, verbose_name='nivå')),
                ('code', models.CharField(help_text='Koden i lønns- eller økonomisystemet. Entydig i kommunen.', max_length=40, verbose_name='organisasjonskode')),
                ('orgnr', models.CharField(blank=True, max_length=9, verbose_name='organisasjonsnummer')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='nedlagt fra')),
                ('municipality', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.unit')),
                ('region', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_personevent" ("changed_at", "email", "employee_number", "id", "is_active", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username", "wants_daily_mail") VALUES (NEW."changed_at", NEW."email", NEW."employee_number", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."title", NEW."username", NEW."wants_daily_mail"); RETURN NULL;', hash='56e1bc7bd7b6150ed9fedf535c275632880f8a1c', operation='INSERT', pgid='pgtrigger_insert_insert_f7a64', table='organization_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."employee_number" IS DISTINCT FROM (NEW."employee_number") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."username" IS DISTINCT FROM (NEW."username") OR OLD."wants_daily_mail" IS DISTINCT FROM (NEW."wants_daily_mail"))', func='INSERT INTO "organization_personevent" ("changed_at", "email", "employee_number", "id", "is_active", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username", "wants_daily_mail") VALUES (NEW."changed_at", NEW."email", NEW."employee_number", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."title", NEW."username", NEW."wants_daily_mail"); RETURN NULL;', hash='1c0b98084ea7e1bc9ae943d457b231c9b8359888', operation='UPDATE', pgid='pgtrigger_update_update_c2f3e', table='organization_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_personevent" ("changed_at", "email", "employee_number", "id", "is_active", "is_staff", "is_superuser", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username", "wants_daily_mail") VALUES (OLD."changed_at", OLD."email", OLD."employee_number", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."title", OLD."username", OLD."wants_daily_mail"); RETURN NULL;', hash='afb987cd103f65c28b4a03f3c2116c2d051944c1', operation='DELETE', pgid='pgtrigger_delete_delete_0589a', table='organization_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6fea9cfaf867d37954cf1245f302f6556b3bcfae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b507f', table='organization_personevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitevent" ("changed_at", "closed_on", "code", "depth", "id", "kind", "municipality_id", "name", "numchild", "orgnr", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "short_name") VALUES (NEW."changed_at", NEW."closed_on", NEW."code", NEW."depth", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."numchild", NEW."orgnr", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."short_name"); RETURN NULL;', hash='2328f9797548cabfae2ab4288dd0d57b9b25c342', operation='INSERT', pgid='pgtrigger_insert_insert_51b3c', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_unitevent" ("changed_at", "closed_on", "code", "depth", "id", "kind", "municipality_id", "name", "numchild", "orgnr", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "short_name") VALUES (NEW."changed_at", NEW."closed_on", NEW."code", NEW."depth", NEW."id", NEW."kind", NEW."municipality_id", NEW."name", NEW."numchild", NEW."orgnr", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."short_name"); RETURN NULL;', hash='967646013110e493b0dbad0c0d7e21033a2a8557', operation='UPDATE', pgid='pgtrigger_update_update_38b35', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitevent" ("changed_at", "closed_on", "code", "depth", "id", "kind", "municipality_id", "name", "numchild", "orgnr", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "short_name") VALUES (OLD."changed_at", OLD."closed_on", OLD."code", OLD."depth", OLD."id", OLD."kind", OLD."municipality_id", OLD."name", OLD."numchild", OLD."orgnr", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."short_name"); RETURN NULL;', hash='5a9e4f3d54011d05ac738e69e151b1c0a367e67e', operation='DELETE', pgid='pgtrigger_delete_delete_3de22', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='strategyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b07af19b683fcff4e0695684bf9ccc9828a3f1b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b05db', table='organization_strategyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='strategy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_strategyevent" ("adopted_by", "adopted_on", "changed_at", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaces_id", "title", "valid_to", "version") VALUES (NEW."adopted_by", NEW."adopted_on", NEW."changed_at", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaces_id", NEW."title", NEW."valid_to", NEW."version"); RETURN NULL;', hash='665384d972dac8a558fce603c3554f959e683ec8', operation='INSERT', pgid='pgtrigger_insert_insert_849be', table='organization_strategy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='strategy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_strategyevent" ("adopted_by", "adopted_on", "changed_at", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaces_id", "title", "valid_to", "version") VALUES (NEW."adopted_by", NEW."adopted_on", NEW."changed_at", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaces_id", NEW."title", NEW."valid_to", NEW."version"); RETURN NULL;', hash='124bb18fd4596ec9ddc181026e46ee77530e5e9b', operation='UPDATE', pgid='pgtrigger_update_update_ee5c4', table='organization_strategy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='strategy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_strategyevent" ("adopted_by", "adopted_on", "changed_at", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaces_id", "title", "valid_to", "version") VALUES (OLD."adopted_by", OLD."adopted_on", OLD."changed_at", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."replaces_id", OLD."title", OLD."valid_to", OLD."version"); RETURN NULL;', hash='75883795518235823a4bffd9edb522b37d2a12a9', operation='DELETE', pgid='pgtrigger_delete_delete_42e8c', table='organization_strategy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7202179b9214206fc38ba3cdc71e49ebea0c664e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_54981', table='organization_serviceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_serviceevent" ("changed_at", "description", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_owner_id", "unit_id") VALUES (NEW."changed_at", NEW."description", NEW."id", NEW."municipality_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_owner_id", NEW."unit_id"); RETURN NULL;', hash='4c9f0214ad3aec2bdc1575e1e5aa77117b81a072', operation='INSERT', pgid='pgtrigger_insert_insert_df6b3', table='organization_service', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_serviceevent" ("changed_at", "description", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_owner_id", "unit_id") VALUES (NEW."changed_at", NEW."description", NEW."id", NEW."municipality_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_owner_id", NEW."unit_id"); RETURN NULL;', hash='45eb6bd14028cf339aff60db3536a1a4b408018c', operation='UPDATE', pgid='pgtrigger_update_update_9a785', table='organization_service', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_serviceevent" ("changed_at", "description", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_owner_id", "unit_id") VALUES (OLD."changed_at", OLD."description", OLD."id", OLD."municipality_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."service_owner_id", OLD."unit_id"); RETURN NULL;', hash='eaf33252958020a1bd237eebe3b34f92a451c8a2', operation='DELETE', pgid='pgtrigger_delete_delete_fd810', table='organization_service', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a3807aa95fea91813ad1645c6899809e101fb651', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8dbd8', table='organization_roleassignmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_roleassignmentevent" ("allocated_percentage", "changed_at", "competence", "field", "id", "is_leading", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stand_in_for_id", "unit_id", "valid_from", "valid_to") VALUES (NEW."allocated_percentage", NEW."changed_at", NEW."competence", NEW."field", NEW."id", NEW."is_leading", NEW."is_main", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."stand_in_for_id", NEW."unit_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='463e9201c4463fe978e69ef5394df89d55b15f8a', operation='INSERT', pgid='pgtrigger_insert_insert_f9c52', table='organization_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_roleassignmentevent" ("allocated_percentage", "changed_at", "competence", "field", "id", "is_leading", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stand_in_for_id", "unit_id", "valid_from", "valid_to") VALUES (NEW."allocated_percentage", NEW."changed_at", NEW."competence", NEW."field", NEW."id", NEW."is_leading", NEW."is_main", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."stand_in_for_id", NEW."unit_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='311142331407bb724ff19e1c4611aef78a411ccc', operation='UPDATE', pgid='pgtrigger_update_update_1c1ee', table='organization_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_roleassignmentevent" ("allocated_percentage", "changed_at", "competence", "field", "id", "is_leading", "is_main", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stand_in_for_id", "unit_id", "valid_from", "valid_to") VALUES (OLD."allocated_percentage", OLD."changed_at", OLD."competence", OLD."field", OLD."id", OLD."is_leading", OLD."is_main", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."stand_in_for_id", OLD."unit_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='b04466f4942557eee55a568ec3fd9c2da76efd25', operation='DELETE', pgid='pgtrigger_delete_delete_b4089', table='organization_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='professionalgroupevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='88ddedc3087fb4d202b9c35a7387e15f8391a2d6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bf940', table='organization_professionalgroupevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='professionalgroup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_professionalgroupevent" ("changed_at", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "responsible_id") VALUES (NEW."changed_at", NEW."id", NEW."municipality_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."responsible_id"); RETURN NULL;', hash='5d4b55fed40a24b092fd8898fa949fcf8374a1fc', operation='INSERT', pgid='pgtrigger_insert_insert_12e37', table='organization_professionalgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='professionalgroup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_professionalgroupevent" ("changed_at", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "responsible_id") VALUES (NEW."changed_at", NEW."id", NEW."municipality_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."responsible_id"); RETURN NULL;', hash='78e92349d6af97d23fd541d535c026bdac4da428', operation='UPDATE', pgid='pgtrigger_update_update_ec86a', table='organization_professionalgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='professionalgroup',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_professionalgroupevent" ("changed_at", "id", "municipality_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "responsible_id") VALUES (OLD."changed_at", OLD."id", OLD."municipality_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."responsible_id"); RETURN NULL;', hash='6579c63f240e03454ebcc937cd557b70ee825182', operation='DELETE', pgid='pgtrigger_delete_delete_d14da', table='organization_professionalgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goalevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13c23e050e0122d60910e5343d1b234dd299d156', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bd4f9', table='organization_goalevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_goalevent" ("changed_at", "code", "id", "indicator", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strategy_id", "title", "unit_id") VALUES (NEW."changed_at", NEW."code", NEW."id", NEW."indicator", NEW."owner_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."strategy_id", NEW."title", NEW."unit_id"); RETURN NULL;', hash='7a99d40c208dacf2698ef6289141ddbc0547a65a', operation='INSERT', pgid='pgtrigger_insert_insert_47e33', table='organization_goal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_goalevent" ("changed_at", "code", "id", "indicator", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strategy_id", "title", "unit_id") VALUES (NEW."changed_at", NEW."code", NEW."id", NEW."indicator", NEW."owner_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."strategy_id", NEW."title", NEW."unit_id"); RETURN NULL;', hash='11e724219795d44b7ee96df18a154e6337f112ad', operation='UPDATE', pgid='pgtrigger_update_update_95fa1', table='organization_goal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_goalevent" ("changed_at", "code", "id", "indicator", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "strategy_id", "title", "unit_id") VALUES (OLD."changed_at", OLD."code", OLD."id", OLD."indicator", OLD."owner_id", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."strategy_id", OLD."title", OLD."unit_id"); RETURN NULL;', hash='ac34d0441647254b544ffac3f909d5658022cd86', operation='DELETE', pgid='pgtrigger_delete_delete_2e364', table='organization_goal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exposureevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='17d0197d6c343f0b1decc404284c442dad37c9ab', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fdb4c', table='organization_exposureevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exposure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_exposureevent" ("changed_at", "id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value") VALUES (NEW."changed_at", NEW."id", NEW."kind", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."unit_id", NEW."value"); RETURN NULL;', hash='7c77622002d64fef8137b7d40048ec74d72af3bc', operation='INSERT', pgid='pgtrigger_insert_insert_e9235', table='organization_exposure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exposure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_exposureevent" ("changed_at", "id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value") VALUES (NEW."changed_at", NEW."id", NEW."kind", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."unit_id", NEW."value"); RETURN NULL;', hash='78e28c14a806f51a6103365229b99bd226db7287', operation='UPDATE', pgid='pgtrigger_update_update_c8ef7', table='organization_exposure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exposure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_exposureevent" ("changed_at", "id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value") VALUES (OLD."changed_at", OLD."id", OLD."kind", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."unit_id", OLD."value"); RETURN NULL;', hash='067bd213b75184317f53156ea006a5308e1b5814', operation='DELETE', pgid='pgtrigger_delete_delete_457f6', table='organization_exposure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b43528741fe4a0c328ba951fbb0a838efeb09222', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_db014', table='organization_unitevent', when='BEFORE')),
        ),
    ]
