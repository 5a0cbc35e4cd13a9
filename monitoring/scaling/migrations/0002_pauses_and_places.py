"""Pauses that end, and where Kubernetes and webhooks are told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("scaling", "0001_initial"),
    ]

    operations = [
        migrations.AddField("scalingtarget", "pause_until", models.DateTimeField(null=True)),
        migrations.AddField("scalingtarget", "pause_reason", models.CharField(blank=True, max_length=200)),
        migrations.AddField("scalingtarget", "workload", models.CharField(blank=True, max_length=200)),
        migrations.AddField("scalingtarget", "webhook_url", models.CharField(blank=True, max_length=500)),
        migrations.AddField("scalingtarget", "webhook_sealed", models.TextField(blank=True)),
        migrations.AlterField(
            "scalingtarget",
            "actuator",
            models.CharField(
                choices=[
                    ("advisory", "Advice only"),
                    ("celery", "Pool of the Celery worker"),
                    ("local", "Web programs of make up"),
                    ("kubernetes", "Scale subresource of a workload in Kubernetes"),
                    ("webhook", "A webhook of your own"),
                ],
                default="advisory",
                max_length=16,
            ),
        ),
    ]
