"""The administration for who reads German: what is shown, typed, answered, refused and kept."""

import pytest
from django.test import Client

from accounts.types import Role
from markets.models import Topic
from tests.factories.accounts import make_alice, make_user
from tests.factories.rows import row_market
from trading.models import Account
from trading.services.open_account import open_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def admins() -> Client:
    browser = Client()
    browser.force_login(make_user("gina", roles=(Role.ADMIN, Role.OPERATOR)))
    browser.cookies["language"] = "de"
    return browser


def test_a_list_says_its_names_columns_filters_and_choices(admins: Client) -> None:
    row_market(status="resolved")
    html = admins.get("/admin/markets/market/").content.decode()
    for words in ("Märkte", "Schließt am", "Nach Verfahren der Entscheidung", "entschieden", "Öffnen…"):
        assert words in html, words
    for words in ("Closes at", "resolved<", "Type to search"):
        assert words not in html, words


def test_amounts_are_typed_and_told_the_german_way(admins: Client) -> None:
    wallet = open_account(make_alice().pk)
    before, page = Account.objects.get(pk=wallet).cash, f"/admin/trading/account/{wallet}/do/grant/"
    refused = admins.post(page, {"amount": "1.234", "reason": "Preis."})
    assert refused.status_code == 422
    assert "Der Betrag lässt sich auf zwei Arten lesen" in refused.content.decode()
    assert Account.objects.get(pk=wallet).cash == before
    told = admins.post(page, {"amount": "12,5", "reason": "Preis."}, follow=True).content.decode()
    assert "alice bekommt 12,5 Credits gutgeschrieben." in told
    assert Account.objects.get(pk=wallet).cash == before + 1_250_000_000


def test_a_history_says_the_fields_in_the_language_of_each_reader(admins: Client) -> None:
    topic = Topic.objects.create(name="Weather", slug="weather")
    sent = {"name": "Weather and climate", "slug": "weather", "position": "3"}
    assert admins.post(f"/admin/markets/topic/{topic.pk}/change/", sent).status_code == 302
    page = f"/admin/markets/topic/{topic.pk}/history/"
    assert "Name und Position geändert." in admins.get(page).content.decode()
    admins.cookies["language"] = "en"
    assert "Changed Name and Position." in admins.get(page).content.decode()


def test_an_empty_list_offers_only_what_can_be_done(admins: Client) -> None:
    trades = admins.get("/admin/trading/trade/").content.decode()
    assert "Hier ist noch nichts" in trades
    assert "hinzufügen" not in trades
    searched = admins.get("/admin/trading/trade/?q=1").content.decode()
    assert "Suche nach etwas anderem" in searched
    assert "Filter zurücksetzen" in searched
    news = admins.get("/admin/accounts/announcement/").content.decode()
    assert "/admin/accounts/announcement/add/" in news
