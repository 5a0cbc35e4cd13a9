"""Settings that every environment shares; values from outside come through ``env`` only."""

import os
from pathlib import Path

from redis.backoff import NoBackoff
from redis.retry import Retry

from common.configuration.alerting import read_alerting
from common.configuration.performance import read_performance
from opinion_market.local.layout import embedded_postgres_url, embedded_redis_url
from opinion_market.settings import database, log
from opinion_market.settings.admin_site import *  # noqa: F403
from opinion_market.settings.env import read
from opinion_market.settings.secrets import with_secrets
from opinion_market.settings.sign_in import *  # noqa: F403

ENV = read(with_secrets(os.environ))
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(ENV.data_dir).resolve() if ENV.data_dir else BASE_DIR / ".data"
CONFIG_DIR = Path(ENV.config_dir).resolve() if ENV.config_dir else BASE_DIR / "config"
PERFORMANCE_CONFIG = read_performance(CONFIG_DIR / "performance.yaml")
ALERTING_CONFIG = read_alerting(CONFIG_DIR / "alerting.yaml")
CACHE_TTL = ENV.cache_ttl
MEMORY_THRESHOLD_MB = ENV.memory_threshold_mb

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = list(ENV.secret_key_fallbacks)
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENV.csrf_trusted_origins)
PUBLIC_URL = ENV.public_url.rstrip("/")
REDIS_URL = ENV.redis_url or embedded_redis_url(DATA_DIR)
DATABASES = {
    "default": database.database(
        ENV.database_url or embedded_postgres_url(DATA_DIR, ENV.process_role), ENV.process_role
    )
}
if ENV.database_replica_url:
    DATABASES["replica"] = database.replica(ENV.database_replica_url, ENV.process_role)
DATABASE_ROUTERS = ["common.replica.PrimaryOnly"]
REPLICA_LAG_MAX_S = ENV.replica_lag_max_s
# What the application's own role may add to and read, but never change; see grant_app_role.
APPEND_ONLY_TABLES = (
    "markets_marketevent",
    "trading_ledgertransfer",
    "trading_ledgerentry",
    "trading_trade",
    "trading_submission",
    "accounts_auditrecord",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "opinion_market.urls"
WSGI_APPLICATION = "opinion_market.wsgi.application"
ASGI_APPLICATION = "opinion_market.asgi.application"

INSTALLED_APPS = [
    "daphne",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "common",
    "accounts",
    "markets",
    "trading",
    "monitoring",
    "monitoring.forecasting.apps.ForecastingConfig",
    "monitoring.scaling.apps.ScalingConfig",
    "monitoring.optimizer.apps.OptimizerConfig",
    "analytics.sentiment.apps.SentimentConfig",
    "analytics.market_ai.apps.MarketAiConfig",
    "analytics.business.apps.BusinessConfig",
    "analytics.skill.apps.SkillConfig",
    "analytics.reports.apps.ReportsConfig",
    "alerting",
    "opinion_market",
]

MIDDLEWARE = [
    "common.middleware.RequestMiddleware",
    "common.api.limit_headers.LimitHeadersMiddleware",
    # Above those who say how pages behave: what they add would be half of what a short script weighs.
    "opinion_market.static_files.StaticFilesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "common.csp.ContentSecurityPolicyMiddleware",
    "common.body_limit.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.web.reader.ReaderMiddleware",
    "accounts.web.session_list.SessionListMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.web.middleware.AccountLimitMiddleware",
    "accounts.web.middleware.StaffSecondFactorMiddleware",
    "common.web.refused_methods.RefusedMethodMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Kept once read; each script and stylesheet tag gets the answer's nonce.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["common.csp_templates.ProjectLoader", "common.csp_templates.AppsLoader"],
                )
            ],
            "builtins": ["common.templatetags.reading", "common.templatetags.csp"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.reader.reader",
                "trading.web.header.header",
            ],
        },
    },
]

PASSWORD_HASHERS = ["common.hashers.ServerArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
REQUIRE_STAFF_MFA = False
OUTGOING_ALLOWED_HOSTS = ENV.outgoing_allowed_hosts
METRICS_ENABLED = ENV.metrics_enabled
ANALYTICS_ML_ENABLED = ENV.analytics_ml_enabled
ANALYTICS_PREDICTION_HORIZONS = ENV.analytics_prediction_horizons
ANALYTICS_ANOMALY_THRESHOLD = ENV.analytics_anomaly_threshold
#: What else the insights panels of the dashboards show.
INSIGHT_SOURCES = ["monitoring.forecasting.selectors.findings.panel_insights"]
REPORT_KEEP_DAYS = ENV.report_keep_days
JOURNAL_KEEP_DAYS = ENV.journal_keep_days
JOURNAL_ARCHIVE_DIR = Path(ENV.journal_archive_dir).resolve() if ENV.journal_archive_dir else DATA_DIR / "journal"
#: What the alert panels of the dashboards show.
ALERT_SOURCE = "alerting.selectors.panel.panel_alerts"
AUTO_SCALING_ENABLED = ENV.auto_scaling_enabled
AUTO_SCALING_MIN_INSTANCES = ENV.auto_scaling_min_instances
AUTO_SCALING_MAX_INSTANCES = ENV.auto_scaling_max_instances
AUTO_SCALING_COOLDOWN_PERIOD = ENV.auto_scaling_cooldown_period
ALERTING_ENABLED = ENV.alerting_enabled
ALERTING_EVALUATION_INTERVAL = ENV.alerting_evaluation_interval or ALERTING_CONFIG.interval_s
ALERTING_ESCALATION_TIMEOUT = ENV.alerting_escalation_timeout or ALERTING_CONFIG.escalation_s
ALERTING_HEARTBEAT_URL = ENV.alerting_heartbeat_url
DELIVERY_THREADS = ENV.delivery_threads
PERFORMANCE_OPTIMIZATION_ENABLED = ENV.performance_optimization_enabled
PERFORMANCE_OPTIMIZATION_STRATEGY = ENV.performance_optimization_strategy
# The embedded server's owner; of another database only whom the environment names.
OPTIMIZER_DATABASE_URL = ENV.optimizer_database_url or (
    "" if ENV.database_url else embedded_postgres_url(DATA_DIR, "migration")
)
#: What the rules weigh where nobody has tuned.
TUNABLE_DEFAULTS = {
    "http_threads": ENV.http_threads,
    **dict(
        zip(("statement_timeout_ms", "lock_timeout_ms", "idle_timeout_ms"), database.TIME_LIMITS_MS["web"], strict=True)
    ),
    "work_mem_kb": 4_096,
}
#: Functions that answer why nothing may be changed at the moment, or "".
OPTIMIZER_INCIDENT_SOURCES = ["alerting.selectors.standing.standing_incident"]
#: Who forecasts series better than a straight line.
OPTIMIZER_FORECASTS = "monitoring.forecasting.selectors.findings.predictions"
METRICS_AGENT = "monitoring.realtime.agent.start_agent"
METRICS_TOKEN = ENV.metrics_token
METRICS_NETWORKS = ENV.metrics_networks
TRUSTED_PROXIES = ENV.trusted_proxies

LOG_DIR = log.directory(ENV, BASE_DIR)
LOGGING = log.config(ENV, LOG_DIR)
LOG_SAMPLE_RATE = ENV.log_sample_rate
LOG_REQUESTS_PER_SECOND = ENV.log_requests_per_second
SLOW_REQUEST_THRESHOLD = ENV.slow_request_threshold
SQL_COMMENTS = ENV.sql_comments
DEFAULT_EXCEPTION_REPORTER = "common.logs.error_page.RedactingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "common.logs.error_page.RedactingFilter"

# Seconds after which every process has looked at the feature flags again, should Redis not have told it.
FLAGS_POLL_S = 2.0

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["opinion_market.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "opinion_market.static_files.SiteFiles"},
}
WHITENOISE_USE_FINDERS = True
# Nobody else's page has to read our styles and scripts.
WHITENOISE_ALLOW_ALL_ORIGINS = False

CACHES = {
    "default": {
        "BACKEND": "common.cache.FallibleRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "om",
        "OPTIONS": {
            "serializer": "common.cache.SignedSerializer",
            "socket_connect_timeout": 0.3,
            "socket_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),
        },
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

HTTP_BODY_MAX_BYTES = ENV.http_body_max_bytes
HTTP_THREADS = ENV.http_threads
DRAIN_GRACE_S = ENV.drain_grace_s
DRAIN_FINISH_S = ENV.drain_finish_s
RECONNECT_SPREAD_S = ENV.reconnect_spread_s
# The bridge has already refused longer bodies.
DATA_UPLOAD_MAX_MEMORY_SIZE = HTTP_BODY_MAX_BYTES

STARTING_CREDITS = ENV.starting_credits
STREAM_CONNECTIONS_MAX = ENV.stream_connections_max
ORDERS_OPEN_MAX = ENV.orders_open_max
ORDER_SIZE_MAX = ENV.order_size_max
POSITION_MAX = ENV.position_max
MARKET_APPROVAL = ENV.market_approval
PRICE_BAND = ENV.price_band
POST_ONLY_AFTER_HALT_S = ENV.post_only_after_halt_s
OVERRIDE_WINDOW_S = ENV.override_window_s
SETTLEMENT_UNDO_WINDOW_S = ENV.settlement_undo_window_s

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
_email_url = (
    database.smtp_url(ENV.smtp_server, ENV.smtp_port, ENV.smtp_username, ENV.smtp_password)
    if ENV.smtp_server
    else ENV.email_url
)
SLACK_WEBHOOK_URL = ENV.slack_webhook_url
for _name, _value in database.email(_email_url).items():
    globals()[_name] = _value

CELERY_BROKER_URL = database.celery_broker(REDIS_URL)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = MEMORY_THRESHOLD_MB * 1_024 or None
# Celery looks into modules called tasks by itself, not into packages.
CELERY_IMPORTS = (
    "alerting.tasks.deliver",
    "alerting.tasks.escalate",
    "alerting.tasks.evaluate",
    "alerting.tasks.moderation",
    "alerting.tasks.security",
)
CELERY_TASK_ROUTES = {
    "common.tasks.work_off_jobs": {"queue": "jobs"},
    # A worker of their own, whose threads wait for receivers while nothing else has to.
    "alerting.tasks.*": {"queue": "alerting"},
}

API_GATE = "accounts.api.gate.AccountsGate"
AUDIT_TRAIL = "accounts.services.record_audit.record_audit"
# (bucket, is the caller known): requests, seconds. Without a key nothing can be written, so refusals are few.
API_LIMITS = {
    ("read", True): (ENV.api_reads, 10),
    ("write", True): (ENV.api_writes, 10),
    ("cancel", True): (ENV.api_cancels, 10),
    ("read", False): (ENV.api_anonymous_reads, 10),
    ("write", False): (100, 10),
    ("cancel", False): (100, 10),
}
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "common.api.exceptions.drf_exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # What the document tells: bodies are JSON and nothing else.
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Opinion Market API",
    "DESCRIPTION": "Markets, books, orders and portfolios. Prices, quantities and cash are decimal strings, times are "
    "RFC 3339 in UTC, lists are paged by cursors, every failure is application/problem+json with a stable code.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "OverrideKind": ["resolve", "void", "undo"],
        "JobStatus": "common.models.job.JobStatus",
        "MarketKind": "markets.types.MarketKind",
        "MarketStatus": "markets.types.MarketStatus",
        "EventKind": "markets.types.EventKind",
        "FillKind": "trading.types.FillKind",
        "OrderStatus": "trading.types.OrderStatus",
        "OrderType": "trading.types.OrderType",
        "BatchAction": ["place", "cancel"],
        "SetsAction": ["mint", "merge"],
        "LiquidityAction": ["add", "withdraw"],
        "MeasurementState": "monitoring.types.State",
        "MetricGrain": ["day", "week", "month", "total"],
        "InsightSeverity": ["info", "warning", "critical"],
        "AlertSeverity": ["info", "warning", "critical", "emergency"],
        "AlertRulePolicy": ["own", "alert", "ok", "keep"],
        "AlertChannelKind": ["email", "webhook", "slack", "sms", "in_app", "apprise"],
        "IncidentStatus": ["open", "acknowledged", "resolved"],
        "WebhookDeliveryStatus": ["waiting", "delivered", "dead", "expired"],
        "ReportPeriod": [
            "yesterday",
            "last_7_days",
            "last_30_days",
            "last_90_days",
            "last_week",
            "last_month",
            "custom",
        ],
        "ReportGrain": ["day", "week", "month"],
        "JournalFormat": ["csv", "jsonl", "parquet"],
        "ReportFormat": ["html", "pdf", "csv", "xlsx", "json"],
        "ReportCadence": ["daily", "weekly", "monthly"],
        "SeriesCadence": ["daily", "weekly", "monthly", "quarterly", "yearly", "irregular"],
        "ReportDelivery": ["in_app", "link", "attachment"],
        "AnomalyVerdict": "monitoring.forecasting.models.anomaly.Verdict",
    },
    "PREPROCESSING_HOOKS": ["common.api.shapes.without_trailing_slash"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "common.api.strict_requests.with_strict_requests",
        "common.api.shapes.with_examples",
    ],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "omk_..."},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
    },
    "TAGS": [
        {"name": "markets", "description": "Public: markets, books, trades and price history."},
        {"name": "orders", "description": "Trading."},
        {"name": "portfolio", "description": "What you own and how it came about."},
        {"name": "jobs", "description": "Work in the background: progress, results, cancelling."},
        {"name": "following", "description": "Topics, and being told of their new markets."},
        {"name": "webhooks", "description": "Events sent to your programs, signed; see docs/webhooks.md."},
        {"name": "service", "description": "About the API itself."},
    ],
}
