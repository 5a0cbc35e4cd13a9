from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Made beside the traffic, which can't be within a transaction.
    atomic = False

    dependencies = [
        ('trading', '0005_ledger_rules_by_index'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='marketbook',
            index=models.Index(
                fields=['market'],
                condition=models.Q(settled_at__isnull=True),
                name='trading_marketbook_unsettled',
            ),
        ),
    ]
