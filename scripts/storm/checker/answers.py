"""Every answer that a client got against the journal.

Contract   An accepted command is in the journal exactly once, at the ``seq`` of its answer and with the same figures; a
           refused one is not there. A key has one answer for ever. Whoever was answered before another command was
           sent stands before it in the market's journal.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.findings import Findings
from scripts.storm.checker.history import Command, Reply
from scripts.storm.checker.kept import is_kept_as
from scripts.storm.checker.units import cash_units, lots, ticks

#: Of the first word of a journal record's command.
_KEYED: Final = {"place": 3, "mint": 3, "merge": 3}
_SET_PREFIX: Final = "key:"
Key = tuple[int, str]


class Journal:
    """The records of commands, by the key, by the order and by their place."""

    def __init__(self, events: Sequence[Row]) -> None:
        self.by_key: dict[Key, list[Row]] = defaultdict(list)
        self.by_place: dict[tuple[int, int], Row] = {}
        self.cancels: dict[int, list[Row]] = defaultdict(list)
        self.kinds: dict[int, set[str]] = defaultdict(set)
        for event in events:
            self.by_place[event["market_id"], event["seq"]] = event
            self.kinds[event["market_id"]].add(event["kind"])
            command = event["data"].get("c")
            if command:
                self._take(event, command)

    def _take(self, event: Row, command: Sequence[Any]) -> None:
        kind = command[0]
        if kind in _KEYED and len(command) > _KEYED[kind] and command[_KEYED[kind]]:
            self.by_key[command[1], command[_KEYED[kind]]].append(event)
        elif kind == "cancel":
            self.cancels[command[2]].append(event)


def check_answers(evidence: Evidence, findings: Findings) -> None:
    journal = Journal(evidence.events)
    slugs = {market["id"]: market["outcomes"] for market in evidence.markets}
    for command in evidence.commands.values():
        _check_settled(command, findings)
        if command.what == "place":
            _check_order(command, journal, slugs, findings)
        elif command.what == "reuse":
            _check_reuse(command, findings)
        elif command.what == "cancel":
            _check_cancel(command, journal, evidence, findings)
        elif command.what in ("mint", "merge"):
            _check_sets(command, journal, findings)
        elif command.is_accepted:
            _check_step(command, journal, findings)
    _check_uninvited(evidence, journal, findings)
    _check_submissions(evidence, findings)
    _check_final_orders(evidence, findings)
    _check_order_of_time(evidence, findings)


def _check_settled(command: Command, findings: Findings) -> None:
    definite = [reply for reply in command.replies if reply.is_definite]
    if not definite:
        findings.note("outcome.unknown", f"{command.id} never got a definite answer")
    for reply in command.replies:
        findings.expect(
            reply.status < 500 or reply.status == 503, "answer.server_error", f"{command.id} got {reply.status}"
        )
    # A cancel has no key: the second one finds nothing left to cancel.
    if command.what in ("place", "mint", "merge"):
        for reply in definite[1:]:
            is_same = (reply.status, reply.document) == (definite[0].status, definite[0].document)
            findings.expect(is_same, "answer.changed", f"{command.id} got two answers to the key {command.key}")


def _check_order(command: Command, journal: Journal, slugs: Mapping[int, list[str]], findings: Findings) -> None:
    records = journal.by_key.get((command.user_id, command.key), [])
    findings.expect(len(records) < 2, "order.twice", f"{command.id}: {len(records)} records of the key {command.key}")
    answer = command.answer
    if answer is None:
        return
    if answer.status >= 300:
        findings.expect(not records, "order.refused_but_there", f"{command.id} was refused with {answer.status}")
        return
    if not records:
        findings.note("order.lost", f"{command.id} was answered {answer.status}, the journal has no {command.key}")
        return
    for what in _differences(command, answer.document, records[0], slugs):
        findings.note("answer.other", f"{command.id}: {what}")


def _differences(
    command: Command, document: Mapping[str, Any], record: Row, slugs: Mapping[int, list[str]]
) -> list[str]:
    """Where the answer to an order says something else than its record."""
    data = record["data"]
    spec, order_id = data["c"][2], data["c"][5]
    own = next((row for row in data["o"] if row[1] == order_id), None)
    if own is None:
        return [f"record {record['seq']} has no order {order_id}"]
    outcome, is_mirrored = spec[1], len(slugs[record["market_id"]]) == 2 and spec[1] == 1
    body = command.body
    asked = {
        "market_id": (body["market_id"], spec[0]),
        "outcome asked": (body["outcome"], slugs[record["market_id"]][outcome]),
        "side asked": (body["side"], spec[2]),
        "price asked": (_or_none(ticks, body.get("price")), spec[5]),
        "quantity asked": (_or_none(lots, body.get("quantity")), spec[6]),
    }
    told = {
        "id": (document["id"], order_id),
        "seq": (document["seq"], record["seq"]),
        "outcome": (document["outcome"], slugs[record["market_id"]][outcome]),
        "side": (document["side"], spec[2]),
        "quantity": (lots(document["quantity"]), own[3]),
        "filled": (lots(document["filled"]), own[4]),
        "cost": (cash_units(document["cost"]), own[5]),
        "fee": (cash_units(document["fee"]), own[6]),
        "status": (document["status"], own[9]),
        "fills": (_told_fills(document["fills"]), _fills_of(data["f"], order_id, is_mirrored)),
    }
    return [
        f"{name} is {said}, the journal says {is_so}" for name, (said, is_so) in (asked | told).items() if said != is_so
    ]


def _or_none(parse: Any, text: str | None) -> int | None:
    return None if text is None else int(parse(text))


def _told_fills(fills: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    return [(ticks(f["price"]), lots(f["quantity"]), cash_units(f["cost"]), cash_units(f["fee"])) for f in fills]


def _fills_of(rows: Sequence[Sequence[Any]], order_id: int, is_mirrored: bool) -> list[tuple[int, ...]]:
    """Price, quantity, cost and fee of the order's own fills, as its trader asked."""
    own = [row for row in rows if row[6] == order_id]
    if is_mirrored:
        return [(10_000 - price, size, size * 10_000 - cost, fee) for _, _, _, price, size, cost, _, _, fee, *_ in own]
    return [(price, size, cost, fee) for _, _, _, price, size, cost, _, _, fee, *_ in own]


def _check_reuse(command: Command, findings: Findings) -> None:
    """A known key with another order: refused, whatever happens around it."""
    findings.expect(
        not command.is_accepted, "key.reused", f"{command.id} used the key {command.key} for a second order"
    )


def _check_cancel(command: Command, journal: Journal, evidence: Evidence, findings: Findings) -> None:
    records = journal.cancels.get(command.order_id, [])
    findings.expect(len(records) < 2, "cancel.twice", f"order {command.order_id} was cancelled {len(records)} times")
    for reply in command.replies:
        if reply.is_definite and reply.status < 300:
            _check_cancelled(command, reply, records, findings)


def _check_cancelled(command: Command, reply: Reply, records: Sequence[Row], findings: Findings) -> None:
    if not records:
        findings.note(
            "cancel.lost", f"{command.id}: the cancel of order {command.order_id} was answered and isn't there"
        )
        return
    own = next((row for row in records[0]["data"]["o"] if row[1] == command.order_id), None)
    document = reply.document
    said = (document["id"], document["seq"], document["status"], lots(document["filled"]), cash_units(document["cost"]))
    is_so = None if own is None else (command.order_id, records[0]["seq"], own[9], own[4], own[5])
    findings.expect(said == is_so, "answer.other", f"{command.id}: {said}, the journal says {is_so}")


def _check_sets(command: Command, journal: Journal, findings: Findings) -> None:
    records = journal.by_key.get((command.user_id, _SET_PREFIX + command.key), [])
    findings.expect(len(records) < 2, "sets.twice", f"{command.id}: {len(records)} records of the key {command.key}")
    answer = command.answer
    if answer is None:
        return
    if answer.status >= 300:
        findings.expect(not records, "sets.refused_but_there", f"{command.id} was refused with {answer.status}")
    elif not records:
        findings.note("sets.lost", f"{command.id} was answered {answer.status} and isn't in the journal")
    else:
        data = records[0]["data"]["c"]
        said = (answer.document["seq"], answer.document["action"], lots(answer.document["quantity"]))
        is_so = (records[0]["seq"], data[0], data[2])
        findings.expect(said == is_so, "answer.other", f"{command.id}: {said}, the journal says {is_so}")


def _check_step(command: Command, journal: Journal, findings: Findings) -> None:
    kinds = {"halt": "halted", "resume": "resumed", "close": "closed", "propose": "proposed", "confirm": "resolved"}
    is_there = kinds[command.what] in journal.kinds[command.market_id]
    findings.expect(is_there, "step.lost", f"{command.id}: {command.what} of market {command.market_id} isn't there")


def _check_uninvited(evidence: Evidence, journal: Journal, findings: Findings) -> None:
    """The traders of a storm act through its clients alone."""
    sent = {(c.user_id, c.key) for c in evidence.commands.values() if c.what == "place"}
    sent |= {(c.user_id, _SET_PREFIX + c.key) for c in evidence.commands.values() if c.what in ("mint", "merge")}
    for user_id, key in journal.by_key.keys() - sent:
        findings.note("order.uninvited", f"nobody sent the key {key} of user {user_id}")


def _check_submissions(evidence: Evidence, findings: Findings) -> None:
    """The stored first answers are those that were given."""
    stored = {(row["user_id"], row["client_order_id"]): row for row in evidence.submissions}
    for command in evidence.commands.values():
        if command.what != "place" or command.answer is None:
            continue
        row, answer = stored.get((command.user_id, command.key)), command.answer
        if row is None:
            findings.expect(answer.status >= 300, "key.lost", f"{command.id}: no answer is kept for {command.key}")
        else:
            is_same = row["status"] == answer.status and is_kept_as(row["answer"], answer.document)
            findings.expect(is_same, "answer.changed", f"{command.id}: another answer is kept for {command.key}")


def _check_final_orders(evidence: Evidence, findings: Findings) -> None:
    """What was cancelled isn't open, nor is what was said not to be there any more."""
    orders = {row["id"]: row for row in evidence.orders}
    for command in evidence.commands.values():
        if command.what == "place" and command.is_accepted and command.answer is not None:
            order_id = command.answer.document["id"]
            row = orders.get(order_id)
            is_there = row is not None and (row["user_id"], row["client_order_id"]) == (command.user_id, command.key)
            findings.expect(is_there, "order.row_lost", f"{command.id}: order {order_id} has no row")
        elif command.what == "cancel" and command.answer is not None:
            row = orders.get(command.order_id)
            is_final = command.is_accepted or _code(command.answer) in ("order.not_found", "order.not_open")
            is_open = row is None or row["status"] == "open"
            findings.expect(not (is_final and is_open), "cancel.undone", f"order {command.order_id} is open after all")


def _code(reply: Reply) -> str:
    return str(reply.document.get("code", "")) if isinstance(reply.document, dict) else ""


def _check_order_of_time(evidence: Evidence, findings: Findings) -> None:
    """Who was answered before another command was sent has the smaller ``seq``."""
    answered: dict[int, list[tuple[float, int]]] = defaultdict(list)
    sent: dict[int, list[tuple[float, int, str]]] = defaultdict(list)
    for command in evidence.commands.values():
        if command.what == "place" and command.is_accepted and command.answer is not None:
            seq = command.answer.document["seq"]
            answered[command.market_id].append((command.answer.at, seq))
            sent[command.market_id].append((command.sent_at, seq, command.id))
    for market_id, starts in sent.items():
        ends, top, position = sorted(answered[market_id]), 0, 0
        for at, seq, name in sorted(starts):
            while position < len(ends) and ends[position][0] < at:
                top = max(top, ends[position][1])
                position += 1
            findings.expect(
                seq > top, "time.reversed", f"{name} has seq {seq}, but {top} was answered before it was sent"
            )
