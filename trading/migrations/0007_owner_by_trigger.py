"""Who owns an account never changes, but a CHECK is parsed and evaluated at every change of its balance.

A trigger on the columns that say it does the same only when they are written.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION trading_check_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind = 'wallet' AND NEW.user_id IS NOT NULL AND NEW.market_id IS NULL)
        OR (NEW.kind IN ('collateral', 'maker', 'fees') AND NEW.user_id IS NULL AND NEW.market_id IS NOT NULL)
        OR (NEW.kind IN ('issuance', 'house') AND NEW.user_id IS NULL AND NEW.market_id IS NULL)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'account of the kind % for user % and market %', NEW.kind, NEW.user_id, NEW.market_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'trading_account_owner', TABLE = 'trading_account';
END $$;

CREATE TRIGGER trading_account_owner BEFORE INSERT OR UPDATE OF kind, user_id, market_id ON trading_account
    FOR EACH ROW EXECUTE FUNCTION trading_check_owner();
"""
BACKWARD = """
DROP TRIGGER trading_account_owner ON trading_account;
DROP FUNCTION trading_check_owner();
"""


class Migration(migrations.Migration):
    dependencies = [
        ('trading', '0006_unsettled_by_index'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveConstraint(model_name='account', name='trading_account_owner'),
    ]
