"""Orders, trades, positions and the ledger, to read; credits are granted by an action that is recorded."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, cast
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.services.record_audit import record_audit
from common.client_ip import client_ip
from common.languages import typed, written
from common.money import format_cash, format_price, format_quantity, parse_cash
from common.phrases import said
from common.staff_pages import ROWS_MAX, ReadOnlyAdmin, ReasonForm, StaffAction
from trading.models import Account, LedgerEntry, LedgerTransfer, Order, Position, Trade, TraderLimit
from trading.models.account import AccountKind
from trading.services.answer_once import answer_once
from trading.services.grant import MEMO_LENGTH_MAX, grant
from trading.staff_forms import LIMITS


class GrantForm(ReasonForm):
    """Credits as a decimal string; the reason is the memo of the transfer, which the trader sees.

    ``key`` is made with the page, so that the same page sent twice grants once.
    """

    field_order = ["amount", "reason"]
    key = forms.CharField(required=False, max_length=32, initial=lambda: uuid4().hex, widget=forms.HiddenInput)
    amount = forms.CharField(
        label=gettext_lazy("amount"),
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Credits, for example 250."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].max_length = MEMO_LENGTH_MAX  # type: ignore[attr-defined]
        self.fields["reason"].help_text = gettext("The trader reads it in the ledger statement.")

    def clean_amount(self) -> int:
        try:
            return parse_cash(typed(self.cleaned_data["amount"]))
        except ValueError as problem:
            raise forms.ValidationError(gettext("The amount %(problem)s.") % {"problem": said(problem)}) from problem


def _grant(request: HttpRequest, account: Account, form: forms.Form) -> str:
    key, asked = form.cleaned_data["key"], [account.pk, form.cleaned_data["amount"], form.cleaned_data["reason"]]
    if not key:
        return _granted(request, account, form)
    answer = answer_once(
        user_id=cast("int", request.user.pk),
        key=f"grant-{key}",
        request=repr(asked).encode(),
        run=lambda: (200, _granted(request, account, form)),
    )
    return answer.body


def _granted(request: HttpRequest, account: Account, form: forms.Form) -> str:
    assert account.user_id is not None, "only wallets are offered the action"
    amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
    grant(user_id=account.user_id, amount=amount, memo=reason)
    before = account.cash
    account.refresh_from_db()
    record_audit(
        actor_id=request.user.pk,
        action="trading.grant",
        target=account,
        reason=reason,
        before={"cash": format_cash(before)},
        after={"cash": format_cash(account.cash)},
        ip=client_ip(request),
    )
    told = gettext("%(amount)s credits are granted to %(name)s.")
    return told % {"amount": written(format_cash(amount)), "name": account.user}


GRANT: Final = StaffAction("grant", gettext_lazy("Grant credits"), _grant, GrantForm)


class TraderSearch(ReadOnlyAdmin):
    """Finds rows by a handle or by the number of a market, each over an index.

    ``trader_field`` and ``market_field`` name the foreign keys.
    """

    search_fields: ClassVar[Sequence[str]] = ["pk"]
    search_help_text = gettext_lazy("A handle, or m and the number of a market, such as m7.")
    trader_field = "user"
    market_field = "market"

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if term[0] in "mM" and term[1:].isascii() and term[1:].isdigit() and len(term) < 19:
            return queryset.filter(**{f"{self.market_field}_id": int(term[1:])}), False
        return queryset.filter(**{f"{self.trader_field}__username": term}), False


@admin.register(Account)
class AccountAdmin(TraderSearch):
    list_display = ["id", "kind", "user", "market", "shown_cash", "shown_held"]
    list_select_related = ["user", "market"]
    list_filter = ["kind"]
    ordering = ["-id"]
    fields = ["kind", "user", "market", "shown_cash", "shown_held", "created_at"]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("cash"), ordering="cash")
    def shown_cash(self, account: Account) -> str:
        return written(format_cash(account.cash))

    @admin.display(description=gettext_lazy("held"))
    def shown_held(self, account: Account) -> str:
        return written(format_cash(account.held))

    def open_actions(self, request: HttpRequest, target: Account) -> Sequence[StaffAction]:
        if target.kind != AccountKind.WALLET:
            return []
        offered = ((GRANT, "accounts.grant_credits"), (LIMITS, "markets.operate_market"))
        return [action for action, permission in offered if request.user.has_perm(permission)]


@admin.register(TraderLimit)
class TraderLimitAdmin(ReadOnlyAdmin):
    """Who has limits of their own; they are set on the page of the trader's account."""

    list_display = ["user", "max_open_orders", "shown_order", "shown_position", "updated_at", "account"]
    list_select_related = ["user"]
    search_fields = ["=user__username"]
    fields = ["user", "max_open_orders", "shown_order", "shown_position", "updated_at", "account"]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("largest order"))
    def shown_order(self, row: TraderLimit) -> str:
        return "" if row.max_order_lots is None else written(format_quantity(row.max_order_lots))

    @admin.display(description=gettext_lazy("largest position"))
    def shown_position(self, row: TraderLimit) -> str:
        return "" if row.max_position_lots is None else written(format_quantity(row.max_position_lots))

    @admin.display(description=gettext_lazy("change them"))
    def account(self, row: TraderLimit) -> SafeString:
        address = reverse("admin:trading_account_changelist")
        link = '<a href="{}?q={}&amp;kind__exact=wallet">{}</a>'
        return format_html(link, address, row.user.username, gettext("account"))


@admin.register(Order)
class OrderAdmin(TraderSearch):
    list_display = ["id", "market", "user", "side", "outcome", "type", "shown_price", "shown_quantity", "status"]
    list_select_related = ["market", "user"]
    ordering = ["-id"]
    fields = [
        *list_display,
        "client_order_id",
        "time_in_force",
        "shown_filled",
        "shown_cost",
        "shown_fee",
        "seq",
        "created_at",
        "updated_at",
    ]
    readonly_fields = ["shown_price", "shown_quantity", "shown_filled", "shown_cost", "shown_fee"]

    @admin.display(description=gettext_lazy("price"))
    def shown_price(self, order: Order) -> str:
        return pgettext("order", "market") if order.price is None else written(format_price(order.price))

    @admin.display(description=gettext_lazy("quantity"))
    def shown_quantity(self, order: Order) -> str:
        return written(format_quantity(order.quantity))

    @admin.display(description=gettext_lazy("filled"))
    def shown_filled(self, order: Order) -> str:
        return written(format_quantity(order.filled))

    @admin.display(description=gettext_lazy("cost"))
    def shown_cost(self, order: Order) -> str:
        return written(format_cash(order.cost))

    @admin.display(description=gettext_lazy("fee"))
    def shown_fee(self, order: Order) -> str:
        return written(format_cash(order.fee))


@admin.register(Trade)
class TradeAdmin(TraderSearch):
    trader_field = "taker"
    list_display = ["id", "market", "seq", "taker", "maker", "taker_side", "outcome", "shown_price", "shown_quantity"]
    list_select_related = ["market", "taker", "maker"]
    ordering = ["-id"]
    fields = [*list_display, "kind", "shown_cost", "taker_order_id", "maker_order_id", "created_at"]
    readonly_fields = ["shown_price", "shown_quantity", "shown_cost"]

    @admin.display(description=gettext_lazy("price"))
    def shown_price(self, trade: Trade) -> str:
        return written(format_price(trade.price))

    @admin.display(description=gettext_lazy("quantity"))
    def shown_quantity(self, trade: Trade) -> str:
        return written(format_quantity(trade.quantity))

    @admin.display(description=gettext_lazy("cost"))
    def shown_cost(self, trade: Trade) -> str:
        return written(format_cash(trade.cost))


@admin.register(Position)
class PositionAdmin(TraderSearch):
    list_display = ["id", "market", "user", "outcome", "shown_quantity", "shown_held", "shown_cost"]
    list_select_related = ["market", "user"]
    ordering = ["-id"]
    fields = [*list_display[1:], "updated_at"]
    readonly_fields = ["shown_quantity", "shown_held", "shown_cost"]

    @admin.display(description=gettext_lazy("quantity"))
    def shown_quantity(self, position: Position) -> str:
        return written(format_quantity(position.quantity))

    @admin.display(description=gettext_lazy("held"))
    def shown_held(self, position: Position) -> str:
        return written(format_quantity(position.held))

    @admin.display(description=gettext_lazy("cost"))
    def shown_cost(self, position: Position) -> str:
        return written(format_cash(position.cost))


class EntryInline(TabularInline):
    model = LedgerEntry
    verbose_name_plural = gettext_lazy("entries")
    hide_title = True
    fields = ["account_name", "shown_amount", "shown_balance"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    ordering = ["id"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LedgerEntry]":
        found: QuerySet[LedgerEntry] = super().get_queryset(request)
        return found.select_related("account", "account__user", "account__market")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("account"))
    def account_name(self, entry: LedgerEntry) -> str:
        owner = entry.account.user or entry.account.market
        kind = entry.account.get_kind_display()
        return gettext("%(kind)s of %(owner)s") % {"kind": kind, "owner": owner} if owner else kind

    @admin.display(description=gettext_lazy("amount"))
    def shown_amount(self, entry: LedgerEntry) -> str:
        return written(format_cash(entry.amount))

    @admin.display(description=gettext_lazy("cash after"))
    def shown_balance(self, entry: LedgerEntry) -> str:
        return written(format_cash(entry.balance))


@admin.register(LedgerTransfer)
class LedgerTransferAdmin(TraderSearch):
    list_display = ["id", "kind", "market", "seq", "memo", "created_at"]
    list_select_related = ["market"]
    ordering = ["-id"]
    fields = list_display
    inlines = [EntryInline]
    search_help_text = gettext_lazy("A handle (its newest transfers), or m and the number of a market, such as m7.")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.strip()
        if not term or (term[0] in "mM" and term[1:].isdigit()):
            return super().get_search_results(request, queryset, search_term)
        entries = LedgerEntry.objects.filter(account__user__username=term).order_by("-id")
        return queryset.filter(pk__in=entries.values("transfer_id")[:ROWS_MAX]), False
