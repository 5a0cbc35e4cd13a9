"""The check of new ledger entries looks every reference up by its key.

As a join its plan could come to read a whole table, and stay so for as long as the connection.
"""

from django.db import migrations

_CHECK = """
CREATE OR REPLACE FUNCTION trading_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a WHERE {missing}
    ) THEN
        RAISE EXCEPTION 'a ledger entry needs its transfer and its account first'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    INSERT INTO trading_ledger_unchecked SELECT transfer_id FROM added GROUP BY transfer_id HAVING sum(amount) <> 0;
    RETURN NULL;
END $$;
"""
BY_KEY = _CHECK.format(
    missing="""(SELECT t.id FROM trading_ledgertransfer t WHERE t.id = a.transfer_id) IS NULL
            OR (SELECT c.id FROM trading_account c WHERE c.id = a.account_id) IS NULL"""
)
BY_JOIN = _CHECK.format(
    missing="""NOT EXISTS (SELECT 1 FROM trading_ledgertransfer t WHERE t.id = a.transfer_id)
            OR NOT EXISTS (SELECT 1 FROM trading_account c WHERE c.id = a.account_id)"""
)


class Migration(migrations.Migration):
    dependencies = [("trading", "0004_trades_without_line_index")]

    operations = [migrations.RunSQL(BY_KEY, BY_JOIN)]
