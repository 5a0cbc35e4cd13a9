"""Feeds that staff configure, the articles they brought, and the markets those are about."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext


class Feed(models.Model):
    """``due_at`` is when it is fetched next; ``error`` why the last fetch brought nothing, ``failures`` how many in a
    row did so."""

    name = models.CharField(max_length=80, unique=True)
    url = models.CharField("address", max_length=500, unique=True, help_text="RSS or Atom, http or https.")
    is_on = models.BooleanField("fetched", default=True)
    interval_s = models.PositiveIntegerField("seconds between fetches", default=900, help_text="At least 60.")
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    articles = models.PositiveIntegerField("articles brought", default=0)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["due_at"], condition=Q(is_on=True), name="sentiment_feed_due")]
        constraints = [models.CheckConstraint(condition=Q(interval_s__gte=60), name="sentiment_feed_interval")]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One text of a feed. ``fingerprint`` (of the title's words and the day) keeps the same story of another feed out.
    ``score`` is its tone in 1/10,000 by ``lexicon``."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="brought", db_index=False)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=1_000, blank=True)
    published_at = models.DateTimeField()
    fetched_at = models.DateTimeField(db_index=True)
    score = models.SmallIntegerField()
    lexicon = models.CharField(max_length=40)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="sentiment_article_once")]

    def __str__(self) -> str:
        return self.title


class ArticleLink(models.Model):
    """An article is about a market. ``known_at`` is when the site knew; ``overlap`` in 1/10,000."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links", db_index=False)
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False)
    known_at = models.DateTimeField()
    overlap = models.PositiveSmallIntegerField()
    score = models.SmallIntegerField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["market", "known_at"], name="sentiment_link_market")]
        constraints = [models.UniqueConstraint(fields=["article", "market"], name="sentiment_link_once")]

    def __str__(self) -> str:
        return gettext("article %(article)s about market %(market)s") % {
            "article": self.article_id,
            "market": self.market_id,
        }
