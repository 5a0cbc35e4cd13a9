"""What notifications keep about a person."""

from alerting.services.forget_person import forget_person
from common.personal_data import declare_leaving, declare_part

declare_leaving(farewell=forget_person)
declare_part(
    "notifications",
    """SELECT id, kind, title, text, url, created_at, read_at FROM alerting_notification
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "watches",
    """SELECT w.id, m.slug AS market, w.created_at FROM alerting_watch w JOIN markets_market m ON m.id = w.market_id
    WHERE w.user_id = %(user_id)s AND w.id > %(after)s ORDER BY w.id LIMIT %(limit)s""",
)
declare_part(
    "webhooks",
    """SELECT id, description, events::text AS events, created_at FROM alerting_webhookendpoint
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "subscriptions",
    """SELECT id, kind, subject_id, created_at FROM alerting_subscription
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
