"""The texts of notices, said in the active language.

Contract   Names of outcomes are said as pages say them. A code that nobody knows (any more, or yet) is the plain text
           that was kept beside it, so that no notice is ever empty or fails a page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from alerting.engine.words import Text
from common.languages import dated, outcome_word, written

_TEXTS: Final[Mapping[str, str]] = {
    "fill.buy.all": gettext_noop("Your order to buy %(outcome)s was filled: all of it."),
    "fill.buy.over": gettext_noop(
        "Your order to buy %(outcome)s was filled: %(filled)s of %(quantity)s shares. The rest was withdrawn."
    ),
    "fill.buy.waiting": gettext_noop(
        "Your order to buy %(outcome)s was filled: %(filled)s of %(quantity)s shares. The rest is waiting."
    ),
    "fill.sell.all": gettext_noop("Your order to sell %(outcome)s was filled: all of it."),
    "fill.sell.over": gettext_noop(
        "Your order to sell %(outcome)s was filled: %(filled)s of %(quantity)s shares. The rest was withdrawn."
    ),
    "fill.sell.waiting": gettext_noop(
        "Your order to sell %(outcome)s was filled: %(filled)s of %(quantity)s shares. The rest is waiting."
    ),
    "market.opened": gettext_noop("A new market is open for trading."),
    "market.void": gettext_noop("The market was declared void and what it took was paid back."),
    "market.resolved": gettext_noop("Resolved: %(outcomes)s. Everything you were due has been paid."),
    "market.vote": gettext_noop(
        "Trading has ended, and you are on the committee that decides the result. Please vote by %(until)s."
    ),
    "market.moved": gettext_noop("%(outcome)s went from %(before)s %% to %(now)s %%."),
    "series.opened": gettext_noop("%(event)s is open for trading."),
    "comment.to_you": gettext_noop("%(author)s wrote to you: %(question)s"),
    "comment.followed": gettext_noop("%(author)s wrote: %(question)s"),
    "case.report": gettext_noop("Your report: %(question)s"),
    "case.dismiss": gettext_noop("A moderator found nothing wrong with it: %(reason)s"),
    "case.hide": gettext_noop("The comment was hidden: %(reason)s"),
    "case.warn": gettext_noop("Its author was warned: %(reason)s"),
    "case.suspend": gettext_noop("Its author was suspended: %(reason)s"),
    "case.close": gettext_noop("The market was closed: %(reason)s"),
    "case.comment.hide": gettext_noop("A comment of yours was hidden: %(reason)s"),
    "case.comment.warn": gettext_noop("A moderator warns you because of a comment of yours: %(reason)s"),
    "case.market.warn": gettext_noop("A moderator warns you because of a market of yours: %(reason)s"),
    "case.market.close": gettext_noop("A market of yours was closed: %(reason)s"),
    "case.approval.approve": gettext_noop("Your market is approved and open: %(reason)s"),
    "case.approval.decline": gettext_noop("Your market isn't approved yet: %(reason)s"),
    "webhook.off": gettext_noop("Your webhook %(name)s was switched off"),
    "webhook.gone": gettext_noop("It answered 410, which means that nobody wants its messages any more."),
    "webhook.failing": gettext_noop("No message got through for three days."),
    "webhook.backlog": gettext_noop(
        "More than %(number)s messages wait for it: events come faster than it takes them."
    ),
    "security.sign_in": gettext_noop("Somebody signed in to your account with a new browser"),
    "security.password_changed": gettext_noop("Your password was changed"),
    "security.password_reset": gettext_noop("Your password was reset by letter"),
    "security.passkey_added": gettext_noop("A passkey was added to your account"),
    "security.passkey_removed": gettext_noop("A passkey of yours was removed"),
    "security.factor_on": gettext_noop("An authenticator app was set up for your account"),
    "security.factor_off": gettext_noop("Your authenticator app was removed"),
    "security.recovery_codes": gettext_noop("New recovery codes were made for your account"),
    "security.email_changed": gettext_noop("The e-mail address of your account was changed"),
    "security.advice": gettext_noop("If that wasn't you, change your password at once."),
    "security.client": gettext_noop("%(client)s. If that wasn't you, sign it out and change your password at once."),
}


def said(text: Text, otherwise: str = "") -> str:
    """In the active language; ``otherwise`` where the code isn't known or its data don't fit."""
    if isinstance(text, str):
        return text
    form = _TEXTS.get(text.code)
    if form is None:
        return otherwise
    try:
        return gettext(form) % {name: _shown(name, value) for name, value in text.data.items()}
    except (KeyError, ValueError):
        return otherwise


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(outcome_word(str(one)) for one in value)
    if name == "outcome":
        return outcome_word(str(value))
    if name == "until":
        return dated(localtime(datetime.fromisoformat(str(value))), "j F Y, H:i T")
    return written(str(value)) if name in _NUMBERS else str(value)


#: Data that are numbers, formatted the English way.
_NUMBERS: Final = frozenset({"filled", "quantity", "before", "now", "number"})
