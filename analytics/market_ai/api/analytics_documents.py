"""What the API says of metrics and insights: credits and prices as decimal strings, statistics as numbers."""

from typing import Any

from analytics.market_ai.engine.insights import Insight
from analytics.market_ai.engine.portfolio import Holding, Pair
from analytics.market_ai.engine.portfolio_insights import PortfolioInsight
from analytics.market_ai.selectors.analytics_market import MarketAnalytics
from analytics.market_ai.selectors.analytics_site import SiteAnalytics
from analytics.market_ai.selectors.analytics_trader import TraderAnalytics
from analytics.market_ai.selectors.insights_market import MarketInsights
from analytics.market_ai.selectors.insights_portfolio import PortfolioInsights
from analytics.sentiment.types import Tone
from common.clock import rfc3339
from common.money import format_cash

Document = dict[str, Any]


def probability(micro: int | None) -> str | None:
    """1/1,000,000, with its sign, as ``"0.623411"``."""
    if micro is None:
        return None
    sign = "-" if micro < 0 else ""
    return f"{sign}{abs(micro) // 1_000_000}.{abs(micro) % 1_000_000:06d}"


def market_document(found: MarketAnalytics) -> Document:
    market = found.market
    outcome = market.outcomes[found.outcome]
    return {
        "market_id": market.id,
        "slug": market.slug,
        "at": rfc3339(found.at),
        "outcome": outcome.slug,
        "price": probability(outcome.price),
        "price_change_24h": probability(outcome.change_24h),
        "volume": format_cash(market.volume),
        "volume_24h": format_cash(market.volume_24h),
        "volume_trend": found.behaviour.volume_trend,
        "participants": market.traders,
        "active_traders_24h": found.active_traders_24h,
        "volatility": found.behaviour.volatility,
        "momentum": found.behaviour.momentum,
        "liquidity_score": found.behaviour.liquidity,
        "social_activity_24h": found.comments_24h,
        "news_mentions_24h": found.news_24h,
        "news_mentions_7d": found.news_7d,
        "social_sentiment": _tone(found.social),
        "news_sentiment": _tone(found.news),
        "historical_accuracy": {"value": found.accuracy, "answered": found.answered},
        "brier": found.brier,
    }


def trader_document(found: TraderAnalytics) -> Document:
    interval = found.success_interval
    return {
        "user_id": found.user_id,
        "handle": found.handle,
        "at": rfc3339(found.at),
        "trades": found.trades,
        "markets": found.markets,
        "settled_markets": found.settled,
        "won_markets": found.won,
        "success_rate": found.success_rate,
        "success_rate_interval": None if interval is None else list(interval),
        "volume": format_cash(found.volume),
        "mean_size": None if found.mean_size is None else format_cash(found.mean_size),
        "profit": format_cash(found.profit),
        "profit_settled": format_cash(found.profit_settled),
        "profit_open": format_cash(found.profit_open),
        "risk": {"level": found.risk.level, "at_stake": found.risk.at_stake, "profit_spread": found.risk.spread},
        "trades_per_day": found.trades_a_day,
        "preferred_topics": [
            {"slug": topic.slug, "name": topic.name, "trades": topic.trades, "volume": format_cash(topic.volume)}
            for topic in found.topics
        ],
        "last_trade_at": None if found.last_trade_at is None else rfc3339(found.last_trade_at),
    }


def site_document(found: SiteAnalytics) -> Document:
    return {
        "at": rfc3339(found.at),
        "total_users": found.total_users,
        "active_users_24h": found.active_users_24h,
        "markets": found.markets,
        "total_volume": format_cash(found.total_volume),
        "total_trades": found.total_trades,
        "volume_24h": format_cash(found.volume_24h),
        "trades_24h": found.trades_24h,
        "measurements": found.measurements,
    }


def market_insights_document(found: MarketInsights) -> Document:
    outcome = found.market.outcomes[found.outcome]
    return {
        "market_id": found.market.id,
        "at": rfc3339(found.at),
        "outcome": outcome.slug,
        "asked": found.asked,
        "insights": [_insight(insight, found.market.slug) for insight in found.insights],
    }


def portfolio_document(found: PortfolioInsights) -> Document:
    facts, spread = found.facts, found.facts.concentration
    return {
        "user_id": found.user_id,
        "handle": found.handle,
        "at": rfc3339(found.at),
        "positions": len(found.holdings),
        "is_cut": found.is_cut,
        "value": _credits(facts.value),
        "cost": _credits(facts.cost),
        "unrealised": _credits(facts.unrealised),
        "worst_case_loss": _credits(facts.worst_case),
        "concentration": None
        if spread is None
        else {
            "index": round(spread.index, 4),
            "effective_markets": round(spread.effective, 2),
            "largest_share": round(spread.largest_share, 4),
            "largest_market_id": spread.largest.market_id,
        },
        "mean_correlation": None if facts.mean_correlation is None else round(facts.mean_correlation, 4),
        "correlations": [_pair(pair) for pair in facts.pairs],
        "model": {
            "covered": round(facts.edge.covered, 4),
            "edge": _credits(facts.edge.total),
            "expected_return": None if facts.edge.expected_return is None else round(facts.edge.expected_return, 4),
            "holdings": [_edge(holding, gain) for holding, gain in facts.edge.by_holding],
        },
        "insights": [_portfolio_insight(insight) for insight in facts.insights],
    }


def _tone(tone: Tone) -> Document:
    return {"value": round(tone.value, 4), "texts": tone.count}


def _insight(insight: Insight, slug: str) -> Document:
    finding = insight.finding
    return {
        "kind": finding.kind,
        "sentence": finding.sentence,
        "evidence": finding.evidence,
        "test": finding.test,
        "statistic": finding.statistic,
        "significance": _chance(insight.significance),
        "link": f"/markets/{slug}#{finding.anchor}",
    }


def _portfolio_insight(insight: PortfolioInsight) -> Document:
    return {
        "kind": insight.kind,
        "sentence": insight.sentence,
        "evidence": insight.evidence,
        "test": insight.test,
        "significance": None if insight.significance is None else _chance(insight.significance),
        "link": f"/markets/{insight.slug}" if insight.slug else "/portfolio",
    }


def _pair(pair: Pair) -> Document:
    return {
        "market_ids": [pair.left.market_id, pair.right.market_id],
        "outcomes": [pair.left.outcome_name, pair.right.outcome_name],
        "correlation": round(pair.correlation, 4),
        "days": pair.days,
        "chance": _chance(pair.chance),
    }


def _edge(holding: Holding, gain: float) -> Document:
    assert holding.estimate is not None
    estimate, low, high = holding.estimate
    return {
        "market_id": holding.market_id,
        "outcome": holding.outcome_name,
        "price": f"{holding.price:.6f}",
        "estimate": round(estimate, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "edge": _credits(gain),
    }


def _chance(value: float) -> float:
    return float(f"{value:.3g}")


def _credits(value: float) -> str:
    """Estimates and sums of them, to 1/10,000."""
    return f"{value:.4f}"
