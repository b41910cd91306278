"""Give projects that run the standard checklists of the decision points that they have not passed.

Those they passed before there were checklists are not asked for: nobody answered them then, and the system does
not answer for people now.  A project that is moved back meets them (``portfolio.checklist.operations.ask_again``).
"""

from itertools import islice

from django.db import migrations, models
from django.utils import timezone

_PHASES = ["concept", "planning", "execution", "closing", "realizing"]
_ENDS_WITH = dict(zip(_PHASES, ["bp2", "bp3", "bp4", "bp5", "bp6"], strict=True))
_AT_ONCE = 2000


def give_checklists(apps, schema_editor):
    from portfolio.checklist.standard import standard

    Project, Checkpoint = apps.get_model("portfolio", "Project"), apps.get_model("portfolio", "Checkpoint")
    now, asked = timezone.now(), standard()
    running = Project.objects.filter(status__in=["active", "paused"]).values_list("pk", "phase")
    rows = (
        Checkpoint(
            project_id=pk, point=point, position=position, text=text, help=help_text, is_required=required, changed_at=now
        )
        for pk, phase in running
        for point, position, text, help_text, required in asked
        if point >= _ENDS_WITH[phase]
    )  # fmt: skip
    while some := list(islice(rows, _AT_ONCE)):
        Checkpoint.objects.bulk_create(some)


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0003_checklists_status_money_risks_and_reports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='checkpoint',
            index=models.Index(condition=models.Q(('answer', 'open'), ('is_required', True)), fields=['project', 'point'], name='checkpoint_lacking'),
        ),
        migrations.RunPython(give_checklists, migrations.RunPython.noop),
    ]
