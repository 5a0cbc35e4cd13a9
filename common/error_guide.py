"""What every code of a refusal means and what to do about it: the text of docs/errors.md and of /docs/errors.

A test keeps it complete. The sentence in ``detail`` of an answer is about the request at hand; this is about the code.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Guide:
    cause: str
    fix: str


ERROR_GUIDE: Final[dict[str, Guide]] = {
    "account.grant_invalid": Guide(
        "A gift of credits was not a positive amount, or its memo was too long.",
        "Send a positive amount and a short memo.",
    ),
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
    "liquidity.no_maker_rule": Guide(
        "The market was made without a maker rule, so there is nothing to add liquidity to.",
        "Place limit orders instead.",
    ),
    "liquidity.not_provided": Guide(
        "You withdraw more liquidity than you have added to this market.",
        "Read your part with GET /api/v1/markets/{key}/liquidity.",
    ),
    "liquidity.too_much": Guide("The maker rule would grow beyond 100,000,000 shares.", "Add less."),
    "webhook.invalid": Guide(
        "The address, the events or the markets of a webhook can't be used, or you have as many as one may have.",
        "Change the field that the detail names; GET /api/v1/webhooks/events lists the events.",
    ),
    "webhook.not_found": Guide(
        "There is no webhook or delivery with this id, or it is somebody else's.",
        "List your webhooks and their deliveries.",
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
    "comment.invalid": Guide(
        "The text is empty, too long or holds control characters, or what it replies to is gone.",
        "Change the field named in errors.",
    ),
    "comment.not_found": Guide(
        "No comment has this id, or its market is a draft of somebody else.",
        "List them with GET /api/v1/markets/{id}/comments.",
    ),
    "comment.not_yours": Guide("Only the author of a comment may delete it.", "Ask a moderator to hide it."),
    "comment.repeated": Guide(
        "The same words by the same author within a minute, usually a form that was sent twice.", "Nothing to do."
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
    "market.action_not_allowed": Guide(
        "You are neither the creator nor staff with the right to do this.", "Ask the creator or an operator."
    ),
    "market.challenge_window_open": Guide(
        "A proposed resolution can be disputed until challenge_ends_at.", "Confirm it after that moment."
    ),
    "market.challenge_window_over": Guide(
        "The time to dispute the proposed resolution has passed.", "Write to staff with your reasons."
    ),
    "market.invalid": Guide(
        "The draft of a market breaks a rule of its own fields.", "Change the fields named in errors."
    ),
    "market.not_found": Guide(
        "No market has this id or slug, or it is a draft of somebody else.", "Find it with GET /api/v1/markets?q=."
    ),
    "journal.before_market": Guide(
        "The book was asked for at a time before the market was made.", "Ask for a later time, or for seq 1."
    ),
    "journal.not_kept": Guide(
        "The records are in a file of the archive that isn't there any more, or is broken.",
        "Tell who runs the site: the file can come back from a backup.",
    ),
    "journal.not_yet": Guide(
        "The book was asked for at a time or a seq that is still to come.", "Ask for one up to the market's newest seq."
    ),
    "market.not_over": Guide("Only a resolved or void market can be settled.", "Wait until it is resolved."),
    "market.resolution_invalid": Guide(
        "The payouts don't fit the outcomes or don't sum to 1.", "Send one payout for each outcome, 1 in total."
    ),
    "market.slug_taken": Guide("Another market has this address.", "Choose another slug, or leave it out."),
    "market.wrong_status": Guide(
        "The lifecycle has no step from the market's status to the one asked for.",
        "Read the market and start from there.",
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
    "order.client_order_id_reused": Guide(
        "This client_order_id (or Idempotency-Key) belongs to an earlier request that asked for something else.",
        "Use a new one for each new order or command; repeat the old one only with the very same request.",
    ),
    "order.cost_max_invalid": Guide(
        "max_cost isn't a positive amount of credits, came with a quantity, or belongs to no market buy.",
        "Send max_cost with market buys only, instead of quantity, with at most eight decimal places.",
    ),
    "order.expired": Guide(
        "The order arrived after its valid_until.", "Look at the market again and send a new order."
    ),
    "order.insufficient_funds": Guide(
        "The order could cost more than your available credits; required and available tell how much.",
        "Lower the quantity or price, or cancel open orders that hold credits.",
    ),
    "order.insufficient_shares": Guide(
        "You sell more shares than you have free; open sell orders hold theirs.",
        "Sell less, cancel open sell orders, or mint complete sets first.",
    ),
    "order.market_not_open": Guide(
        "The market is halted, past its closing time, resolved or not open yet.",
        "Read status and closes_at of the market.",
    ),
    "order.no_liquidity": Guide(
        "A market order found nobody to trade with at any price it allows.",
        "Send a limit order, which rests and waits.",
    ),
    "order.not_filled": Guide(
        "A fill-or-kill order couldn't be filled as a whole at once.",
        "Use ioc or gtc, a smaller quantity or a better price.",
    ),
    "order.not_found": Guide(
        "No open order of yours has this id: it is filled, cancelled, somebody else's or never was.",
        "List your open orders with GET /api/v1/orders?status=open.",
    ),
    "order.outcome_unknown": Guide("The market has no outcome of this slug.", "Use a slug of the market's outcomes."),
    "order.expiry_invalid": Guide(
        "time_in_force gtd goes with a limit order and the time at which it ends.", "Send type limit and expires_at."
    ),
    "order.post_only_invalid": Guide(
        "post_only goes only with limit orders that may rest.", "Leave post_only out, or use type limit and gtc or gtd."
    ),
    "order.price_off_grid": Guide(
        "The price is between two steps of the market's tick_size.", "Round it to a multiple of tick_size."
    ),
    "order.price_out_of_range": Guide("Prices lie above 0 and below 1.", "Send a price such as 0.62."),
    "order.price_required": Guide("A limit order has no price.", "Send price, or type market."),
    "order.quantity_invalid": Guide(
        "The quantity is missing, zero, negative, off the market's lot_size or beyond what any market can hold.",
        "Send a positive multiple of lot_size, at most 1,000,000,000 shares.",
    ),
    "order.outcomes_invalid": Guide(
        "NO is converted on two or more different outcomes of a market that has more than yes and no.",
        "Name at least two outcomes, each once; merge complete sets in a binary market.",
    ),
    "order.would_trade": Guide(
        "A post-only order would have traded at once instead of resting.", "Move the price away from the market."
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
    "trading.busy": Guide(
        "Too many orders wait for this market at this moment.", "Repeat after a second with the same client_order_id."
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
#: Codes inside ``errors`` of a ``request.invalid``.
FIELD_GUIDE: Final[dict[str, str]] = {
    "field.required": "The field is missing, null or empty.",
    "field.unknown": "There is no such field; a typo would otherwise be lost silently.",
    "field.repeated": "A query parameter came twice.",
    "field.not_text": "Text in quotes is due.",
    "field.not_texts": "A list of texts is due.",
    "field.not_a_list": "A list is due, of what the detail says.",
    "field.not_ids": "A list of ids is due: whole numbers from 1.",
    "field.not_object": "A JSON object is due.",
    "field.count": "The list is empty or too long.",
    "field.not_allowed": "The field doesn't go with another one; the detail names it.",
    "field.conflict": "Two fields exclude each other.",
    "field.invalid": "The value breaks the rule that the detail tells.",
    "field.too_long": "The text is too long.",
    "field.too_many": "The list is too long.",
    "field.bad_character": "NUL and half characters (lone surrogates) can't be stored.",
    "field.not_a_choice": "The value isn't one of those that the detail lists.",
    "field.not_boolean": "true or false is due.",
    "field.not_a_date": "A day is due, such as 2026-11-22.",
    "field.not_a_number": "A number is due, such as 80 or 0.5.",
    "field.not_integer": "A whole number is due.",
    "field.out_of_range": "The number is outside the range that the detail tells.",
    "field.not_payouts": "Payouts by outcome, or a list of one for each outcome, are due.",
    "field.number_not_text": "A decimal string in quotes is due, because JSON numbers lose digits.",
    "field.not_decimal": "A plain decimal string such as 0.62 is due.",
    "field.not_a_time": "A time of RFC 3339 with an offset is due.",
    "field.reserved": "Values that begin like this belong to the site.",
}
