"""Demand at BP6 what is demanded of everybody new: rules that were stored before the demand was there get it once."""

from django.db import migrations

_DEMAND = """
    update governance_governancerules set gates = array_append(gates, 'benefits_are_judged')
    where cardinality(gates) > 0 and not 'benefits_are_judged' = any(gates)
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_shielded")]

    operations = [migrations.RunSQL(_DEMAND, migrations.RunSQL.noop)]
