"""What every code of a refusal means and what to do about it: the text of docs/errors.md and of /docs/errors.

A test keeps it complete. The sentence in ``detail`` of an answer is about the request at hand; this is about the code.
"""

from typing import Final

from common.guides.entry import Guide
from common.guides.fields import FIELD_GUIDE
from common.guides.markets import MARKET_GUIDE

__all__ = ["ERROR_GUIDE", "FIELD_GUIDE", "Guide"]

_GUIDE: Final[dict[str, Guide]] = {
    "alerting.channel_invalid": Guide(
        "A channel or one of its settings can't be used.", "Change the field named in errors; docs/delivery.md has all."
    ),
    "alerting.channel_not_found": Guide(
        "There is no channel of this name or id.", "List them with GET /api/v1/intelligent-alerting/channels."
    ),
    "alerting.delivery_not_found": Guide(
        "There is no message with this id that was given up.", "Look for it on the page of deliveries."
    ),
    "alerting.alert_not_found": Guide(
        "There is no alert or incident with this id.", "List them with GET /api/v1/intelligent-alerting/alerts."
    ),
    "alerting.escalation_invalid": Guide(
        "An escalation policy, a schedule or a rotation can't be used.", "Change the field named in errors."
    ),
    "alerting.interval_invalid": Guide(
        "Hours of the week, days, months or a time zone can't be read.",
        "Write times as 09:30, the end of a day as 24:00, and zones as Europe/Lisbon.",
    ),
    "alerting.matcher_invalid": Guide(
        "A condition on labels can't be read.", 'Write it as name="value", with one of =, !=, =~ and !~.'
    ),
    "alerting.routing_invalid": Guide(
        "A route, a silence or an alert can't be used.", "Change the field named in errors."
    ),
    "alerting.rule_invalid": Guide(
        "A rule, its expression or its test can't be used.",
        "Change the field named in errors; docs/alerting.md has all.",
    ),
    "alerting.rule_name_taken": Guide("Another rule has this name.", "Choose another name, or change that rule."),
    "alerting.rule_not_found": Guide(
        "There is no rule with this id.", "List them with GET /api/v1/intelligent-alerting/rules."
    ),
    "alerting.setting_not_found": Guide(
        "There is no silence, mute time, route, inhibition or proposal with this id.", "Reload the list of them."
    ),
    "alerting.watch_refused": Guide(
        "There is no such market, or as many are watched as may be.", "Stop watching another market first."
    ),
    "session.not_found": Guide("You aren't signed in there any more.", "Look at the list in Settings again."),
    "webhook.invalid": Guide(
        "The address, the events or the markets of a webhook can't be used, or you have as many as one may have.",
        "Change the field that the detail names; GET /api/v1/webhooks/events lists the events.",
    ),
    "webhook.not_found": Guide(
        "There is no webhook or delivery with this id, or it is somebody else's.",
        "List your webhooks and their deliveries.",
    ),
    "follow.not_found": Guide(
        "No topic with a published market and no series has this slug.",
        "List topics with GET /api/v1/topics, series with GET /api/v1/series.",
    ),
    "follow.too_many": Guide(
        "So many topics or series may be followed by one person, and no more.", "Stop following one first."
    ),
    "webhook.switched_off": Guide(
        "Nothing is sent to a webhook that is switched off.", "Switch it on first: PATCH it with is_enabled true."
    ),
    "analytics.too_many_metrics": Guide(
        "Points of another metric are sent, but there is no room for its name.",
        "Send fewer different names; one that is not sent for two weeks makes room.",
    ),
    "anomaly.not_found": Guide(
        "There is no anomaly with this id.", "List them with GET /api/v1/advanced-analytics/anomalies."
    ),
    "auth.csrf_failed": Guide(
        "A browser session wrote without the token that proves the page is ours.",
        "Send the csrftoken cookie as X-CSRFToken, or use an API key.",
    ),
    "auth.invalid_credentials": Guide(
        "The Authorization header isn't a key of this site, or its account is suspended.",
        "Send Authorization: Bearer omk_... with a key of Settings, API keys.",
    ),
    "auth.key_expired": Guide("The key's expiry has passed.", "Make a new key."),
    "auth.key_revoked": Guide("The key was revoked by its owner or by staff.", "Make a new key."),
    "auth.permission_missing": Guide(
        "The account's role doesn't include this action.", "Ask staff for a role that does, such as market maker."
    ),
    "auth.required": Guide("The route answers known callers only.", "Send an API key, or sign in."),
    "auth.scope_missing": Guide(
        "The key is good but lacks the scope in the member scope.", "Make a key with that scope; scopes never grow."
    ),
    "business.metric_unknown": Guide(
        "There is no business figure of this name.", "List them with GET /api/v1/business-intelligence/metrics."
    ),
    "business.question_invalid": Guide(
        "The range ends before it starts, is too long, or the figure isn't told by this dimension.",
        "Take the dimensions of the figure from the catalogue, and at most ten years.",
    ),
    "dashboard.invalid": Guide("A dashboard's name or panels can't be kept.", "Change the fields named in errors."),
    "dashboard.name_taken": Guide(
        "You already have a dashboard with this name.", "Choose another name, or change the dashboard that has it."
    ),
    "dashboard.not_found": Guide(
        "No dashboard has this id and is yours, or its link is no longer shared.",
        "List yours, or ask its owner for the link.",
    ),
    "dashboard.too_many": Guide(
        "You have as many dashboards as one account may have.", "Delete one that you don't use."
    ),
    "feed.invalid": Guide("A feed of the news breaks a rule of its own fields.", "Change the field named in errors."),
    "job.ended": Guide(
        "The job has completed, failed or been cancelled.", "Read it; start another one if you need it."
    ),
    "job.not_found": Guide("There is no such job of yours, or it was removed.", "Look it up with GET /api/v1/jobs."),
    "job.paused": Guide(
        "Staff have paused new jobs of this kind.", "Try again later; jobs that wait already will still run."
    ),
    "job.too_many": Guide(
        "As many jobs of this kind as one account may have are waiting or running.",
        "Wait until one has ended, or cancel one.",
    ),
    "job.without_file": Guide(
        "The job hasn't completed, made no file, or the file was removed after its time.",
        "Read the job: file says what there is. Start another one if you need it.",
    ),
    "key.invalid": Guide("A new key's name, scopes or expiry can't be used.", "Change the fields named in errors."),
    "key.name_taken": Guide("You already have a key with this name.", "Choose another name, or revoke the old key."),
    "key.not_found": Guide("There is no such key of yours.", "Look it up in Settings, API keys."),
    "key.scope_not_allowed": Guide(
        "Your role doesn't let you give this scope to a key.", "Leave the scope out, or ask staff for the role."
    ),
    "key.too_many": Guide("You have as many keys as one account may have.", "Revoke keys that you don't use."),
    "limit.exceeded": Guide(
        "The bucket of this key, session or address is empty.",
        "Wait Retry-After seconds. Read RateLimit-Remaining to slow down before; the stream needs no polling.",
    ),
    "limit.too_many_attempts": Guide(
        "Too many sign-ins, codes or mails were tried.", "Wait as long as retry_after says."
    ),
    "metrics.history_invalid": Guide(
        "The range, step, series or aggregate of a history can't be answered.",
        "Change the field that the detail names.",
    ),
    "metrics.refused": Guide(
        "The scrape carries no METRICS_TOKEN and comes from outside METRICS_NETWORKS, or through an unknown proxy.",
        "Send Authorization: Bearer with the token, or let the operator add the network. docs/prometheus.md.",
    ),
    "model.not_found": Guide("There is no model of this version.", "Look it up on the page of models."),
    "model.not_promotable": Guide(
        "The model is not better than the price or the live model, is live already, or its stored bytes are damaged.",
        "Read why in the detail; train another one, or leave the live one.",
    ),
    "model.nothing_to_learn": Guide(
        "Fewer answered contracts with both answers were found than a model needs.",
        "Wait for more markets to resolve, or train on imported histories.",
    ),
    "outgoing.address_refused": Guide(
        "An address leads into this site's own network, or isn't one that a request may be sent to.",
        "Use https:// with a public name and a usual port; own receivers are listed in OUTGOING_ALLOWED_HOSTS.",
    ),
    "prediction.not_found": Guide(
        "There is no market with this id, or it is a draft.", "List markets with GET /api/v1/markets."
    ),
    "report.definition_not_found": Guide(
        "There is no report definition with this id, or it isn't yours and not shared with a role of yours.",
        "List them with GET /api/v1/business-intelligence/report-definitions.",
    ),
    "report.invalid": Guide(
        "A report names something that the catalogue doesn't have, or days that can't be.",
        "Change the fields named in errors; docs/reports.md has all.",
    ),
    "report.key_reused": Guide(
        "The Idempotency-Key was sent before, with another report.", "Send a new key with each new report."
    ),
    "report.name_taken": Guide("You have a report definition of this title.", "Choose another title."),
    "report.not_allowed": Guide("The report shows figures that your role doesn't allow.", "Ask staff for such a role."),
    "report.not_found": Guide(
        "There is no report with this id, or it isn't yours and not shared with a role of yours.",
        "List them with GET /api/v1/business-intelligence/reports.",
    ),
    "report.not_ready": Guide(
        "The report is being made, or its making failed.", "Ask for its status, and for the file once it is ready."
    ),
    "report.too_long": Guide(
        "The report has more rows or bytes than its format takes.",
        "Choose fewer days or splits, or CSV, XLSX or JSON.",
    ),
    "report.too_many": Guide("You have as many report definitions as one may have.", "Delete one that you don't use."),
    "request.body_too_large": Guide("The body is longer than this site reads.", "Send less at once."),
    "request.cursor_invalid": Guide(
        "The cursor was changed, or comes from another list or sort.",
        "Start without a cursor; take the next from next_cursor.",
    ),
    "request.forbidden": Guide("Your role doesn't allow this.", "Ask staff."),
    "request.invalid": Guide(
        "Fields are missing, unknown, of the wrong type or not usable; errors names each of them.",
        "Change every field in errors. Prices, quantities and credits are decimal strings in quotes.",
    ),
    "request.malformed_json": Guide("The body isn't one JSON object in UTF-8.", "Check the JSON with any validator."),
    "request.media_type_unsupported": Guide(
        "The body came without Content-Type: application/json.", "Send that header."
    ),
    "request.method_not_allowed": Guide(
        "The route exists, but not for this method.", "Use a method of the Allow header."
    ),
    "request.not_found": Guide("There is no such thing, or it isn't yours.", "Check the id."),
    "request.refused": Guide("The address, the headers or the encoding can't be read.", "Check them for stray bytes."),
    "request.unknown_route": Guide("No route has this address.", "Look it up in /api/v1/docs."),
    "server.error": Guide(
        "A mistake of ours; it is logged under the request_id.",
        "Repeat with the same client_order_id to learn whether an order was taken, and tell us the request_id.",
    ),
    "server.unavailable": Guide(
        "The database is busy or away.", "Repeat after Retry-After seconds, orders with the same client_order_id."
    ),
    "user.action_refused": Guide("This can't be done to the account as it is.", "Read the detail."),
    "user.not_found": Guide("No active account has this id or handle.", "Check it."),
    "optimizer.act_not_allowed": Guide(
        "The strategy, or the rights of this site, don't let the optimizer do that.", "The detail says what to set."
    ),
    "optimizer.recommendation_closed": Guide("Somebody, or the optimizer, has decided already.", "Read it again."),
    "optimizer.recommendation_unknown": Guide("The number is of no recommendation.", "Use one of the list."),
    "optimizer.request_invalid": Guide(
        "The kind or the setting doesn't exist, or the value is out of bounds.", "Change the field named in errors."
    ),
    "optimizer.subsystem_busy": Guide(
        "Only one change of a subsystem is watched at a time.", "Wait until it is judged, or take it back."
    ),
    "scaling.count_invalid": Guide(
        "A count by hand was outside of the bounds of its target.", "Send a number within them, or change the policies."
    ),
    "scaling.policy_invalid": Guide(
        "A policy of scaling names no series, or its numbers don't fit.", "Change the field named in errors."
    ),
    "scaling.target_unknown": Guide("Nothing of this name is scaled.", "Use a name of the summary, such as web."),
}
ERROR_GUIDE: Final = dict(sorted({**_GUIDE, **MARKET_GUIDE}.items()))
