"""Numeric and date markets: categorical ones whose outcomes are the buckets of a scale."""

import django.contrib.postgres.fields
from django.db import migrations, models


def amount(**more):
    return models.DecimalField(decimal_places=6, max_digits=24, **more)


EVENT_KINDS = [
    'created', 'edited', 'opened', 'halted', 'resumed', 'closed', 'proposed', 'disputed', 'resolved', 'voided',
    'liquidity_added', 'liquidity_withdrawn', 'order_placed', 'order_cancelled', 'sets_minted', 'sets_merged',
    'no_converted', 'settled',
]
MARKET_KINDS = ['binary', 'categorical', 'numeric', 'date']


class Migration(migrations.Migration):
    dependencies = [('markets', '0006_comments')]

    operations = [
        migrations.AlterField(
            'marketevent', 'kind', models.CharField(choices=[(kind, kind) for kind in EVENT_KINDS], max_length=24)
        ),
        migrations.AlterField(
            'market', 'kind', models.CharField(choices=[(kind, kind) for kind in MARKET_KINDS], max_length=16)
        ),
        migrations.AddField(
            'market',
            'bounds',
            django.contrib.postgres.fields.ArrayField(base_field=amount(), blank=True, null=True, size=None),
        ),
        migrations.AddField('market', 'unit', models.CharField(blank=True, db_default='', default='', max_length=24)),
        migrations.AddField('market', 'is_open_below', models.BooleanField(db_default=False, default=False)),
        migrations.AddField('market', 'is_open_above', models.BooleanField(db_default=False, default=False)),
        migrations.AddField('market', 'proposed_value', amount(blank=True, null=True)),
        migrations.AddField('market', 'resolved_value', amount(blank=True, null=True)),
        migrations.AddConstraint(
            'market',
            models.CheckConstraint(
                condition=models.Q(bounds__isnull=False) | ~models.Q(kind__in=['numeric', 'date']),
                name='markets_market_scale',
            ),
        ),
    ]
