"""The databases that stand already are measured only when they hold what they are said to."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from bench.databases import Databases, Standing


@pytest.mark.django_db
@pytest.mark.parametrize("area", ["deviations", "initiatives", "benefits"])
def test_check__refuses_a_database_whose_generator_was_stopped(area):
    databases = Databases(Standing(os.environ["DATABASE_URL"]), 7, area, existing="some")
    name = connection.settings_dict["NAME"]
    databases.check(name, 0)
    with pytest.raises(RuntimeError, match=r"has 0 rows in \w+, and 5 are to be measured"):
        databases.check(name, 5)
