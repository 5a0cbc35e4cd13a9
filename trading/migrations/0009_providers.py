"""Liquidity that traders add to the maker rule.

A market's provisions sum to what the rule's b has been raised by: checked at commit, whenever either is written. The
column of the book isn't written by orders, so they pay nothing for it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION trading_check_provisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    provided numeric;
    added bigint;
BEGIN
    SELECT coalesce(sum(quantity), 0) INTO provided FROM trading_provision WHERE market_id = NEW.market_id;
    SELECT added_liquidity INTO added FROM trading_marketbook WHERE market_id = NEW.market_id;
    IF provided IS DISTINCT FROM coalesce(added, 0) THEN
        RAISE EXCEPTION 'market % has % lots of added liquidity, and provisions of %', NEW.market_id, added, provided
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trading_provision_sum', TABLE = 'trading_provision';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER trading_provision_sum AFTER INSERT OR UPDATE OF quantity ON trading_provision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trading_check_provisions();
CREATE CONSTRAINT TRIGGER trading_marketbook_provided AFTER UPDATE OF added_liquidity ON trading_marketbook
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trading_check_provisions();
CREATE TRIGGER trading_provision_kept BEFORE DELETE ON trading_provision
    FOR EACH ROW EXECUTE FUNCTION trading_refuse_change();
"""
BACKWARD = """
DROP TRIGGER trading_provision_kept ON trading_provision;
DROP TRIGGER trading_marketbook_provided ON trading_marketbook;
DROP TRIGGER trading_provision_sum ON trading_provision;
DROP FUNCTION trading_check_provisions();
"""
KINDS = [
    ('grant', 'Grant'), ('subsidy', 'Subsidy'), ('trade', 'Trade'), ('mint', 'Mint'), ('merge', 'Merge'),
    ('settlement', 'Settlement'), ('void', 'Void'), ('fees', 'Fees'), ('convert', 'Convert'),
    ('liquidity', 'Liquidity'),
]


class Migration(migrations.Migration):
    dependencies = [
        ('trading', '0008_orders_end'),
        ('markets', '0007_scales'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgertransfer',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.AddField(
            model_name='marketbook',
            name='added_liquidity',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField(default=0)),
                ('cost', models.BigIntegerField(default=0)),
                ('updated_at', models.DateTimeField()),
                ('market', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('market', 'user'), name='trading_provision_once'),
                    models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='trading_provision_quantity'),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
