"""What staff ask of orders in one market: limits, a price band, a post-only period after a halt.

Empty columns cost nothing: none of them rewrites the table.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ('markets', '0007_scales'),
    ]

    operations = [
        migrations.AddField(
            model_name='market',
            name='max_open_orders',
            field=models.PositiveIntegerField(blank=True, help_text='Of one trader at once.', null=True),
        ),
        migrations.AddField(
            model_name='market',
            name='max_order_lots',
            field=models.BigIntegerField(blank=True, help_text='Largest order in 1/10,000 share.', null=True),
        ),
        migrations.AddField(
            model_name='market',
            name='max_position_lots',
            field=models.BigIntegerField(
                blank=True, help_text='Of one trader in one outcome, in 1/10,000 share.', null=True
            ),
        ),
        migrations.AddField(
            model_name='market',
            name='price_band',
            field=models.PositiveSmallIntegerField(
                blank=True, help_text='How far from the price an order may trade, in 1/10,000.', null=True
            ),
        ),
        migrations.AddField(
            model_name='market',
            name='post_only_until',
            field=models.DateTimeField(
                blank=True, help_text='After a halt orders only rest until then.', null=True
            ),
        ),
        migrations.AddConstraint(
            model_name='market',
            constraint=models.CheckConstraint(
                condition=(Q(max_order_lots__isnull=True) | Q(max_order_lots__gt=0))
                & (Q(max_position_lots__isnull=True) | Q(max_position_lots__gte=0))
                & (Q(price_band__isnull=True) | Q(price_band__range=(1, 10_000))),
                name='markets_market_limits',
            ),
        ),
    ]
