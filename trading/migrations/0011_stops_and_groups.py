"""Stops, pairs, order groups and heartbeats. Nothing is rewritten; the wider rule on holds is checked without a lock."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

STATUSES = [(s, s) for s in ('waiting', 'triggered', 'open', 'filled', 'cancelled')]
TYPES = [(t, t) for t in ('limit', 'market', 'stop', 'stop_limit')]
DONE_FREE = models.CheckConstraint(
    condition=Q(status__in=['open', 'waiting', 'triggered']) | (Q(hold_cash=0) & Q(hold_shares=0)),
    name='trading_order_done_free',
)


class Migration(migrations.Migration):
    # Checking a rule must not hold the lock that adding it took.
    atomic = False
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('trading', '0010_order_terms'),
    ]

    operations = [
        migrations.AddField('order', 'trigger_price', models.IntegerField(
            help_text='Of a stop, in ticks and as asked.', null=True)),
        migrations.AddField('order', 'linked_to', models.BigIntegerField(
            help_text='The other order of a pair.', null=True)),
        migrations.AddField('order', 'group_id', models.BigIntegerField(
            help_text='The order group that counts its fills.', null=True)),
        migrations.AlterField('order', 'status', models.CharField(choices=STATUSES, max_length=12)),
        migrations.AlterField('order', 'type', models.CharField(choices=TYPES, max_length=12)),
        migrations.AddIndex('order', models.Index(
            condition=Q(status__in=['waiting', 'triggered']), fields=['market', 'id'], name='trading_order_waiting')),
        migrations.AddIndex('order', models.Index(
            condition=Q(group_id__isnull=False), fields=['group_id'], name='trading_order_group')),
        migrations.RemoveConstraint('order', 'trading_order_done_free'),
        AddConstraintNotValid('order', DONE_FREE),
        ValidateConstraint('order', 'trading_order_done_free'),
        migrations.CreateModel(
            name='OrderGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('limit_lots', models.BigIntegerField()),
                ('window_s', models.PositiveIntegerField()),
                ('tripped_at', models.DateTimeField(null=True)),
                ('is_by_hand', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(
                    condition=Q(tripped_at__isnull=False), fields=['id'], name='trading_ordergroup_tripped')],
                'constraints': [models.CheckConstraint(
                    condition=Q(limit_lots__gt=0) & Q(window_s__gt=0), name='trading_ordergroup_amounts')],
            },
        ),
        migrations.CreateModel(
            name='GroupFill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('lots', models.BigIntegerField()),
                ('group', models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='fills',
                    to='trading.ordergroup')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['group', 'at'], name='trading_groupfill_at')],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('user', models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False,
                    to=settings.AUTH_USER_MODEL)),
                ('timeout_s', models.PositiveIntegerField()),
                ('beat_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('silent_at', models.DateTimeField(null=True)),
                ('cancelled', models.PositiveIntegerField(default=0)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(
                    condition=Q(due_at__isnull=False), fields=['due_at'], name='trading_heartbeat_due')],
            },
        ),
    ]
