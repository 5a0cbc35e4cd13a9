"""What happened to the locks of an account, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.selectors.sessions import FactRow
from accounts.types import SecurityChange

WORDS: Final[Mapping[SecurityChange, str | Promise]] = {
    SecurityChange.SIGN_IN: _("Signed in with a new browser"),
    SecurityChange.PASSWORD_CHANGED: _("The password was changed"),
    SecurityChange.PASSWORD_RESET: _("The password was reset by letter"),
    SecurityChange.PASSKEY_ADDED: _("A passkey was added"),
    SecurityChange.PASSKEY_REMOVED: _("A passkey was removed"),
    SecurityChange.FACTOR_ON: _("The authenticator app was set up"),
    SecurityChange.FACTOR_OFF: _("The authenticator app was removed"),
    SecurityChange.RECOVERY_CODES: _("New recovery codes were made"),
    SecurityChange.EMAIL_CHANGED: _("The e-mail address was changed"),
}


def said(fact: FactRow) -> dict[str, object]:
    words = str(WORDS[fact.change])
    return {"words": f"{words}: {fact.detail}" if fact.detail else words, "at": fact.at}
