"""What PostgreSQL itself refuses, whoever asks and whatever the program does.

Ledger, trades, submissions and journal are append-only for every role; TRUNCATE stays possible for the owner of
the tables, as does DROP. Accounts are never deleted. The entries of a transfer sum to zero: checked at commit for
every new transfer, and for entries that were added in a statement that doesn't balance by itself.
"""

from django.db import migrations

APPEND_ONLY = (
    "trading_ledgertransfer",
    "trading_ledgerentry",
    "trading_trade",
    "trading_submission",
    "markets_marketevent",
)

FUNCTIONS = """
CREATE SEQUENCE trading_order_ids AS bigint;

CREATE FUNCTION trading_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of a row of % is refused: the table only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION trading_refuse_unbalanced(transfer bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
    lines bigint;
BEGIN
    SELECT sum(amount), count(*) INTO total, lines FROM trading_ledgerentry WHERE transfer_id = transfer;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'ledger transfer % has % entries that sum to %', transfer, lines, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trading_ledgertransfer_balanced';
    END IF;
END $$;

CREATE FUNCTION trading_check_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM trading_refuse_unbalanced(NEW.id);
    RETURN NULL;
END $$;

CREATE TABLE trading_ledger_unchecked (transfer_id bigint NOT NULL);

CREATE FUNCTION trading_check_unchecked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM trading_refuse_unbalanced(NEW.transfer_id);
    DELETE FROM trading_ledger_unchecked WHERE transfer_id = NEW.transfer_id;
    RETURN NULL;
END $$;

CREATE FUNCTION trading_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a LEFT JOIN trading_ledgertransfer t ON t.id = a.transfer_id WHERE t.id IS NULL
    ) OR EXISTS (
        SELECT 1 FROM added a LEFT JOIN trading_account c ON c.id = a.account_id WHERE c.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a ledger entry needs its transfer and its account first' USING ERRCODE = 'foreign_key_violation';
    END IF;
    INSERT INTO trading_ledger_unchecked SELECT transfer_id FROM added GROUP BY transfer_id HAVING sum(amount) <> 0;
    RETURN NULL;
END $$;
"""
DROP_FUNCTIONS = """
DROP TABLE trading_ledger_unchecked;
DROP FUNCTION trading_check_entries();
DROP FUNCTION trading_check_unchecked();
DROP FUNCTION trading_check_transfer();
DROP FUNCTION trading_refuse_unbalanced(bigint);
DROP FUNCTION trading_refuse_change();
DROP SEQUENCE trading_order_ids;
"""
TRIGGERS = """
CREATE CONSTRAINT TRIGGER trading_ledgertransfer_balanced AFTER INSERT ON trading_ledgertransfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trading_check_transfer();
CREATE CONSTRAINT TRIGGER trading_ledger_unchecked_balanced AFTER INSERT ON trading_ledger_unchecked
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trading_check_unchecked();
CREATE TRIGGER trading_ledgerentry_checked AFTER INSERT ON trading_ledgerentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION trading_check_entries();
CREATE TRIGGER trading_account_kept BEFORE DELETE ON trading_account
    FOR EACH ROW EXECUTE FUNCTION trading_refuse_change();
""" + "".join(
    f"""
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION trading_refuse_change();
"""
    for table in APPEND_ONLY
)
DROP_TRIGGERS = """
DROP TRIGGER trading_ledgertransfer_balanced ON trading_ledgertransfer;
DROP TRIGGER trading_ledger_unchecked_balanced ON trading_ledger_unchecked;
DROP TRIGGER trading_ledgerentry_checked ON trading_ledgerentry;
DROP TRIGGER trading_account_kept ON trading_account;
""" + "".join(f"DROP TRIGGER {table}_kept ON {table};\n" for table in APPEND_ONLY)

# Rows that are updated by every command find room on their own page, so that no index has to change.
ROOM = {
    "trading_account": 60,
    "trading_position": 80,
    "trading_marketbook": 50,
    "trading_candle": 80,
    "trading_order": 90,
    "markets_markethead": 50,
}
LEAVE_ROOM = "".join(f"ALTER TABLE {table} SET (fillfactor = {percent});\n" for table, percent in ROOM.items())
RESET_ROOM = "".join(f"ALTER TABLE {table} RESET (fillfactor);\n" for table in ROOM)


class Migration(migrations.Migration):
    dependencies = [("trading", "0002_lighter_hot_tables"), ("markets", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunSQL(LEAVE_ROOM, RESET_ROOM),
    ]
