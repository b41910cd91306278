from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

from core.textsearch import HiddenWords


class Migration(migrations.Migration):
    """Search finds compounds by their parts.

    What is already there gets them by ``manage.py rebuild_search``.
    """

    dependencies = [("deviations", "0003_lift")]

    operations = [
        migrations.RemoveIndex(model_name="deviation", name="deviation_search"),
        migrations.RemoveField(model_name="deviation", name="search"),
        migrations.AddField(
            model_name="deviation",
            name="compounds",
            field=HiddenWords(of=("title", "type_name", "description", "place")),
        ),
        migrations.AddField(
            model_name="deviation",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector(
                    "title", "type_name", "description", "place", "number", "compounds", config="norwegian"
                ),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="deviation", index=GinIndex(fields=["search"], name="deviation_search")
        ),
    ]
