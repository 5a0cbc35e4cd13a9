"""The frame of the administration's pages: landmarks, JSON without styles, few statements, dates of 24 hours."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats

from accounts.models import AuditRecord
from accounts.types import Role
from common import clock
from markets.services.dispute_resolution import dispute_resolution
from markets.services.request_override import request_override
from markets.types import OverrideKind
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.factories.markets import make_proposed_market
from tests.factories.trading import live_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    made = Client()
    made.force_login(make_user("gina", roles=(Role.ADMIN,)))
    return made


def test_every_page_has_a_banner_and_one_main_part(browser: Client) -> None:
    market = live_market()
    for path in ("/admin/", "/admin/markets/market/", f"/admin/markets/market/{market.pk}/change/"):
        page = browser.get(path).content.decode()
        assert page.count("<header>") == page.count("<main ") == 1, path
        bar = page.find('id="submit-row"')
        assert bar < page.index("</main>"), "what is below the form belongs to it"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"b": "<script>", "a": 1}, "{\n  &quot;a&quot;: 1,\n  &quot;b&quot;: &quot;&lt;script&gt;&quot;\n}"),
        ({}, "{}"),
    ],
)
def test_json_is_plain_text(browser: Client, after: dict[str, object], said: str) -> None:
    record = AuditRecord.objects.create(
        at=clock.now(),
        action="markets.halt",
        object_type="markets.market",
        object_id="1",
        before={"x": "ö"},
        after=after,
    )
    page = browser.get(f"/admin/accounts/auditrecord/{record.pk}/change/").content.decode()
    assert f'<pre class="readonly staff-json max-w-4xl">{said}</pre>' in page
    assert "&quot;x&quot;: &quot;ö&quot;" in page
    assert "style=" not in page, "the content security policy refuses it"


def test_a_market_is_told_in_words_and_few_statements(browser: Client) -> None:
    market = live_market(liquidity_lots=2_500_000, taker_fee_bps=150, challenge_window_s=90_000)
    path = f"/admin/markets/market/{market.pk}/change/"
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(path).content.decode()
    assert len(asked) < 12
    for words in ("250 shares", "1.5 % and 0 %", "25 hours"):
        assert words in page


def test_times_have_24_hours() -> None:
    evening = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
    assert formats.date_format(evening, "DATETIME_FORMAT", use_l10n=True) == "23 Nov 2026, 21:05"


def test_the_second_person_reads_what_shares_are_to_pay_and_what_was_proposed(browser: Client) -> None:
    market = make_proposed_market((10_000, 0))
    dispute_resolution(market_id=market.pk, actor_id=make_alice().pk, reason="It did not.")
    asked = request_override(
        market_id=market.pk,
        actor_id=make_dave().pk,
        kind=OverrideKind.RESOLVE,
        reason="It did not.",
        payouts=(0, 10_000),
    )
    page = browser.get(f"/admin/markets/override/{asked.pk}/change/").content.decode()
    assert page.index("Yes: 0.0000, No: 1.0000") < page.index("Yes: 1.0000, No: 0.0000")
