"""The reader's cash, read once a request: the masthead and the page show the same."""

from django.http import HttpRequest

from trading.selectors.accounts import AccountView, account_view


def own_account(request: HttpRequest) -> AccountView | None:
    """``None`` for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if not hasattr(request, "own_account"):
        request.own_account = account_view(user.pk)  # type: ignore[attr-defined]
    return request.own_account  # type: ignore[attr-defined,no-any-return]
