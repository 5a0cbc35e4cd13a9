"""The double-entry ledger: in itself, against the balances, and against what the journals moved."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from scripts.replay_journal import COLLATERAL, FEES, MAKER, Replay
from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.findings import Findings

_PARTY: Final = {"maker": MAKER, "collateral": COLLATERAL, "fees": FEES}
_PAYMENTS: Final = ("settlement", "void")
Moves = dict[int, int]


def check_ledger(evidence: Evidence, replays: Mapping[int, Replay], findings: Findings) -> None:
    accounts = {row["id"]: row for row in evidence.accounts}
    transfers = {row["id"]: row for row in evidence.transfers}
    _check_sums(evidence, transfers, findings)
    _check_chains(evidence, accounts, findings)
    _check_moves(evidence, accounts, transfers, findings)
    _check_market_accounts(evidence, replays, findings)
    _check_payments(evidence, findings)


def _check_sums(evidence: Evidence, transfers: Mapping[int, Row], findings: Findings) -> None:
    """Each transfer sums to zero, and so does everything."""
    sums: Moves = dict.fromkeys(transfers, 0)
    lines: Moves = dict.fromkeys(transfers, 0)
    for entry in evidence.entries:
        if entry["transfer_id"] not in transfers:
            findings.note("ledger.stray_entry", f"entry {entry['id']} is of no transfer")
            continue
        sums[entry["transfer_id"]] += entry["amount"]
        lines[entry["transfer_id"]] += 1
    for transfer_id, total in sums.items():
        text = f"transfer {transfer_id}: {lines[transfer_id]} entries sum to {total}"
        findings.expect(total == 0 and lines[transfer_id] > 1, "ledger.unbalanced", text)
    total = sum(row["cash"] for row in evidence.accounts)
    findings.expect(total == 0, "ledger.credits_made", f"all balances sum to {total}")


def _check_chains(evidence: Evidence, accounts: Mapping[int, Row], findings: Findings) -> None:
    """Each entry carries the balance after it, and the last one the account's."""
    balances: Moves = defaultdict(int)
    for entry in evidence.entries:
        account_id = entry["account_id"]
        balances[account_id] += entry["amount"]
        text = f"entry {entry['id']} of account {account_id} says {entry['balance']}, must be {balances[account_id]}"
        findings.expect(entry["balance"] == balances[account_id], "ledger.chain", text)
        balances[account_id] = entry["balance"]
    sums: Moves = defaultdict(int)
    for entry in evidence.entries:
        sums[entry["account_id"]] += entry["amount"]
    for account_id, row in accounts.items():
        text = f"account {account_id} ({row['kind']}) has {row['cash']}, its entries sum to {sums[account_id]}"
        findings.expect(row["cash"] == sums[account_id], "balance.differs", text)
        is_covered = row["held"] >= 0 and (row["kind"] == "issuance" or row["cash"] >= row["held"])
        findings.expect(
            is_covered, "balance.below_held", f"account {account_id} has {row['cash']}, holds {row['held']}"
        )


def _check_moves(
    evidence: Evidence, accounts: Mapping[int, Row], transfers: Mapping[int, Row], findings: Findings
) -> None:
    """Each command moved the cash that its record tells of; what else has a number is a record of another kind."""
    moved: dict[tuple[int, int], Moves] = defaultdict(lambda: defaultdict(int))
    for entry in evidence.entries:
        transfer, account = transfers.get(entry["transfer_id"]), accounts.get(entry["account_id"])
        if transfer is not None and account is not None and transfer["seq"] is not None:
            party = account["user_id"] or _PARTY.get(account["kind"], 0)
            moved[transfer["market_id"], transfer["seq"]][party] += entry["amount"]
    for event in evidence.events:
        place = (event["market_id"], event["seq"])
        found = {party: amount for party, amount in moved.pop(place, {}).items() if amount}
        if "c" in event["data"]:
            told = {party: amount for party, amount in event["data"]["cash"] if amount}
            findings.expect(found == told, "ledger.differs", f"market, seq {place}: ledger {found}, journal {told}")
    for place in moved:
        findings.note("ledger.differs", f"market, seq {place}: the ledger moved cash that no record tells of")


def _check_market_accounts(evidence: Evidence, replays: Mapping[int, Replay], findings: Findings) -> None:
    for row in evidence.accounts:
        if row["market_id"] in replays and row["kind"] in _PARTY:
            expected = replays[row["market_id"]].cash.get(_PARTY[row["kind"]], 0)
            text = f"{row['kind']} of market {row['market_id']} has {row['cash']}, replayed {expected}"
            findings.expect(row["cash"] == expected, "balance.replay_differs", text)
    _check_wallets(evidence, replays, findings)


def _check_wallets(evidence: Evidence, replays: Mapping[int, Replay], findings: Findings) -> None:
    """A wallet is what it was granted and what all markets brought it."""
    wallets = {row["id"]: row for row in evidence.accounts if row["user_id"] is not None}
    granted: Moves = defaultdict(int)
    kinds = {row["id"]: row["kind"] for row in evidence.transfers}
    for entry in evidence.entries:
        if entry["account_id"] in wallets and kinds.get(entry["transfer_id"]) == "grant":
            granted[wallets[entry["account_id"]]["user_id"]] += entry["amount"]
    for row in wallets.values():
        user_id = row["user_id"]
        expected = granted[user_id] + sum(replay.cash.get(user_id, 0) for replay in replays.values())
        text = f"user {user_id} has {row['cash']}, replayed {expected}"
        findings.expect(row["cash"] == expected, "balance.replay_differs", text)


def _check_payments(evidence: Evidence, findings: Findings) -> None:
    """At most one settlement for each market."""
    counts: Moves = defaultdict(int)
    for row in evidence.transfers:
        if row["kind"] in _PAYMENTS:
            counts[row["market_id"]] += 1
    for market_id, count in counts.items():
        findings.expect(count == 1, "settled.twice", f"market {market_id} was paid out by {count} transfers")
