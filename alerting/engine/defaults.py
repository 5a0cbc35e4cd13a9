"""The rules that the product brings.

Thresholds on the site itself are those of its requirements; the others begin where somebody would want to look.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class DefaultRule(NamedTuple):
    """``key`` never changes, so that a rule that was renamed or deleted doesn't come again."""

    key: str
    category: str
    document: Mapping[str, Any]


def _rule(key: str, category: str, name: str, expression: str, condition: str, **more: Any) -> DefaultRule:
    document = {"name": name, "expression": expression, "condition": condition, "no_data": "ok", **more}
    return DefaultRule(key, category, document)


_SYSTEM: Final = (
    _rule(
        "cpu", "system", "CPU", "cpu_usage", "gt", levels={"warning": 80, "critical": 95},
        description="The processors are nearly used up; answers will slow down.", for_="1m",
    ),
    _rule(
        "memory", "system", "Memory", "memory_usage", "gt", levels={"warning": 85},
        description="Memory is nearly full; the system may end processes.", for_="1m",
    ),
    _rule(
        "response_time", "system", "Response time", "response_time", "gt", levels={"warning": 200},
        description="Requests take longer than people like to wait.", for_="1m",
    ),
    _rule(
        "cache", "system", "Cache hit rate", "cache_hit_rate", "lt", levels={"warning": 70},
        description="Caches answer less than they should; the database has the work.", for_="5m",
    ),
    _rule(
        "disk", "infrastructure", "Disk", "disk_usage", "gt", levels={"critical": 90},
        description="The file system of the data is nearly full; the database stops when it is.",
    ),
    _rule(
        "errors", "system", "Errors", "error_rate", "gt", levels={"warning": 1, "critical": 5},
        description="Requests fail on our side.", for_="1m",
    ),
    _rule(
        "availability", "system", "Error budget", "error_rate", "burn_rate", objective=99.9, window="1h",
        levels={"warning": 6, "critical": 14.4},
        description="Errors use up the month's budget of 0.1 % too fast.",
    ),
)  # fmt: skip
_BUSINESS: Final = (
    _rule(
        "volume_collapse", "business", "Volume collapse", "volume", "seasonal", window="30m", periods=7,
        levels={"warning": 4, "critical": 8},
        description="Trading is far from what it is at this hour of other days.", for_="10m",
    ),
    _rule(
        "maker_loss", "business", "Market maker near its bound", "maker_loss", "gt",
        levels={"warning": 80, "critical": 95},
        description="In some market the maker has lost most of what it may lose.",
    ),
    _rule(
        "stuck_settlement", "business", "Stuck settlement", "settlement_lag", "gt",
        levels={"warning": 60, "critical": 300},
        description="A market is decided and its holders have not been paid.",
    ),
    _rule(
        "ledger_mismatch", "business", "Ledger mismatch", "ledger_check", "lt", levels={"emergency": 1},
        description="The newest transfers don't sum to zero, or balances don't follow from them.",
    ),
    _rule(
        "wash_trading", "business", "Wash trading", "wash_trading", "gt", levels={"warning": 20, "critical": 50},
        description="Much of the newest volume goes back and forth between the same two people.",
    ),
)  # fmt: skip
_INFRASTRUCTURE: Final = (
    _rule(
        "queue_age", "infrastructure", "Queue age", "queue_age", "gt", levels={"warning": 10, "critical": 60},
        description="Tasks wait for workers.", for_="30s",
    ),
    _rule(
        "outbox_lag", "infrastructure", "Announcement lag", "outbox_lag", "gt", levels={"warning": 2, "critical": 10},
        description="Committed changes reach the streams late.", for_="30s",
    ),
    _rule(
        "replication", "infrastructure", "Replication lag", "replication_lag", "gt",
        levels={"warning": 10, "critical": 60},
        description="A replica of the database falls behind.", for_="30s",
    ),
    _rule(
        "disk_forecast", "infrastructure", "Disk fills up", "disk_usage", "forecast", window="1h", horizon="30m",
        probability=0.8, levels={"warning": 90},
        description="At this pace the disk is 90 % full within half an hour.",
    ),
    _rule(
        "certificate", "infrastructure", "Certificate", "certificate_days", "lt",
        levels={"warning": 14, "critical": 3},
        description="The certificate of the site ends soon.",
    ),
    _rule(
        "silence", "infrastructure", "No measurements", "cpu_usage", "absent", levels={"critical": "2m"}, no_data="own",
        # A site that has just been started has no value yet.
        for_="1m", description="No process tells how it is.",
    ),
)  # fmt: skip
_SECURITY: Final = (
    _rule(
        "login_failures", "security", "Login failures", "login_failures", "gt", levels={"warning": 10, "critical": 60},
        description="Somebody tries passwords.",
    ),
    _rule(
        "key_abuse", "security", "Key abuse", "refused_keys", "gt", levels={"warning": 30, "critical": 300},
        description="Requests come with keys that are wrong, ended or revoked.",
    ),
    _rule(
        "permission_probes", "security", "Permission probes", "refused_permissions", "gt",
        levels={"warning": 20, "critical": 200},
        description="Somebody asks for much that they may not.",
    ),
)  # fmt: skip


def _written(rule: DefaultRule) -> DefaultRule:
    document = dict(rule.document)
    if "for_" in document:
        document["for"] = document.pop("for_")
    return rule._replace(document=document)


RULES: Final = tuple(_written(rule) for rule in (*_SYSTEM, *_BUSINESS, *_INFRASTRUCTURE, *_SECURITY))
#: Name, source, target and the labels on which both agree.
INHIBITIONS: Final[tuple[tuple[str, str, str, list[str]], ...]] = (
    (
        "CPU explains slow answers",
        'alertname="CPU", severity="critical"',
        'alertname="Response time", severity="warning"',
        [],
    ),
)
