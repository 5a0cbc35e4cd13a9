"""How long an anomaly lasted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="anomaly",
            name="lasted_min",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
