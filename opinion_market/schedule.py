"""What runs by the clock: every sweep, each safe to run twice. Beat runs once, under the lock of ``make up``."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep jobs": {"task": "common.tasks.sweep_jobs", "schedule": 2.0},
    "close due markets": {"task": "trading.tasks.close_due_markets", "schedule": 5.0},
    "confirm due resolutions": {"task": "trading.tasks.confirm_due_resolutions", "schedule": 15.0},
    "cancel left orders": {"task": "trading.tasks.cancel_left_orders", "schedule": 15.0},
    "settle unsettled markets": {"task": "trading.tasks.settle_unsettled", "schedule": 15.0},
    "store samples": {"task": "monitoring.tasks.store_samples", "schedule": 10.0},
    "roll up samples": {"task": "monitoring.tasks.roll_up", "schedule": 20.0},
    "decide scaling": {"task": "monitoring.scaling.tasks.decide_scaling", "schedule": 15.0},
    "watch series": {"task": "monitoring.forecasting.tasks.watch_series", "schedule": 60.0},
    "make forecasts": {"task": "monitoring.forecasting.tasks.make_forecasts", "schedule": 300.0},
    "start due reports": {"task": "analytics.reports.tasks.start_due_reports", "schedule": 15.0},
    "fold activity": {"task": "analytics.business.tasks.fold_activity", "schedule": 20.0},
    "sample books": {"task": "analytics.business.tasks.sample_books", "schedule": 300.0},
    "reconcile the ledger": {"task": "analytics.business.tasks.reconcile_ledger", "schedule": 300.0},
    "deliver messages": {"task": "alerting.tasks.deliver.deliver_due", "schedule": 1.0},
    "advance escalations": {"task": "alerting.tasks.escalate.advance_escalations", "schedule": 1.0},
    "audit escalations": {"task": "alerting.tasks.escalate.audit_escalations", "schedule": 60.0},
    "tell traders": {"task": "alerting.tasks.deliver.tell_traders", "schedule": 2.0},
    "tidy deliveries": {"task": "alerting.tasks.deliver.tidy_deliveries", "schedule": 3600.0},
    "evaluate rules": {"task": "alerting.tasks.evaluate.tick", "schedule": 1.0, "options": {"expires": 5}},
    "count traders' trades": {"task": "analytics.market_ai.tasks.fold_traders", "schedule": 30.0},
    "score comments": {"task": "analytics.sentiment.tasks.score_comments", "schedule": 60.0},
    "fetch feeds": {"task": "analytics.sentiment.tasks.fetch_feeds", "schedule": 30.0},
    "tick optimizer": {"task": "monitoring.optimizer.tasks.tick_optimizer", "schedule": 10.0},
    "refresh predictions": {"task": "analytics.market_ai.tasks.refresh_predictions", "schedule": 5.0},
    "count answered contracts": {"task": "analytics.market_ai.tasks.count_answered", "schedule": 300.0},
    "keep partitions": {"task": "monitoring.tasks.keep_partitions", "schedule": 60.0},
}
