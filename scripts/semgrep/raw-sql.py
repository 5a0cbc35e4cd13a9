def bad(cursor, market_id, name, Market):
    # ruleid: raw-sql
    cursor.execute(f"SELECT 1 FROM markets_market WHERE id = {market_id}")
    # ruleid: raw-sql
    cursor.execute("SELECT 1 FROM markets_market WHERE id = %s" % market_id)
    # ruleid: raw-sql
    cursor.execute("DELETE FROM " + name)
    # ruleid: raw-sql
    cursor.execute("DELETE FROM {}".format(name))
    # ruleid: raw-sql
    Market.objects.raw(f"SELECT * FROM {name}")
    # ruleid: raw-sql
    Market.objects.extra(where=[name])


def good(cursor, market_id, Market):
    # ok: raw-sql
    cursor.execute("SELECT 1 FROM markets_market WHERE id = %s", [market_id])
    # ok: raw-sql
    cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
    # ok: raw-sql
    cursor.execute(_APPEND, [market_id])
    # ok: raw-sql
    Market.objects.raw("SELECT * FROM markets_market WHERE id = %s", [market_id])
