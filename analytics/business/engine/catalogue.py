"""Every business figure, defined once: dashboards, the API and reports all read it from here.

Contract   Names are stable. A formula is a sentence that a newcomer can recompute by; the owner answers for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from analytics.business.engine.measures import DIMENSIONS, MEASURES
from analytics.business.types import Dimension, Metric, Owner, Unit

_GROWTH, _TRADING, _FINANCE, _OPERATIONS = Owner.GROWTH, Owner.TRADING, Owner.FINANCE, Owner.OPERATIONS
_COUNT, _CREDITS, _SHARE = Unit.COUNT, Unit.CREDITS, Unit.SHARE
_POINTS_OF_PPM: Final = 1e-4


def _metric(
    name: str,
    title: str,
    formula: str,
    unit: Unit,
    owner: Owner,
    *,
    of: Sequence[str] = (),
    by: Sequence[str] = (),
    scale: float = 1.0,
    drill: str = "markets",
    help: str = "",
) -> Metric:
    numerator, denominator = tuple(of) or (name,), tuple(by)
    sources = [MEASURES[part].source for part in (*numerator, *denominator)]
    dimensions = tuple(d for d in Dimension if all(d in DIMENSIONS[source] for source in sources))
    names = " and ".join(dict.fromkeys(source.value for source in sources))
    made = Metric(name, title, formula, unit, owner, names, help or formula, dimensions)
    return replace(made, numerator=numerator, denominator=denominator, scale=scale, drill=drill)


_ALL: Final = (
    # What is traded.
    _metric("trades", "Trades", "Number of fills.", _COUNT, _TRADING),
    _metric("orders", "Orders", "Number of accepted orders.", _COUNT, _TRADING),
    _metric("volume", "Volume", "Sum of the cost of all fills, without fees.", _CREDITS, _TRADING),
    _metric("shares_traded", "Shares traded", "Sum of the quantities of all fills.", Unit.SHARES, _TRADING,
            of=["quantity"]),
    _metric("mean_trade", "Mean trade", "Volume / trades.", _CREDITS, _TRADING, of=["volume"], by=["trades"]),
    _metric("maker_rule_share", "Volume with the maker rule", "Volume of fills with the maker rule / volume.", _SHARE,
            _TRADING, of=["rule_volume"], by=["volume"]),
    # Who trades.
    _metric("sign_ups", "Sign-ups", "People who joined; whoever was imported joined with their first order.", _COUNT,
            _GROWTH, drill="traders"),
    _metric("funded_traders", "Funded", "People whose wallet got its first credits.", _COUNT, _GROWTH, of=["funded"],
            drill="traders"),
    _metric("first_orders", "First orders", "People whose first order was accepted.", _COUNT, _GROWTH,
            drill="traders"),
    _metric("first_fills", "First fills", "People who took part in a trade for the first time.", _COUNT, _GROWTH,
            drill="traders"),
    _metric("active_traders", "Active traders", "Different people with an accepted order in the span.", _COUNT,
            _GROWTH, of=["active"], drill="traders"),
    _metric("dau", "Daily active", "Different people with an accepted order on a day; mean of the days.", _COUNT,
            _GROWTH, by=["days"], drill="traders"),
    _metric("wau", "Weekly active", "The same in the 7 days that end with the day; mean of the days.", _COUNT, _GROWTH,
            by=["days"], drill="traders"),
    _metric("mau", "Monthly active", "The same in the 30 days that end with the day; mean of the days.", _COUNT,
            _GROWTH, by=["days"], drill="traders"),
    _metric("stickiness", "Stickiness", "Daily active / monthly active, each summed over the days.", _SHARE, _GROWTH,
            of=["dau"], by=["mau"], drill="traders"),
    # What it brings.
    _metric("fee_revenue", "Fee revenue", "Ledger entries of the fee accounts: fees of trades less refunds of voids.",
            _CREDITS, _FINANCE, of=["fee_income"], drill="ledger"),
    _metric("taker_fees", "Taker fees", "Sum of what takers paid, from the trades.", _CREDITS, _FINANCE),
    _metric("maker_fees", "Maker fees", "Sum of what resting orders paid, from the trades.", _CREDITS, _FINANCE),
    _metric("fees_refunded", "Fees refunded", "Fees given back because markets were void, from the ledger.", _CREDITS,
            _FINANCE, drill="ledger"),
    _metric("maker_result", "Maker rule result", "Of markets settled in the span: what was returned of the subsidy, "
            "less the subsidy.", _CREDITS, _FINANCE, drill="settled"),
    _metric("net_revenue", "Net revenue", "Fee revenue + maker rule result.", _CREDITS, _FINANCE,
            of=["fee_income", "maker_result"], drill="revenue"),
    _metric("fee_yield", "Fee yield", "Fee revenue / volume.", _SHARE, _FINANCE, of=["fee_income"], by=["volume"],
            drill="ledger"),
    _metric("granted", "Credits granted", "Ledger entries of kind grant into wallets.", _CREDITS, _FINANCE,
            drill="ledger"),
    _metric("subsidies_paid", "Subsidies paid", "Ledger entries of kind subsidy out of issuance.", _CREDITS, _FINANCE,
            drill="ledger"),
    _metric("subsidies_returned", "Subsidies returned", "Ledger entries of kind subsidy back into issuance.", _CREDITS,
            _FINANCE, drill="ledger"),
    _metric("paid_out", "Paid out", "Ledger entries of settlements and voids into wallets.", _CREDITS, _FINANCE,
            drill="ledger"),
    # How good the markets are.
    _metric("markets_created", "Markets created", "Number of journal records created.", _COUNT, _OPERATIONS,
            of=["created"]),
    _metric("markets_opened", "Markets opened", "Number of journal records opened.", _COUNT, _OPERATIONS,
            of=["opened"]),
    _metric("markets_resolved", "Markets resolved", "Number of journal records resolved.", _COUNT, _OPERATIONS,
            of=["resolved"]),
    _metric("markets_voided", "Markets void", "Number of journal records voided.", _COUNT, _OPERATIONS, of=["voided"]),
    _metric("disputes", "Disputes", "Number of journal records disputed.", _COUNT, _OPERATIONS, of=["disputed"]),
    _metric("dispute_rate", "Dispute rate", "Disputes / (resolved + void).", _SHARE, _OPERATIONS, of=["disputed"],
            by=["resolved", "voided"]),
    _metric("hours_to_resolve", "Time to resolve", "Hours from close to resolution, mean of the markets settled in "
            "the span.", Unit.HOURS, _OPERATIONS, of=["resolve_s"], by=["resolve_count"], scale=1 / 3_600,
            drill="settled"),
    _metric("brier", "Brier score", "Mean of (probability a day before the close - payout)^2 over the outcomes of "
            "markets settled in the span; 0 is perfect, 0.25 says nothing.", Unit.SCORE, _OPERATIONS, of=["brier"],
            by=["scored"], scale=1e-12, drill="settled"),
    _metric("log_loss", "Log loss", "Mean of -ln(probability given to what happened), as for the Brier score.",
            Unit.SCORE, _OPERATIONS, of=["log_loss"], by=["scored"], scale=1e-6, drill="settled"),
    _metric("spread", "Spread", "Best ask - best bid, mean of the samples of open markets where both exist.",
            Unit.POINTS, _OPERATIONS, of=["spread"], by=["spreads"], scale=1e-2),
    _metric("depth_1", "Depth within 1 point", "Worth of orders within 1 point of the best price, both sides, mean of "
            "the samples.", _CREDITS, _OPERATIONS, of=["depth_1"], by=["samples"]),
    _metric("depth_5", "Depth within 5 points", "The same within 5 points.", _CREDITS, _OPERATIONS, of=["depth_5"],
            by=["samples"]),
    _metric("depth_10", "Depth within 10 points", "The same within 10 points.", _CREDITS, _OPERATIONS,
            of=["depth_10"], by=["samples"]),
    _metric("price_impact", "Price impact", "Distance from the price paid to the price after the trade, mean of the "
            "trades.", Unit.POINTS, _OPERATIONS, of=["impact"], by=["trades"], scale=_POINTS_OF_PPM),
    _metric("wash_share", "Round trips", "Shares that two people traded back and forth with each other on one day in "
            "one market, both ways / shares traded: a sign of wash trades, not a proof.", _SHARE, _OPERATIONS,
            of=["wash_quantity"], by=["quantity"]),
)  # fmt: skip

METRICS: Final[Mapping[str, Metric]] = {one.name: one for one in _ALL}
