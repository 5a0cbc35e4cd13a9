"""A market: a question about the future, its outcomes, and the rules that decide it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from markets.types import MarketKind, MarketStatus, ResolutionPolicy


class Market(models.Model):
    """Status changes go through ``markets.services`` only, under the lock of the market's head row."""

    slug = models.SlugField(max_length=120, unique=True)
    question = models.CharField(max_length=240)
    description = models.TextField(blank=True, help_text="Background for readers, in plain text.")
    rules = models.TextField(help_text="What exactly decides the outcome, in plain words.")
    resolution_source = models.CharField(max_length=500, blank=True, help_text="Where the answer will be read.")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in MarketKind])
    status = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in MarketStatus], default=MarketStatus.DRAFT
    )
    topic = models.ForeignKey("markets.Topic", on_delete=models.PROTECT, related_name="markets")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    event_group = models.CharField(max_length=80, blank=True, db_index=True)
    source = models.CharField(max_length=60, blank=True, help_text="Empty for markets made here.")
    source_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(help_text="No order is accepted after this moment.")
    closed_at = models.DateTimeField(null=True, blank=True)
    liquidity_lots = models.BigIntegerField(default=0, help_text="b of the maker rule in 1/10,000 share; 0: none.")
    taker_fee_bps = models.PositiveSmallIntegerField(default=0)
    maker_fee_bps = models.PositiveSmallIntegerField(default=0)
    # A numeric or date market: its outcomes are the buckets between these, with an open one at either end if wanted.
    bounds = ArrayField(models.DecimalField(max_digits=24, decimal_places=6), null=True, blank=True)
    unit = models.CharField(max_length=24, blank=True, default="", db_default="")
    is_open_below = models.BooleanField(default=False, db_default=False)
    is_open_above = models.BooleanField(default=False, db_default=False)
    tick = models.PositiveSmallIntegerField(default=1, help_text="Price grid in 1/10,000.")
    lot = models.PositiveIntegerField(default=1, help_text="Quantity grid in 1/10,000 share.")
    # What staff ask of orders here; empty: the site's default.
    max_open_orders = models.PositiveIntegerField(null=True, blank=True, help_text="Of one trader at once.")
    max_order_lots = models.BigIntegerField(null=True, blank=True, help_text="Largest order in 1/10,000 share.")
    max_position_lots = models.BigIntegerField(
        null=True, blank=True, help_text="Of one trader in one outcome, in 1/10,000 share."
    )
    price_band = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How far from the price an order may trade, in 1/10,000."
    )
    post_only_until = models.DateTimeField(null=True, blank=True, help_text="After a halt orders only rest until then.")
    # Resolution: a payout vector in 1/10,000 per outcome, proposed first, final after the challenge window.
    challenge_window_s = models.PositiveIntegerField(default=86_400)
    resolution_policy = models.CharField(
        max_length=12,
        choices=[(p.value, p.value) for p in ResolutionPolicy],
        default=ResolutionPolicy.CREATOR.value,
        db_default=ResolutionPolicy.CREATOR.value,
        help_text="Who says how the market ends.",
    )
    vote_window_s = models.PositiveIntegerField(default=172_800, db_default=172_800, help_text="Of its committee.")
    vote_ends_at = models.DateTimeField(null=True, blank=True)
    is_staff_turn = models.BooleanField(
        default=False, db_default=False, help_text="Whatever the policy says, staff propose what comes next."
    )
    proposed_payouts = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    proposed_value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposal_reason = models.TextField(blank=True)
    challenge_ends_at = models.DateTimeField(null=True, blank=True)
    dispute_reason = models.TextField(blank=True)
    disputed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    payouts = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    resolved_value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("operate_market", "Can open, halt, close, resolve and void markets")]
        indexes = [
            GinIndex(OpClass(Upper("question"), name="gin_trgm_ops"), name="markets_market_question_trgm"),
            models.Index(fields=["status", "closes_at"], name="markets_market_closing"),
            models.Index(fields=["topic", "status"], name="markets_market_topic"),
            models.Index(fields=["challenge_ends_at"], condition=Q(status="proposed"), name="markets_market_challenge"),
            models.Index(fields=["vote_ends_at"], condition=Q(status="closed"), name="markets_market_vote"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source_id=""), name="markets_market_source"
            ),
            models.CheckConstraint(condition=Q(liquidity_lots__gte=0), name="markets_market_liquidity"),
            models.CheckConstraint(condition=Q(tick__gte=1) & Q(lot__gte=1), name="markets_market_grid"),
            models.CheckConstraint(
                condition=Q(taker_fee_bps__lte=10_000) & Q(maker_fee_bps__lte=F("taker_fee_bps")),
                name="markets_market_fees",
            ),
            models.CheckConstraint(
                condition=(Q(max_order_lots__isnull=True) | Q(max_order_lots__gt=0))
                & (Q(max_position_lots__isnull=True) | Q(max_position_lots__gte=0))
                & (Q(price_band__isnull=True) | Q(price_band__range=(1, 10_000))),
                name="markets_market_limits",
            ),
            models.CheckConstraint(
                condition=Q(bounds__isnull=False) | ~Q(kind__in=["numeric", "date"]),
                name="markets_market_scale",
            ),
            models.CheckConstraint(
                condition=Q(resolution_policy__in=[p.value for p in ResolutionPolicy]), name="markets_market_policy"
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_binary(self) -> bool:
        return self.kind == MarketKind.BINARY


class Outcome(models.Model):
    """One possible answer; ``index`` is its number in the engine, from 0. Binary: yes is 0, no is 1."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="outcomes")
    index = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["market", "index"]
        constraints = [
            models.UniqueConstraint(fields=["market", "index"], name="markets_outcome_index"),
            models.UniqueConstraint(fields=["market", "slug"], name="markets_outcome_slug"),
        ]

    def __str__(self) -> str:
        return self.name
