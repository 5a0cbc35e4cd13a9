"""The sentences that engines make, read out of their sources: what ``common.phrases`` says in other languages.

Contract   A text is a sentence when a person would read it: words with spaces, a word with a capital, or a word that is
           chosen between two. What is filled in becomes a place named after the expression: ``f"{spec.title} rose"`` is
           ``{title} rose``. Code, addresses, statements of SQL and names of files are none.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analytics.business.engine.catalogue import METRICS
from analytics.business.types import Dimension, Owner, Unit
from monitoring.engine.catalogue import CATALOGUE

ROOT: Final = Path(__file__).resolve().parents[1]
#: Modules whose texts pages and letters show.
SOURCES: Final = (
    "accounts/jobs.py",
    "accounts/services/delete_account.py",
    "alerting/engine/backtest.py",
    "alerting/engine/channels/content.py",
    "alerting/engine/channels/slack_blocks.py",
    "alerting/engine/correlation.py",
    "alerting/engine/deduplication.py",
    "alerting/engine/defaults.py",
    "alerting/engine/escalation.py",
    "alerting/engine/evaluation.py",
    "alerting/engine/notices.py",
    "alerting/engine/state.py",
    "alerting/engine/webhooks/catalogue.py",
    "alerting/models/channel.py",
    "alerting/models/delivery.py",
    "alerting/models/incident.py",
    "alerting/models/rule.py",
    "alerting/models/webhook.py",
    "alerting/selectors/standing.py",
    "alerting/services/_calls.py",
    "alerting/services/_escalating.py",
    "alerting/services/_incidents.py",
    "alerting/services/_leasing.py",
    "alerting/services/_senders/*.py",
    "alerting/services/acknowledge.py",
    "alerting/services/advance_escalations.py",
    "alerting/services/beat_heart.py",
    "alerting/services/begin_escalation.py",
    "alerting/services/lapse_acknowledgements.py",
    "alerting/services/learn_from_alerts.py",
    "alerting/services/save_rule.py",
    "alerting/services/send_test_alert.py",
    "alerting/services/switch_alerting.py",
    "alerting/services/take_foreign_alerts.py",
    "alerting/services/work_on_incident.py",
    "alerting/web/calendar.py",
    "analytics/business/engine/catalogue.py",
    "analytics/business/engine/recommendations.py",
    "analytics/business/selectors/comebacks.py",
    "analytics/business/selectors/insights.py",
    "analytics/business/selectors/outlook.py",
    "analytics/business/selectors/rhythm.py",
    "analytics/business/services/reconcile_ledger.py",
    "analytics/business/web/*.py",
    "analytics/market_ai/jobs.py",
    "analytics/reports/jobs.py",
    "common/flags/declared.py",
    "common/jobs/declared.py",
    "common/money.py",
    "markets/jobs.py",
    "monitoring/optimizer/jobs.py",
    "monitoring/scaling/models/*.py",
    "monitoring/scaling/web/pages.py",
    "trading/jobs.py",
    "trading/services/leave.py",
    "analytics/market_ai/engine/features.py",
    "analytics/market_ai/engine/forecasting.py",
    "analytics/market_ai/engine/insights.py",
    "analytics/market_ai/engine/portfolio_insights.py",
    "analytics/market_ai/engine/promotion.py",
    "analytics/market_ai/engine/risk.py",
    "analytics/market_ai/selectors/predictions.py",
    "analytics/market_ai/services/promote_model.py",
    "analytics/market_ai/services/refresh_predictions.py",
    "analytics/market_ai/services/train_on_site.py",
    "analytics/market_ai/web/models.py",
    "analytics/reports/engine/periods.py",
    "analytics/reports/engine/tables.py",
    "analytics/reports/services/_contents.py",
    "analytics/reports/web/context.py",
    "analytics/reports/web/definitions.py",
    "analytics/skill/engine/honours.py",
    "monitoring/engine/catalogue.py",
    "monitoring/engine/insights.py",
    "monitoring/forecasting/engine/findings.py",
    "monitoring/forecasting/selectors/findings.py",
    "monitoring/forecasting/web/*.py",
    "monitoring/optimizer/engine/lifecycle.py",
    "monitoring/optimizer/engine/rules/*.py",
    "monitoring/optimizer/selectors/incidents.py",
    "monitoring/optimizer/services/_marks.py",
    "monitoring/optimizer/services/_proposals.py",
    "monitoring/optimizer/services/decide_recommendation.py",
    "monitoring/optimizer/services/observe_changes.py",
    "monitoring/optimizer/services/switch_optimizer.py",
    "monitoring/optimizer/services/trigger_optimization.py",
    "monitoring/optimizer/web/words.py",
    "monitoring/scaling/engine/decision.py",
    "monitoring/scaling/engine/policies.py",
    "monitoring/scaling/services/_actuators.py",
    "monitoring/scaling/services/_kubernetes.py",
    "monitoring/scaling/services/decide_targets.py",
    "monitoring/scaling/services/switch_scaling.py",
    "monitoring/web/plan.py",
    "monitoring/web/status.py",
)
#: Refusals that people meet on pages.
REFUSALS: Final = (
    "common/outgoing/*.py",
    "common/text.py",
    "accounts/services/assign_roles.py",
    "accounts/services/create_api_key.py",
    "accounts/services/limits.py",
    "accounts/services/revoke_api_key.py",
    "accounts/services/suspend_user.py",
    "alerting/engine/documents.py",
    "alerting/engine/matchers.py",
    "alerting/engine/silences.py",
    "alerting/services/follow_subject.py",
    "alerting/services/watch_market.py",
    "alerting/services/webhooks/save_endpoint.py",
    "analytics/reports/services/_checks.py",
    "analytics/reports/services/save_definition.py",
    "markets/engine/drafting.py",
    "markets/engine/lifecycle.py",
    "markets/engine/resolution.py",
    "markets/engine/scales.py",
    "markets/services/_[adc]*.py",
    "markets/services/cast_vote.py",
    "markets/services/change_limits.py",
    "markets/services/c[or]*_*.py",
    "markets/services/d*_*.py",
    "markets/services/edit_draft.py",
    "markets/services/moderate_comment.py",
    "markets/services/open_market.py",
    "markets/services/p*_*.py",
    "markets/services/re[pqs]*.py",
    "markets/services/react.py",
    "markets/services/save_series.py",
    "trading/engine/amending.py",
    "trading/engine/apply.py",
    "trading/engine/conversion.py",
    "trading/engine/placing.py",
    "trading/engine/risk.py",
    "trading/engine/tied.py",
    "trading/services/cancel_order.py",
    "trading/services/change_trader_limits.py",
    "trading/services/grant.py",
    "trading/services/submit.py",
)
#: Notices, which pages say by code; toasts have their plain text only.
NOTICES: Final = "alerting/selectors/wording.py"
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_SPACED: Final = re.compile(r"\S \S")
_CAPITAL: Final = re.compile(r"[A-Z][a-z]+[a-z .-]*$")
_CHART: Final = re.compile(r"[a-z_0-9]+:([A-Za-z][\w ]*)$")
#: Statements, addresses, headers, classes and what else is for machines.
_CODE: Final = re.compile(
    r"\b(?:SELECT|SET|REINDEX|DROP INDEX|CREATE INDEX|pg_\w+|coalesce|JOIN|CASE WHEN|date_trunc|FROM|LLEN|INFO|ANALYZE"
    r"|GET [a-z]|max-age|default-src|charset|utf-8)\b"
    r"|/metrics|^Content-|^Message-ID|^In-Reply|^List-Unsub|^Auto-Sub|^Idempotency|^Retry-|\.html$|^Bearer |^Basic "
    r"|^[A-Z][a-z]+[A-Z][a-z]+$|^application/|\bf\.\w|%\(\w+\)s|^\w+=\"|^Etc/|^SystemV/|^om:|\| \w+ +\|"
)
#: Examples, headers and keys that look like sentences.
_NO_SENTENCES: Final = frozenset({
    "Will it rain in Lisbon tomorrow?", "The weather service reports 4 mm of rain.", "In Porto, yes.",
    "bob wrote to you: Will it rain in Lisbon tomorrow?", "References", "Authorization", "To", "From", "Body",
    "d.orders > 0", "d.taken + d.made > 0", "detail", "list", "made", "rows", "weeks", "credits", "count", "kind",
    "the replicas of %s can't be counted: %s", "features look back only", "every kind of account has its line",
    "{text}: {begin} to {until} UTC", "Write the day as 2026-11-22.", "idle in", "what", "flat", "{evaluated_at} UTC",
    "{title} {what} at {number}{space}{unit}", "Slack", "Apprise", "Alertmanager", "Excel", "pid {pid}",
    "{number} {what}{what2}",
    " for {for_s}", " for {recovery_s}", "{WORDS}; waits {for_s}{counts}.", "{verb} from {name}{counts}.",
    "The condition has not held{lasted}{note}.", "It goes on before the recovery was over{counts}.",
    "Ended before it had lasted {for_s}{note}.", "Ended; kept for {recovery_s}{note}.", " for {span_s}.",
    "{last} or earlier", "{first} or later", "{first} to {last}", "Below {high_text}{unit}",
    "{low_text}{unit} or more", "{low_text} to {high_text}{unit}", "bounds", "upper", "buckets", "name",
    "endpoint {value}", "Cc", "NewKey(key_id={key_id}, name={name})", "two people", "Host", "no address",
    "The time was up.", " for {limit_s}.", "Acknowledged by {by}",
})  # fmt: skip
#: What is put together of parts that are no f-string of their own.
_ALSO: Final = (
    "The condition holds for {span}", "There is no data for {span}", "It can't be evaluated for {span}",
    "Acknowledged by {by}.", "Acknowledged by {by} for {span}.", "Warning", "Critical", "Info", "Emergency", "info",
    "emergency", "critical", "warning", "scaled", "{name} and {more} more", "the worker", "the web process",
    "Brier score", "Log score", "log score", "in a row", "Ended before it had lasted {span}",
    "Ended; kept for {span}", "Rose from {severity}", "Fell from {severity}",
    "It goes on before the recovery was over", "The condition holds; waits {span}", "There is no data; waits {span}",
    "It can't be evaluated; waits {span}", "The condition has not held", "The condition has not held for {span}",
    "{title} high at {value}", "{title} low at {value}",
    "open order", "open orders", "position", "positions", "Version {version} is live", "buy", "sell", "in force",
    "Topic", "Market", "Kind", "Segment", "Growth", "Trading desk", "Finance",
    "Market operations", "day", "week", "month", "yesterday", "today", "tomorrow", "up", "down", "low", "medium",
    "high", "candidate", "live", "retired", "rejected", "database", "cache", "queries", "system", "normal", "pending",
    "alerting", "recovering", "open", "acknowledged", "dead", "expired", "delivered", "waiting", "silenced",
    "inhibited", "muted", "credits",
    "question", "rules", "description", "resolution_source", "topic", "tags", "outcomes", "slug",
    "nothing", "everything",
    "group", "engine", "escalation", "notification", "test", "silent", "running", "exhausted", "resolved", "completed",
    "failed", "cancelled", "lost",
)  # fmt: skip


def phrases() -> Iterator[str]:
    for source in (*SOURCES, *REFUSALS):
        paths = sorted(ROOT.glob(source))
        if not paths:
            raise FileNotFoundError(source)
        for path in paths:
            yield from filter(_is_read, texts_of(path.read_text("utf-8")))
    yield from filter(_is_read, _catalogues())
    yield from _ALSO
    yield from map(with_places, _noticed())


def _noticed() -> Iterator[str]:
    source = (ROOT / NOTICES).read_text("utf-8")
    yield from re.findall(r'gettext_noop\(\s*"([^"]+)"', source)


def with_places(text: str) -> str:
    """``%(name)s`` of gettext as ``{name}``."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text).replace("%%", "%")


def _is_read(text: str) -> bool:
    return text not in _NO_SENTENCES and _WORD.search(re.sub(r"\{\w+\}", "", text)) is not None


def _catalogues() -> Iterator[str]:
    for spec in CATALOGUE.values():
        yield from (spec.title, spec.unit)
    for metric in METRICS.values():
        yield metric.title
    for one in (*Dimension, *Owner, *Unit):
        yield one.value


def texts_of(source: str) -> Iterator[str]:
    """In the order of the source, each as often as it is there."""
    tree = ast.parse(source)
    left_out, chosen = _parts(tree)
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Constant) and node not in left_out)
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        text = _form(node) if isinstance(node, ast.JoinedStr) else node.value
        if not isinstance(text, str):
            continue
        if (chart := _CHART.match(text)) is not None:
            yield chart[1]
        elif is_sentence(text) or (node in chosen and re.fullmatch(r"[\w ,'-]+", text) and "_" not in text):
            yield text


def is_sentence(text: str) -> bool:
    bare = re.sub(r"\{\w+\}", "·", text)
    if not _WORD.search(bare) or _CODE.search(bare) or "\n" in text:
        return False
    return bool(_SPACED.search(text) or _CAPITAL.match(text))


def _parts(tree: ast.AST) -> tuple[set[ast.AST], set[ast.AST]]:
    """What is no text of its own (docstrings, parts of f-strings, annotations), and words chosen between two."""
    left_out: set[ast.AST] = set()
    chosen: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                left_out.add(part) if isinstance(part, ast.Constant) else left_out.update(_specs(part))
        elif isinstance(node, ast.FunctionDef) and node.name == "__str__":
            left_out.update(ast.walk(node))
        elif isinstance(node, ast.Assert) and node.msg is not None:
            left_out.update(ast.walk(node.msg))
        elif isinstance(node, ast.IfExp):
            chosen |= {node.body, node.orelse}
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            left_out.update(ast.walk(node.annotation))
    return left_out, chosen


def _specs(part: ast.expr) -> Iterator[ast.AST]:
    if isinstance(part, ast.FormattedValue) and part.format_spec is not None:
        yield from ast.walk(part.format_spec)


def _form(node: ast.JoinedStr) -> str:
    seen: dict[str, int] = {}
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        name = _name(part.value) if isinstance(part, ast.FormattedValue) else ""
        name = re.sub(r"\W", "", name) or "what"
        seen[name] = seen.get(name, 0) + 1
        text += f"{{{name}{seen[name] if seen[name] > 1 else ''}}}"
    return text


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Constant():
            return "value"
        case ast.Call(func=ast.Attribute(attr="join"), args=[*_, last]):
            return _name(last)
        case ast.Call(args=[first, *_]):
            return _name(first)
        case ast.Call(func=ast.Attribute(value=value)):
            return _name(value)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Subscript(value=value) | ast.UnaryOp(operand=value):
            return _name(value)
        case ast.BinOp(left=ast.Constant(), right=value) | ast.BinOp(left=value):
            return _name(value)
    return "what"
