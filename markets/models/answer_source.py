"""Where a market's answer is read by the site itself, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext


class AnswerSource(models.Model):
    """``ask_at`` is empty before the market closes and once there is nothing left to ask. ``evidence`` is the part of
    the answer that was read, ``failure`` why the last attempt brought nothing."""

    market = models.OneToOneField(
        "markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="answer_source"
    )
    url = models.CharField(max_length=2_000)
    pointer = models.CharField(max_length=500, blank=True)
    rule = models.TextField(blank=True)
    delay_s = models.PositiveIntegerField(default=0, help_text="How long after the close it is asked first.")
    ask_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    value = models.CharField(max_length=500, blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="markets_answersource_due"),
        ]

    def __str__(self) -> str:
        return gettext("source of market %(number)s") % {"number": self.market_id}
