"""Move the amounts from the rules of a municipality to the matrix of every version of its mandate.

A municipality with rules and no mandate gets one that begins today, so that its secretariat may decide as before.
"""

from decimal import Decimal

from django.db import migrations
from django.utils import timezone

CATEGORIES = ["operations", "development", "procurement", "study", "regional"]
STANDARD = (Decimal(150_000), Decimal(1_000_000), Decimal(2_000_000), 4)


def to_matrix(apps, _schema):
    mandates, rules = (apps.get_model("governance", name) for name in ("CouncilMandate", "GovernanceRules"))
    now = timezone.now()
    given = {row.municipality_id: row for row in rules.objects.all()}
    for municipality_id in sorted(set(given) - set(mandates.objects.values_list("municipality_id", flat=True))):
        mandates.objects.create(
            municipality_id=municipality_id, version="1", valid_from=timezone.localdate(now), changed_at=now
        )
    for mandate in mandates.objects.order_by("pk"):
        row = given.get(mandate.municipality_id)
        amounts = STANDARD
        if row is not None:
            amounts = (row.fast_track_amount, row.fast_track_frame, row.council_amount, row.counted_years)
        write_rows(apps, mandate, amounts, now)


def write_rows(apps, mandate, amounts, now):
    delegations = apps.get_model("governance", "Delegation")
    secretariat, frame, council, years = amounts
    rows = (
        ("secretariat", secretariat, frame, False),
        ("council", council, None, True),
        ("kommunedirektor", None, None, True),
        ("political", None, None, True),
    )
    delegations.objects.bulk_create([
        delegations(
            mandate=mandate, organ=organ, amount=amount, yearly_frame=of_year, decides_principle=principle,
            categories=CATEGORIES, changed_at=now,
        )
        for organ, amount, of_year, principle in rows
    ])
    mandate.counted_years, mandate.changed_at = years, now
    mandate.save(update_fields=["counted_years", "changed_at"])


def to_rules(apps, _schema):
    """Give the rules the amounts of the mandate that began last."""
    rules = apps.get_model("governance", "GovernanceRules")
    mandates = apps.get_model("governance", "CouncilMandate")
    for mandate in mandates.objects.order_by("valid_from", "pk"):
        rows = {row.organ: row for row in mandate.delegations.all()}
        values = {"counted_years": mandate.counted_years}
        if "secretariat" in rows:
            values |= {"fast_track_amount": rows["secretariat"].amount, "fast_track_frame": rows["secretariat"].yearly_frame}
        if "council" in rows and rows["council"].amount is not None:
            values["council_amount"] = rows["council"].amount
        rules.objects.filter(municipality_id=mandate.municipality_id).update(**values)


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0024_delegation_matrix'),
    ]

    operations = [
        migrations.RunPython(to_matrix, to_rules),
    ]
