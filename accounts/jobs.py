"""The kinds of background job of this app, and what it keeps about a person."""

from accounts.services.write_account_data import KIND, write_account_data
from common.jobs.kinds import declare
from common.jobs.types import JobKind
from common.personal_data import declare_part

# It only reads, and commits nothing of its own.
declare(JobKind(name=KIND, title="Your data", work=write_account_data, is_atomic=False, open_max=1, files_max=2))

declare_part(
    "account",
    """SELECT id, username AS handle, email, first_name, last_name, date_joined, last_login FROM accounts_user
    WHERE id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "api-keys",
    """SELECT id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at FROM accounts_apikey
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "sessions",
    """SELECT id, browser, system, network, signed_in_at, seen_at, ended_at FROM accounts_accountsession
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "security",
    """SELECT id, change, detail, at FROM accounts_securityfact
    WHERE user_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
