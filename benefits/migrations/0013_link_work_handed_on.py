"""Link the change work that local plans were begun with to the template's rows of the same name.

What the template says now is taken as answered: only what changes from here on is offered.
"""

from django.db import migrations

_PARTS = (
    ("action", "ChangeAction", ("title", "kind", "how", "risk_profile", "due_on")),
    ("stakeholder", "Stakeholder", ("name", "group", "gains", "loses", "influence", "attitude", "involvement")),
    ("risk", "BenefitRisk", ("title", "likelihood", "consequence", "measure")),
)


def _seen(row, names):
    found = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in found.items()}


def link(apps, schema_editor):
    plans, links = apps.get_model("benefits", "LocalPlan"), apps.get_model("benefits", "WorkLink")
    for plan in plans.objects.all():
        for key, name, names in _PARTS:
            rows = apps.get_model("benefits", name).objects.filter(removed_at=None)
            own = {getattr(row, names[0]): row for row in rows.filter(initiative_id=plan.initiative_id)}
            for row in rows.filter(initiative_id=plan.template_id, created_at__lte=plan.created_at):
                if (mine := own.pop(getattr(row, names[0]), None)) is not None:
                    links.objects.create(
                        plan=plan, seen=_seen(row, names), changed_at=mine.changed_at,
                        **{f"from_{key}_id": row.pk, f"{key}_id": mine.pk},
                    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("benefits", "0012_work_links")]

    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
