"""Codes of markets, orders and accounts; ``common.error_guide`` has all."""

from typing import Final

from common.guides.entry import Guide

MARKET_GUIDE: Final[dict[str, Guide]] = {
    "account.grant_invalid": Guide(
        "A gift of credits was not a positive amount, or its memo was too long.",
        "Send a positive amount and a short memo.",
    ),
    "limits.invalid": Guide("A limit of a trader is out of range.", "Send the field named in errors, or null."),
    "liquidity.no_maker_rule": Guide(
        "The market was made without a maker rule, so there is nothing to add liquidity to.",
        "Place limit orders instead.",
    ),
    "liquidity.not_provided": Guide(
        "You withdraw more liquidity than you have added to this market.",
        "Read your part with GET /api/v1/markets/{key}/liquidity.",
    ),
    "liquidity.too_much": Guide("The maker rule would grow beyond 100,000,000 shares.", "Add less."),
    "comment.invalid": Guide(
        "The text is empty, too long or holds control characters, or what it replies to is gone.",
        "Change the field named in errors.",
    ),
    "comment.not_found": Guide(
        "No comment has this id, or its market is a draft of somebody else.",
        "List them with GET /api/v1/markets/{id}/comments.",
    ),
    "comment.not_yours": Guide("Only the author of a comment may delete it.", "Ask a moderator to hide it."),
    "comment.own_reaction": Guide(
        "Reactions say what other people think of a comment.", "React to somebody else's comment."
    ),
    "comment.repeated": Guide(
        "The same words by the same author within a minute, usually a form that was sent twice.", "Nothing to do."
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
    "series.not_found": Guide("No series has this slug.", "List them with GET /api/v1/series."),
    "series.invalid": Guide("A field of a series can't be used.", "Change the field named in errors."),
    "series.name_taken": Guide(
        "Another series has this name or this address.", "Choose another, or put the event into that series."
    ),
    "series.not_yours": Guide(
        "Only the creator of a series and operators change it, and an event is placed by who made one of its markets.",
        "Ask the creator or an operator.",
    ),
    "series.event_taken": Guide(
        "An event stands in one series only.", "Take it out of the other series first; the detail names it."
    ),
    "event.not_found": Guide("No published market has this event_group.", "Read it from event_group of a market."),
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
    "market.approval_needed": Guide(
        "What two people of staff have to agree on was asked of one: voiding a market that was open, or another result "
        "of a disputed one than was proposed.",
        "Ask for it with POST /api/v1/markets/{key}/overrides; a second operator approves it.",
    ),
    "market.no_committee": Guide(
        "The market's resolution policy is another one.", "Read resolution_policy of GET /api/v1/markets/{key}."
    ),
    "market.vote_over": Guide(
        "A committee votes from the end of trading until vote_ends_at.", "Read GET /api/v1/markets/{key}/committee."
    ),
    "override.not_found": Guide("No override has this id.", "List them with GET /api/v1/markets/{key}/overrides."),
    "override.not_waiting": Guide(
        "It was decided before, withdrawn, or nobody approved it in time.", "Read it, and ask for it again if needed."
    ),
    "override.own": Guide("Whoever asks for an override can't approve it.", "Let another operator look at it."),
    "override.waiting": Guide(
        "A market has one override at a time, and another waits.", "Approve, decline or withdraw that one first."
    ),
    "settlement.not_kept": Guide(
        "The market was settled before this site kept what a settlement takes away.", "It stays as it is."
    ),
    "settlement.not_settled": Guide("The market isn't settled, or not any more.", "Nothing to do."),
    "settlement.spent": Guide(
        "Somebody who was paid has spent or reserved it, and nobody's balance may become negative.",
        "Let them cancel orders, or give them what is missing; then approve again.",
    ),
    "settlement.window_over": Guide(
        "A settlement can be undone for SETTLEMENT_UNDO_WINDOW_S seconds only.", "It stays as it is."
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
    "order.amend_invalid": Guide(
        "The order has these terms already, or has filled more than the new quantity.",
        "Read the order and send a price or a quantity that differs; cancel it to end it.",
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
    "order.group_not_found": Guide(
        "No order group of yours has this id: it was deleted, is somebody else's or never was.",
        "List your groups with GET /api/v1/order-groups.",
    ),
    "order.group_tripped": Guide(
        "So much of the order group filled within its window, or you tripped it, that it takes no orders.",
        "Reset it with POST /api/v1/order-groups/{id}/reset, or send the order without order_group_id.",
    ),
    "order.groups_too_many": Guide(
        "You have as many order groups as one trader may have.", "Delete one that you don't use any more."
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
    "order.open_orders_limit": Guide(
        "You have as many open orders in this market as you may.",
        "Cancel one first, or send orders that don't rest (ioc); GET /markets/{key}/limits tells how many.",
    ),
    "order.pair_invalid": Guide(
        "Of a pair both orders rest or wait on one market, and no single taker could meet both.",
        "Pair a limit order with a stop, or two orders on different sides; the pointer names the order at fault.",
    ),
    "order.position_limit": Guide(
        "With this order you could come to hold more shares of the outcome than you may.",
        "Lower the quantity, or cancel open buys of the outcome; allowed tells how many shares.",
    ),
    "order.post_only_period": Guide(
        "For a while after a halt the market takes only orders that rest.",
        "Place a limit order that doesn't cross, or wait until post_only_until of the market.",
    ),
    "order.price_out_of_band": Guide(
        "The price is further from the outcome's price than this market lets an order trade.",
        "Send a price up to edge. Market orders stop there by themselves.",
    ),
    "order.proceeds_min_invalid": Guide(
        "min_proceeds goes with a market order that sells, and is above 0 with at most eight decimal places.",
        "Send it with type market and side sell, or leave it out.",
    ),
    "order.proceeds_not_reached": Guide(
        "All that may be sold now brings less than min_proceeds; nothing was sold.",
        "Ask for at most proceeds, or sell by quantity.",
    ),
    "order.reduce_only_invalid": Guide(
        "reduce_only goes with a sell.", "Sell the shares that you have; leave reduce_only out of a buy."
    ),
    "order.size_limit": Guide(
        "The order is for more shares than one order of yours may be.", "Split it; allowed tells how many shares."
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
    "order.trigger_invalid": Guide(
        "A stop needs a trigger_price on the market's grid and waits with gtc or gtd; other orders have none.",
        "Send trigger_price with type stop or stop_limit, and leave out what the detail names.",
    ),
    "order.would_trade": Guide(
        "A post-only order would have traded at once instead of resting.", "Move the price away from the market."
    ),
    "order.would_trigger": Guide(
        "The outcome's price is at the trigger or beyond it already, so the stop has nothing to wait for.",
        "Send a limit or market order instead, or move trigger_price: above the price for a buy, below for a sell.",
    ),
    "trading.busy": Guide(
        "Too many orders wait for this market at this moment.", "Repeat after a second with the same client_order_id."
    ),
    "announcement.invalid": Guide(
        "The title or text is too long or empty, or it ends before it starts.", "Change what the detail names."
    ),
    "case.decided": Guide("Somebody else has decided this case meanwhile.", "Read under Decided what they did."),
    "case.decision_not_allowed": Guide(
        "The decision doesn't fit the case, or your role doesn't allow it.", "Choose another, or leave it to others."
    ),
    "case.draft_changed": Guide(
        "The creator has changed the draft since you read it.", "Read it again, then approve or decline."
    ),
    "case.not_found": Guide("There is no case with this number.", "Take the number from the queue."),
    "case.report_invalid": Guide(
        "It is your own, isn't shown any more, or the words are too long.", "Report what others wrote, briefly."
    ),
    "plan.not_found": Guide(
        "It is somebody else's, was discarded, or its market is published.", "Begin again, or open the market."
    ),
    "plan.too_many": Guide("You have begun as many markets as one may.", "Publish or discard one first."),
    "account.deletion_refused": Guide(
        "Something still belongs to the account: shares, open orders, liquidity, a market of its own, a role of staff.",
        "Do what the detail says first.",
    ),
    "account.password_wrong": Guide(
        "The password doesn't belong to the account that is signed in.", "Type it again, or reset it first."
    ),
    "follow.refused": Guide(
        "One can't follow oneself, or more than 1,000 traders.",
        "Follow somebody else, or stop following somebody first.",
    ),
    "profile.invalid": Guide("What stands in the profile is too long.", "Write at most 280 characters about yourself."),
    "trader.not_found": Guide("There is no trader with this handle.", "Use a handle as the site shows it."),
}
