"""What PostgreSQL must offer before any table is made."""

from __future__ import annotations

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from core.textsearch import CreateNbSort


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [TrigramExtension(), CreateNbSort()]
