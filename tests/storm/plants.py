"""Defects of an exchange, planted into the evidence of a run that was right: what each would have left behind."""

from collections.abc import Callable
from typing import Any

from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.history import Command, Reply

Plant = Callable[[Evidence], None]
#: Where the values of a kept answer tell what of the order was filled, in lots.
KEPT_FILLED = 19


def placed(run: Evidence, *, filled: bool | None = None) -> tuple[Command, Row]:
    """A late order that was accepted, in a market that goes on, and its record."""
    open_markets = {market["id"] for market in run.markets if market["status"] == "open"}
    records = {
        e["data"]["c"][3]: e for e in run.events if e["kind"] == "order_placed" and e["market_id"] in open_markets
    }
    for command in reversed(run.commands.values()):
        event = records.get(command.key)
        if command.what == "place" and event is not None and (filled is None or bool(event["data"]["f"]) == filled):
            return command, event
    raise AssertionError("the run has no such order")


def accepted(run: Evidence, what: str) -> Command:
    return next(c for c in reversed(run.commands.values()) if c.what == what and c.is_accepted)


def market_of(run: Evidence, market_id: int) -> Row:
    return next(market for market in run.markets if market["id"] == market_id)


def first(rows: list[Row], **columns: Any) -> Row:
    return next(row for row in rows if columns.items() <= row.items())


def _forget_record(run: Evidence, event: Row) -> None:
    """As if a record had never been committed: later ones move up."""
    run.events.remove(event)
    for other in run.events:
        if other["market_id"] == event["market_id"] and other["seq"] > event["seq"]:
            other["seq"] -= 1
    market_of(run, event["market_id"])["seq"] -= 1


def _carry_over(run: Evidence) -> None:
    """Balances as their entries have it, so that they agree with each other."""
    balances = dict.fromkeys((row["id"] for row in run.accounts), 0)
    for entry in run.entries:
        balances[entry["account_id"]] += entry["amount"]
        entry["balance"] = balances[entry["account_id"]]
    for row in run.accounts:
        row["cash"] = balances[row["id"]]


def dropped_lock_applies_an_order_twice(run: Evidence) -> None:
    _, event = placed(run)
    market = market_of(run, event["market_id"])
    market["seq"] += 1
    run.events.insert(run.events.index(event) + 1, event | {"seq": market["seq"]})
    run.events.sort(key=lambda row: (row["market_id"], row["seq"]))


def dropped_lock_loses_an_update_of_a_position(run: Evidence) -> None:
    row = next(row for row in run.positions if row["user_id"] and row["quantity"] > 1)
    row["quantity"] -= 1


def answer_before_commit(run: Evidence) -> None:
    """The client heard 201, then the process died: nothing of the order was kept."""
    command, event = placed(run, filled=False)
    _forget_record(run, event)
    order_id = event["data"]["c"][5]
    run.orders[:] = [row for row in run.orders if row["id"] != order_id]
    run.submissions[:] = [row for row in run.submissions if row["client_order_id"] != command.key]


def settled_twice(run: Evidence) -> None:
    event = first(run.events, kind="settled")
    market = market_of(run, event["market_id"])
    market["seq"] += 1
    run.events.insert(run.events.index(event) + 1, event | {"seq": market["seq"]})
    transfer = first(run.transfers, kind="settlement")
    run.transfers.append(transfer | {"id": 10**9, "seq": market["seq"]})
    paid = [entry for entry in run.entries if entry["transfer_id"] == transfer["id"]]
    run.entries += [entry | {"id": 10**9 + n, "transfer_id": 10**9} for n, entry in enumerate(paid)]


def settlement_never_came(run: Evidence) -> None:
    event = first(run.events, kind="settled")
    _forget_record(run, event)


def skipped_ledger_row(run: Evidence) -> None:
    trade = first(run.transfers, kind="trade")
    run.entries.remove(first(run.entries, transfer_id=trade["id"]))


def skipped_transfer(run: Evidence) -> None:
    """Both sides are missing, so that everything still sums to zero."""
    trade = first(run.transfers, kind="trade")
    run.transfers.remove(trade)
    run.entries[:] = [entry for entry in run.entries if entry["transfer_id"] != trade["id"]]


def ledger_row_of_somebody_else(run: Evidence) -> None:
    wallets = [row["id"] for row in run.accounts if row["user_id"]]
    trade = first(run.transfers, kind="trade")
    entry = next(e for e in run.entries if e["transfer_id"] == trade["id"] and e["account_id"] in wallets)
    entry["account_id"] = next(account_id for account_id in wallets if account_id != entry["account_id"])
    _carry_over(run)


def gap_in_seq(run: Evidence) -> None:
    _, event = placed(run)
    run.events.remove(event)


def number_given_twice(run: Evidence) -> None:
    _, event = placed(run)
    event["seq"] -= 1


def wrong_balance(run: Evidence) -> None:
    next(row for row in run.accounts if row["user_id"])["cash"] += 1


def credits_out_of_nothing(run: Evidence) -> None:
    """A balance and its newest entry agree with each other, but with nothing else."""
    account = next(row for row in run.accounts if row["user_id"])
    newest = [entry for entry in run.entries if entry["account_id"] == account["id"]][-1]
    account["cash"] += 1
    newest["amount"] += 1
    newest["balance"] += 1


def hold_never_freed(run: Evidence) -> None:
    next(row for row in run.accounts if row["user_id"])["held"] += 10_000


def crossed_book_left_standing(run: Evidence) -> None:
    order = next(row for row in run.orders if row["status"] == "open" and row["side"] == "buy")
    order["price"] = 9_999


def lost_cancel(run: Evidence) -> None:
    """The cancel was answered, but its record was not kept and the order stands."""
    command = accepted(run, "cancel")
    event = next(
        e for e in run.events if e["data"].get("c", [""])[0] == "cancel" and e["data"]["c"][2] == command.order_id
    )
    _forget_record(run, event)
    first(run.orders, id=command.order_id)["status"] = "open"


def cancel_undone_later(run: Evidence) -> None:
    first(run.orders, id=accepted(run, "cancel").order_id)["status"] = "open"


def replay_with_another_answer(run: Evidence) -> None:
    command, _ = placed(run)
    reply = command.replies[0]
    command.replies.append(Reply(reply.at + 1, 201, reply.document | {"id": reply.document["id"] + 1}, is_replay=True))


def kept_answer_is_another(run: Evidence) -> None:
    command, _ = placed(run)
    row = first(run.submissions, client_order_id=command.key)
    row["answer"][1][KEPT_FILLED] = 9_990_000


def key_forgotten(run: Evidence) -> None:
    command, _ = placed(run)
    run.submissions.remove(first(run.submissions, client_order_id=command.key))


def key_used_for_a_second_order(run: Evidence) -> None:
    command = next(c for c in run.commands.values() if c.what == "reuse")
    command.replies[0].status = 201


def fill_priced_outside_the_limit(run: Evidence) -> None:
    """Record, trade and answer agree: the taker paid more than they allowed."""
    event = next(e for e in reversed(run.events) if any(fill[9] for fill in e["data"].get("f", ())))
    fill = next(fill for fill in event["data"]["f"] if fill[9])
    fill[5] = fill[4] * 10_000 if fill[2] == "buy" else 0
    row = first(run.trades, market_id=event["market_id"], seq=event["seq"], maker_order_id=fill[9])
    row["cost"] = fill[5]


def fill_out_of_turn(run: Evidence) -> None:
    """A later order at the same price traded before an earlier one."""
    for event in reversed(run.events):
        for fill in event["data"].get("f", ()):
            rivals = [
                row for row in run.orders
                if row["status"] == "open" and row["market_id"] == event["market_id"] and row["id"] != fill[9]
            ]  # fmt: skip
            if fill[9] is not None and rivals:
                fill[9], fill[10] = rivals[-1]["id"], rivals[-1]["user_id"]
                return


def trade_that_no_record_tells_of(run: Evidence) -> None:
    run.trades.append(run.trades[-1] | {"line": 99})


def answer_says_more_than_the_journal(run: Evidence) -> None:
    command, _ = placed(run)
    command.replies[0].document["filled"] = "1000.0000"
    first(run.submissions, client_order_id=command.key)["answer"][1][KEPT_FILLED] = 10_000_000


def order_of_somebody_who_never_sent_it(run: Evidence) -> None:
    command, _ = placed(run)
    del run.commands[command.id]


def refused_order_that_was_executed(run: Evidence) -> None:
    command, _ = placed(run)
    command.replies[0].status = 409


def later_order_overtakes(run: Evidence) -> None:
    """The answer of an order was there before the one with the smaller number was sent."""
    command, _ = placed(run)
    command.sent_at = command.replies[0].at = 0.0


def trading_goes_on_after_a_halt(run: Evidence) -> None:
    _, event = placed(run)
    before = first(run.events, market_id=event["market_id"], seq=event["seq"] - 1)
    before.update(kind="halted", data={"reason": "The source is away."})


def outcome_never_settled(run: Evidence) -> None:
    placed(run)[0].replies.clear()


def mistake_of_the_server(run: Evidence) -> None:
    command, _ = placed(run)
    command.replies.insert(0, Reply(command.sent_at, 500, ""))


def no_orders_without_redis(run: Evidence) -> None:
    fault = first(run.faults, part="redis")
    for command in run.commands.values():
        if command.answer is not None and fault["at"] <= command.answer.at <= fault["ended_at"]:
            command.answer.at = fault["ended_at"] + 0.1


def web_server_slow_to_come_back(run: Evidence) -> None:
    first(run.faults, part="web")["healed_s"] = 6.0


def web_server_that_never_came_back(run: Evidence) -> None:
    first(run.faults, part="web")["healed_s"] = None


#: What each leaves behind, by the code that has to tell of it.
PLANTS: dict[Plant, str] = {
    dropped_lock_applies_an_order_twice: "order.twice",
    dropped_lock_loses_an_update_of_a_position: "position.differs",
    answer_before_commit: "order.lost",
    settled_twice: "settled.twice",
    settlement_never_came: "settled.missing",
    skipped_ledger_row: "ledger.unbalanced",
    skipped_transfer: "ledger.differs",
    ledger_row_of_somebody_else: "balance.replay_differs",
    gap_in_seq: "seq.gap",
    number_given_twice: "seq.gap",
    wrong_balance: "balance.differs",
    credits_out_of_nothing: "ledger.credits_made",
    hold_never_freed: "balance.held_differs",
    crossed_book_left_standing: "book.crossed",
    lost_cancel: "cancel.lost",
    cancel_undone_later: "cancel.undone",
    replay_with_another_answer: "answer.changed",
    kept_answer_is_another: "answer.changed",
    key_forgotten: "key.lost",
    key_used_for_a_second_order: "key.reused",
    fill_priced_outside_the_limit: "fill.beyond_limit",
    fill_out_of_turn: "journal.rule_broken",
    trade_that_no_record_tells_of: "trade.differs",
    answer_says_more_than_the_journal: "answer.other",
    order_of_somebody_who_never_sent_it: "order.uninvited",
    refused_order_that_was_executed: "order.refused_but_there",
    later_order_overtakes: "time.reversed",
    trading_goes_on_after_a_halt: "journal.rule_broken",
    outcome_never_settled: "outcome.unknown",
    mistake_of_the_server: "answer.server_error",
    no_orders_without_redis: "availability.without_redis",
    web_server_slow_to_come_back: "availability.web",
    web_server_that_never_came_back: "availability.web",
}
