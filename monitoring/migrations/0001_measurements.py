"""Series, their samples and rollups, how far the stream is stored, and event markers.

The tables of samples are partitioned by time. Their partitions are made and dropped by two functions that run as
the owner of the tables, since the application's role may change no table: they know these three tables only, make
a partition at most 40 days ahead and drop none that holds a moment of today or later.
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = """
    bucket timestamptz NOT NULL,
    min double precision NOT NULL,
    max double precision NOT NULL,
    sum double precision NOT NULL,
    last double precision NOT NULL,
    series_id integer NOT NULL,
    count integer NOT NULL,
    anomaly_count integer NOT NULL,
    PRIMARY KEY (series_id, bucket)
"""
# Rows lie in the order of time, so the rows of one series are on as many pages as there are buckets. Charts read the
# rollups from the key alone, where they lie side by side; samples are read soon after they were written.
COVERED = COLUMNS.replace("bucket)", "bucket) INCLUDE (min, max, sum, last, count, anomaly_count)")
TABLES = ("monitoring_sample", "monitoring_minuterollup", "monitoring_hourrollup")
MAKE_TABLES = "".join(
    f"CREATE TABLE {table} ({COVERED if 'rollup' in table else COLUMNS}) PARTITION BY RANGE (bucket);\n"
    for table in TABLES
)
# A rollup reads one minute or hour of all series.
MAKE_TABLES += "".join(f"CREATE INDEX {table}_bucket ON {table} (bucket);\n" for table in TABLES[:2])
DROP_TABLES = "".join(f"DROP TABLE {table};\n" for table in TABLES)

# A table is made apart and then attached: CREATE TABLE ... PARTITION OF would lock out every reader.
FUNCTIONS = """
CREATE FUNCTION monitoring_span(parent text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    CASE parent
        WHEN 'monitoring_sample', 'monitoring_minuterollup' THEN RETURN 'day';
        WHEN 'monitoring_hourrollup' THEN RETURN 'month';
        ELSE RAISE EXCEPTION '% has no partitions by time', parent USING ERRCODE = 'invalid_parameter_value';
    END CASE;
END $$;

CREATE FUNCTION monitoring_make_partition(parent text, day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    span text := public.monitoring_span(parent);
    starts timestamp := date_trunc(span, day::timestamp);
    ends timestamp := starts + ('1 ' || span)::interval;
    name text := parent || '_' || to_char(starts, 'YYYYMMDD');
BEGIN
    IF day NOT BETWEEN current_date - 1100 AND current_date + 40 THEN
        RAISE EXCEPTION 'no partition of % is made for %', parent, day USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('monitoring partitions'));
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', name, parent);
    -- Reading from the key alone needs pages that a vacuum has seen; one of new pages only costs next to nothing.
    EXECUTE format('ALTER TABLE public.%I SET (autovacuum_vacuum_insert_scale_factor = 0.01)', name);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent, name, starts, ends);
    RETURN true;
END $$;

CREATE FUNCTION monitoring_drop_partitions(parent text, before date) RETURNS SETOF text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    span text := public.monitoring_span(parent);
    name text;
BEGIN
    IF before > current_date THEN
        RAISE EXCEPTION 'partitions of % after today are kept', parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = ('public.' || quote_ident(parent))::regclass
          AND to_date(right(c.relname, 8), 'YYYYMMDD') + ('1 ' || span)::interval <= before
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        RETURN NEXT name;
    END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION monitoring_make_partition(text, date) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION monitoring_drop_partitions(text, date) FROM PUBLIC;
"""
DROP_FUNCTIONS = """
DROP FUNCTION monitoring_drop_partitions(text, date);
DROP FUNCTION monitoring_make_partition(text, date);
DROP FUNCTION monitoring_span(text);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DirtyBucket",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "resolution_s", "bucket", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("resolution_s", models.PositiveSmallIntegerField()),
                ("bucket", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="IngestPosition",
            fields=[
                ("stream", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("position", models.CharField(default="0-0", max_length=40)),
                ("frames_stored", models.BigIntegerField(default=0)),
                ("frames_repeated", models.BigIntegerField(default=0)),
                ("frames_refused", models.BigIntegerField(default=0)),
                ("stored_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("deploy", "Deploy"), ("alert", "Alert"), ("scaling", "Scaling")], max_length=16
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("detail", models.TextField(blank=True)),
                ("series", models.CharField(blank=True, max_length=64)),
                ("key", models.CharField(blank=True, max_length=200, null=True, unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="monitoring_event_at")],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("dimension", models.CharField(blank=True, max_length=200)),
                ("last_on", models.DateField()),
            ],
            options={
                "verbose_name_plural": "series",
                "constraints": [models.UniqueConstraint(fields=("name", "dimension"), name="monitoring_series_once")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MAKE_TABLES, DROP_TABLES)],
            state_operations=[
                migrations.CreateModel(
                    name="Sample",
                    fields=[
                        ("bucket", models.DateTimeField()),
                        ("min", models.FloatField()),
                        ("max", models.FloatField()),
                        ("sum", models.FloatField()),
                        ("last", models.FloatField()),
                        ("count", models.IntegerField()),
                        ("anomaly_count", models.IntegerField()),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "series_id", "bucket", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="monitoring.series",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MinuteRollup",
                    fields=[
                        ("bucket", models.DateTimeField()),
                        ("min", models.FloatField()),
                        ("max", models.FloatField()),
                        ("sum", models.FloatField()),
                        ("last", models.FloatField()),
                        ("count", models.IntegerField()),
                        ("anomaly_count", models.IntegerField()),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "series_id", "bucket", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="monitoring.series",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="HourRollup",
                    fields=[
                        ("bucket", models.DateTimeField()),
                        ("min", models.FloatField()),
                        ("max", models.FloatField()),
                        ("sum", models.FloatField()),
                        ("last", models.FloatField()),
                        ("count", models.IntegerField()),
                        ("anomaly_count", models.IntegerField()),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "series_id", "bucket", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="monitoring.series",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
    ]
