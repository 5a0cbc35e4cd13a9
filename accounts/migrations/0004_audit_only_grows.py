"""PostgreSQL refuses to change or delete an audit record, whoever asks."""

from django.db import migrations

RULE = """
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of a row of % is refused: the table only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_auditrecord_only_grows BEFORE UPDATE OR DELETE ON accounts_auditrecord
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
NO_RULE = """
DROP TRIGGER accounts_auditrecord_only_grows ON accounts_auditrecord;
DROP FUNCTION accounts_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_key_words")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
