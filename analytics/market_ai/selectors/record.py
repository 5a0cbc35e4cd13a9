"""What estimates were worth once the answers were known, beside the price at the same moments."""

from typing import Any, Final

from django.db import connection

_SELECT: Final = """
SELECT count(DISTINCT (x.market_id, x.outcome)), count(*), avg(power(x.probability - x.answer, 2)),
       avg(power(x.price - x.answer, 2)),
       avg(-ln(greatest(CASE WHEN x.answer = 1 THEN x.probability ELSE 1 - x.probability END, 0.002))),
       avg(-ln(greatest(CASE WHEN x.answer = 1 THEN x.price ELSE 1 - x.price END, 0.002))),
       avg(CASE WHEN x.answer BETWEEN x.low AND x.high THEN 1.0 ELSE 0.0 END)
FROM (
    SELECT r.market_id, r.outcome, r.probability, r.price, r.low, r.high,
           CASE WHEN m.payouts[r.outcome + 1] = 10000 THEN 1 ELSE 0 END AS answer
    FROM market_ai_predictionrecord r JOIN markets_market m ON m.id = r.market_id
    WHERE r.model_id = %(model)s AND m.status = 'resolved' AND 10000 = ANY(m.payouts)
) x
"""


def live_record(model_id: int) -> dict[str, Any]:
    """Counts and scores of the estimates of this version that have been answered; scores are None without any."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, {"model": model_id})
        row = cursor.fetchone()
    assert row is not None
    contracts, estimates, *scores = row
    names = ("brier_model", "brier_price", "log_loss_model", "log_loss_price", "interval_coverage")
    told = {name: None if value is None else round(float(value), 6) for name, value in zip(names, scores, strict=True)}
    return {"contracts": contracts, "estimates": estimates, **told}
