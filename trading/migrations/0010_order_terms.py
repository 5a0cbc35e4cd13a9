"""Reduce-only orders, minimal proceeds, places of amended orders, and limits of single traders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('trading', '0009_providers'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='priority',
            field=models.BigIntegerField(help_text='Place at its price of an order sent to the back.', null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='proceeds_min',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='reduce_only',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='TraderLimit',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('max_open_orders', models.PositiveIntegerField(blank=True, null=True)),
                ('max_order_lots', models.BigIntegerField(blank=True, null=True)),
                ('max_position_lots', models.BigIntegerField(blank=True, null=True)),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(
                        condition=(Q(max_order_lots__isnull=True) | Q(max_order_lots__gt=0))
                        & (Q(max_position_lots__isnull=True) | Q(max_position_lots__gte=0)),
                        name='trading_traderlimit_amounts',
                    )
                ],
            },
        ),
    ]
