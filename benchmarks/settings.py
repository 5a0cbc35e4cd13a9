"""The product's settings with one route more, and limits that a load generator does not hit."""

from opinion_market.settings.dev import *  # noqa: F403
from opinion_market.settings.dev import API_LIMITS

ROOT_URLCONF = "benchmarks.urls"
# The limiter stays in the way of every request; only its numbers are out of reach.
API_LIMITS = dict.fromkeys(API_LIMITS, (10_000_000, 10))
STARTING_CREDITS = 1_000_000
