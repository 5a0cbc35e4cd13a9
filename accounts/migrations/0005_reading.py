"""In which language and time zone a person reads the site."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_audit_only_grows")]
    operations = [
        migrations.AddField(
            "user", "language", models.CharField(max_length=16, blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "user", "time_zone", models.CharField(max_length=64, blank=True, default="", db_default="")
        ),
    ]
