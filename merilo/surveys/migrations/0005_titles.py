import json

from django.db import migrations, models

MOST_AT_ONCE, LONGEST = 200, 300


def shown(text):
    """Without what a database refuses."""
    return "".join(filter(str.isprintable, text))


def read_titles(apps, schema_editor):
    """Titles in all languages stand in the drafts."""
    Survey = apps.get_model("surveys", "Survey")
    for survey in Survey.objects.only("pk", "draft").order_by("pk").iterator(MOST_AT_ONCE):
        said = json.loads(survey.draft).get("title")
        pairs = said.items() if isinstance(said, dict) else ()
        titles = {shown(language): shown(text)[:LONGEST] for language, text in pairs if isinstance(text, str)}
        Survey.objects.filter(pk=survey.pk).update(titles=titles)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_typed")]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="titles",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(read_titles, migrations.RunPython.noop, elidable=True),
    ]
