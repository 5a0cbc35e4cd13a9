"""The page of staff for the limits of one trader."""

from typing import Any, Final, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from common.client_ip import client_ip
from common.limit_form import LimitForm
from common.staff_pages import StaffAction
from trading.models import Account
from trading.services.change_trader_limits import TraderLimits, change_trader_limits, trader_limits


class TraderLimitForm(LimitForm):
    def __init__(self, *args: Any, target: Account, **kwargs: Any) -> None:
        super().__init__(*args, target=target, **kwargs)
        assert target.user_id is not None, "only wallets are offered the action"
        self.show(trader_limits(target.user_id))


def _set(request: HttpRequest, account: Account, form: forms.Form) -> str:
    assert isinstance(form, TraderLimitForm), "the action's own form"
    assert account.user_id is not None, "only wallets are offered the action"
    limits = TraderLimits(**form.limits())
    change_trader_limits(
        user_id=account.user_id,
        actor_id=cast("int", request.user.pk),
        limits=limits,
        reason=str(form.cleaned_data["reason"]),
        ip=client_ip(request),
    )
    if limits == TraderLimits():
        return gettext("%(name)s has the limits of every market again.") % {"name": account.user}
    return gettext("The limits of %(name)s count for orders from now on; what rests stays.") % {"name": account.user}


LIMITS: Final = StaffAction("limits", gettext_lazy("Limits"), _set, TraderLimitForm)
