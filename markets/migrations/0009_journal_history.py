"""Snapshots of books, files of the journal, and the one way in which a record may leave its table.

A record is deleted only when a file that was read again holds it; PostgreSQL checks that for each row. The
application's role may not delete from the journal at all, but may ask for a whole file's rows to be dropped.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION markets_keep_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM public.markets_journalfile f
        WHERE f.market_id = OLD.market_id AND f.first_seq <= OLD.seq AND f.last_seq >= OLD.seq
          AND f.verified_at IS NOT NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of a row of % is refused: the table only grows, and no verified file of the archive holds it', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER markets_marketevent_kept ON markets_marketevent;
CREATE TRIGGER markets_marketevent_kept BEFORE UPDATE OR DELETE ON markets_marketevent
    FOR EACH ROW EXECUTE FUNCTION markets_keep_journal();

CREATE FUNCTION markets_drop_archived(file_id bigint, rows_max bigint) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    file public.markets_journalfile;
    dropped bigint;
BEGIN
    SELECT * INTO file FROM public.markets_journalfile WHERE id = file_id AND verified_at IS NOT NULL;
    DELETE FROM public.markets_marketevent e
    WHERE e.market_id = file.market_id AND e.seq IN (
        SELECT o.seq FROM public.markets_marketevent o
        WHERE o.market_id = file.market_id AND o.seq >= file.first_seq AND o.seq <= file.last_seq
        ORDER BY o.seq LIMIT rows_max
    );
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION markets_drop_archived(bigint, bigint) FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION markets_drop_archived(bigint, bigint);
DROP TRIGGER markets_marketevent_kept ON markets_marketevent;
CREATE TRIGGER markets_marketevent_kept BEFORE UPDATE OR DELETE ON markets_marketevent
    FOR EACH ROW EXECUTE FUNCTION trading_refuse_change();
DROP FUNCTION markets_keep_journal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0008_order_terms'),
        # Whose trigger is replaced.
        ('trading', '0003_ledger_rules'),
    ]

    operations = [
        migrations.AlterField(
            model_name='marketevent',
            name='kind',
            field=models.CharField(choices=[('created', 'created'), ('edited', 'edited'), ('opened', 'opened'), ('halted', 'halted'), ('resumed', 'resumed'), ('closed', 'closed'), ('proposed', 'proposed'), ('disputed', 'disputed'), ('resolved', 'resolved'), ('voided', 'voided'), ('limits_changed', 'limits_changed'), ('liquidity_added', 'liquidity_added'), ('liquidity_withdrawn', 'liquidity_withdrawn'), ('order_placed', 'order_placed'), ('pair_placed', 'pair_placed'), ('order_cancelled', 'order_cancelled'), ('order_amended', 'order_amended'), ('sets_minted', 'sets_minted'), ('sets_merged', 'sets_merged'), ('no_converted', 'no_converted'), ('settled', 'settled')], max_length=24),
        ),
        migrations.CreateModel(
            name='JournalFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_seq', models.BigIntegerField()),
                ('last_seq', models.BigIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('path', models.CharField(help_text='Inside the folder of the archive.', max_length=200)),
                ('bytes', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('members', models.JSONField(default=list)),
                ('written_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(blank=True, help_text='Read again and found equal to the table.', null=True)),
                ('dropped_at', models.DateTimeField(blank=True, help_text='Its rows have left the table.', null=True)),
                ('market', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
            ],
            options={
                'ordering': ['market', 'first_seq'],
                'indexes': [models.Index(condition=models.Q(('dropped_at', None)), fields=['id'], name='markets_journalfile_unfinished')],
                'constraints': [models.UniqueConstraint(fields=('market', 'first_seq'), name='markets_journalfile_first'), models.CheckConstraint(condition=models.Q(('last_seq__gte', models.F('first_seq'))), name='markets_journalfile_range'), models.CheckConstraint(condition=models.Q(('dropped_at', None), ('verified_at__isnull', False), _connector='OR'), name='markets_journalfile_verified')],
            },
        ),
        migrations.CreateModel(
            name='JournalSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('levels', models.JSONField(default=list)),
                ('market', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
            ],
            options={
                'ordering': ['market', 'seq'],
                'indexes': [models.Index(fields=['market', 'at'], name='markets_journalsnapshot_at')],
                'constraints': [models.UniqueConstraint(fields=('market', 'seq'), name='markets_journalsnapshot_seq')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
