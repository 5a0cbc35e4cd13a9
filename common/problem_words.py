"""Refusals as pages tell them to who doesn't read English: by their code, in the reader's language.

Contract   In English a page says the ``detail`` of the problem, which knows the numbers of the case; in another
           language the translation of this sentence where ``common.phrases`` knows it, else of the one that stands here
           for its code, and what has none in English. ``{available}`` and its like are credits that the problem
           document names; a sentence with them goes first.
Cost       Scripts fetch the sentences of a language as one file, the first time that something is refused
           (scripts/words.py writes it).
Why        Details are the API's words, and the API speaks English; a code says what happened in every language.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

from common.errors import DomainError, FieldError
from common.languages import code, written
from common.phrases import said

REFUSALS: Final[Mapping[str, str]] = {
    "account.deletion_refused": gettext_noop("The account can't be deleted yet."),
    "account.grant_invalid": gettext_noop("The grant can't be made like this."),
    "account.password_wrong": gettext_noop("The password isn't right."),
    "alerting.watch_refused": gettext_noop("The market can't be watched."),
    "announcement.invalid": gettext_noop("The announcement can't be made like this."),
    "auth.csrf_failed": gettext_noop("The page is too old."),
    "auth.permission_missing": gettext_noop("Your role doesn't allow this."),
    "auth.required": gettext_noop("You have to be signed in."),
    "case.decided": gettext_noop("Somebody has decided it already."),
    "case.decision_not_allowed": gettext_noop("This decision isn't yours to make."),
    "case.draft_changed": gettext_noop("The draft was changed since you looked."),
    "case.not_found": gettext_noop("There is no such case."),
    "case.report_invalid": gettext_noop("The report can't be taken like this."),
    "comment.invalid": gettext_noop("The comment can't be kept like this."),
    "comment.not_found": gettext_noop("There is no such comment."),
    "comment.not_yours": gettext_noop("The comment is somebody else's."),
    "comment.own_reaction": gettext_noop("One doesn't react to one's own comment."),
    "comment.repeated": gettext_noop("You have said this already."),
    "follow.not_found": gettext_noop("There is nothing like this to follow."),
    "follow.refused": gettext_noop("This can't be followed."),
    "follow.too_many": gettext_noop("You follow as many as you may."),
    "job.ended": gettext_noop("The job has ended."),
    "job.not_found": gettext_noop("There is no such job of yours."),
    "job.paused": gettext_noop("New jobs of this kind are paused."),
    "job.too_many": gettext_noop("You have enough jobs of this kind."),
    "job.without_file": gettext_noop("The job has no file."),
    "journal.before_market": gettext_noop("The market didn't exist then."),
    "journal.not_kept": gettext_noop("The journal isn't kept that far back."),
    "journal.not_yet": gettext_noop("This moment hasn't come yet."),
    "key.invalid": gettext_noop("The key can't be made like this."),
    "key.name_taken": gettext_noop("You have a key with this name."),
    "key.not_found": gettext_noop("There is no such key."),
    "key.scope_not_allowed": gettext_noop("Your role doesn't allow this scope."),
    "key.too_many": gettext_noop("You have too many keys."),
    "limit.exceeded": gettext_noop("Too many requests."),
    "limit.too_many_attempts": gettext_noop("Too many attempts."),
    "limits.invalid": gettext_noop("The limits can't be set like this."),
    "liquidity.no_maker_rule": gettext_noop("The market has no maker rule."),
    "liquidity.not_provided": gettext_noop("You haven't provided that much."),
    "liquidity.too_much": gettext_noop("So much liquidity isn't possible."),
    "market.action_not_allowed": gettext_noop("You may not do this to the market."),
    "market.approval_needed": gettext_noop("The market needs an approval first."),
    "market.challenge_window_open": gettext_noop("The challenge window is still open."),
    "market.challenge_window_over": gettext_noop("The challenge window is over."),
    "market.invalid": gettext_noop("The market can't be made like this."),
    "market.no_committee": gettext_noop("The market has no committee."),
    "market.not_found": gettext_noop("There is no such market."),
    "market.not_over": gettext_noop("The market isn't over yet."),
    "market.resolution_invalid": gettext_noop("The result can't be like this."),
    "market.slug_taken": gettext_noop("Another market has this address."),
    "market.vote_over": gettext_noop("The vote is over."),
    "market.wrong_status": gettext_noop("The market's status doesn't allow this."),
    "order.amend_invalid": gettext_noop("The order can't be changed like this."),
    "order.client_order_id_reused": gettext_noop("This order was sent already."),
    "order.cost_max_invalid": gettext_noop("The amount isn't usable."),
    "order.expired": gettext_noop("The order came too late."),
    "order.expiry_invalid": gettext_noop("The order can't end by itself like this."),
    "order.group_not_found": gettext_noop("There is no such group of orders."),
    "order.group_tripped": gettext_noop("The group has tripped."),
    "order.groups_too_many": gettext_noop("You have too many groups of orders."),
    "order.insufficient_funds": gettext_noop("You have {available} free; this needs {required}."),
    "order.insufficient_shares": gettext_noop("You don't have that many free shares."),
    "order.market_not_open": gettext_noop("The market isn't open for trading."),
    "order.no_liquidity": gettext_noop("There is nobody to trade with."),
    "order.not_filled": gettext_noop("The whole order can't be filled at once."),
    "order.not_found": gettext_noop("There is no such open order of yours."),
    "order.open_orders_limit": gettext_noop("You have as many open orders here as you may."),
    "order.outcome_unknown": gettext_noop("The market has no such outcome."),
    "order.outcomes_invalid": gettext_noop("These outcomes can't be converted."),
    "order.pair_invalid": gettext_noop("These two orders aren't a pair."),
    "order.position_limit": gettext_noop("The position would be larger than you may hold."),
    "order.post_only_invalid": gettext_noop("Post-only doesn't go with this order."),
    "order.post_only_period": gettext_noop("The market takes only orders that rest for now."),
    "order.price_off_grid": gettext_noop("The price is between two steps of the grid."),
    "order.price_out_of_band": gettext_noop("The price is too far from where the market is."),
    "order.price_out_of_range": gettext_noop("The price is outside the range."),
    "order.price_required": gettext_noop("A limit order needs a price."),
    "order.proceeds_min_invalid": gettext_noop("The minimal proceeds aren't usable."),
    "order.proceeds_not_reached": gettext_noop("A sale doesn't bring that much now."),
    "order.quantity_invalid": gettext_noop("The quantity isn't usable."),
    "order.reduce_only_invalid": gettext_noop("Reduce-only doesn't go with this order."),
    "order.refused": gettext_noop("The order was refused."),
    "order.size_limit": gettext_noop("The order is larger than you may place here."),
    "order.trigger_invalid": gettext_noop("The stop can't wait like this."),
    "order.would_trade": gettext_noop("A post-only order would trade at once."),
    "order.would_trigger": gettext_noop("The price is beyond the trigger already."),
    "outgoing.address_refused": gettext_noop("This address may not be asked."),
    "override.not_found": gettext_noop("There is no such override."),
    "override.not_waiting": gettext_noop("The override isn't waiting any more."),
    "override.own": gettext_noop("Somebody else has to approve this."),
    "override.waiting": gettext_noop("Another override of the market waits."),
    "plan.not_found": gettext_noop("There is no such plan of a market."),
    "plan.too_many": gettext_noop("You have begun too many markets."),
    "profile.invalid": gettext_noop("The profile can't be kept like this."),
    "report.invalid": gettext_noop("The report can't be made like this."),
    "report.name_taken": gettext_noop("You have a report definition of this name."),
    "report.not_allowed": gettext_noop("Your role doesn't allow what the report shows."),
    "report.not_found": gettext_noop("There is no such report, or it isn't shared with you."),
    "report.not_ready": gettext_noop("The report isn't ready."),
    "report.too_long": gettext_noop("The report would be too long."),
    "report.too_many": gettext_noop("You have enough report definitions."),
    "request.body_too_large": gettext_noop("The request is too large."),
    "request.cursor_invalid": gettext_noop("The cursor is not one of this list."),
    "request.forbidden": gettext_noop("You may not do this."),
    "request.not_found": gettext_noop("There is no such thing, or it isn't yours."),
    "server.error": gettext_noop("The site failed."),
    "server.unavailable": gettext_noop("A part of the site is away."),
    "session.not_found": gettext_noop("You aren't signed in there."),
    "settlement.not_kept": gettext_noop("The settlement can't be undone."),
    "settlement.not_settled": gettext_noop("There is no settlement to undo."),
    "settlement.spent": gettext_noop("What was paid has been spent."),
    "settlement.window_over": gettext_noop("The settlement can't be undone any more."),
    "trader.not_found": gettext_noop("There is no such trader."),
    "trading.busy": gettext_noop("The market can't take more orders at this moment."),
    "user.action_refused": gettext_noop("This can't be done to the account."),
    "user.not_found": gettext_noop("There is no such person."),
    "webhook.invalid": gettext_noop("The webhook can't be kept like this."),
    "webhook.not_found": gettext_noop("There is no such webhook of yours."),
    "webhook.switched_off": gettext_noop("The webhook is switched off."),
}
_FACT: Final = re.compile(r"\{(\w+)\}")


def refusal_words(problem: Mapping[str, Any]) -> str:
    """What a page says of a problem document of the API."""
    detail, sentence = str(problem["detail"]), REFUSALS.get(str(problem["code"]), "")
    if code() == "en":
        return detail
    told = gettext(sentence) if sentence else detail
    facts = _FACT.findall(told) if sentence else []
    if facts and all(name in problem for name in facts):
        return _FACT.sub(lambda place: written(f"{Decimal(problem[place[1]]):,.2f}"), told)
    if (precise := said(detail)) != detail:
        return precise
    return detail if facts or told == sentence else told


def words_of(refusal: DomainError) -> str:
    """The same of a refusal that was raised."""
    return refusal_words({**refusal.extra, "code": refusal.code, "detail": refusal.detail})


def field_words(error: FieldError) -> str:
    """The same of one field."""
    return refusal_words({"code": error.code, "detail": error.detail})
