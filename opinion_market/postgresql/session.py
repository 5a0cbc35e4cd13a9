"""What was tuned for the sessions of web processes, as PostgreSQL's settings.

Contract   Workers keep the limits that they were started with: their statements are sweeps and jobs, not requests.
"""

from typing import Final

from common.tuning.reading import tuned

_WEB: Final = "opinion-market-web"
#: Setting of PostgreSQL, by the name of what is tuned; times are in milliseconds, memory in KiB, as it has them.
_SETTINGS: Final = {
    "statement_timeout_ms": "statement_timeout",
    "lock_timeout_ms": "lock_timeout",
    "idle_timeout_ms": "idle_in_transaction_session_timeout",
    "work_mem_kb": "work_mem",
}


def session_settings(application_name: str) -> dict[str, str]:
    """What differs from how the session was opened."""
    if application_name != _WEB:
        return {}
    values = {setting: tuned(name, None) for name, setting in _SETTINGS.items()}
    return {setting: str(int(value)) for setting, value in values.items() if value is not None}


def reconnect_round() -> float:
    """Connections opened in an earlier round are to be closed."""
    return tuned("reconnect_round", 0.0)
