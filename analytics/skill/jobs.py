"""What track records keep about a person."""

from analytics.skill.services.save_profile import forget_profile
from common.personal_data import declare_leaving, declare_part

declare_leaving(farewell=forget_profile)
declare_part(
    "profile",
    """SELECT user_id, about, is_private FROM skill_profile
    WHERE user_id = %(user_id)s AND user_id > %(after)s ORDER BY user_id LIMIT %(limit)s""",
)
declare_part(
    "follows",
    """SELECT f.trader_id AS trader, u.username AS handle, f.created_at FROM skill_follow f
    JOIN accounts_user u ON u.id = f.trader_id
    WHERE f.follower_id = %(user_id)s AND f.trader_id > %(after)s ORDER BY f.trader_id LIMIT %(limit)s""",
)
declare_part(
    "results",
    """SELECT r.market_id, m.slug AS market, r.settled_at, (r.profit / 100000000.0)::numeric(30, 8) AS profit,
        (r.brier / 1000000.0)::numeric(10, 6) AS brier, (r.market_brier / 1000000.0)::numeric(10, 6) AS market_brier
    FROM skill_result r JOIN markets_market m ON m.id = r.market_id
    WHERE r.user_id = %(user_id)s AND r.market_id > %(after)s ORDER BY r.market_id LIMIT %(limit)s""",
)
