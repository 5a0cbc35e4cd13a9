import random

from benchmarks.mix import CANCELS, order_document, terms


def test_six_of_ten_rest_and_three_trade_at_once() -> None:
    chance = random.Random(1)
    drawn = [terms(chance) for _ in range(20_000)]
    resting = sum(1 for _, price, _, time_in_force in drawn if time_in_force == "gtc" and price < 5_000)
    trading = sum(1 for _, price, _, time_in_force in drawn if time_in_force == "ioc" and price > 5_000)
    assert resting + trading == len(drawn)
    assert abs(resting / len(drawn) * (1 - CANCELS) - 0.6) < 0.02


def test_a_request_has_a_key_of_its_own_and_decimal_strings() -> None:
    first, second = (order_document(random.Random(1), 7) for _ in range(2))
    assert first["client_order_id"] != second["client_order_id"]
    assert (first["market_id"], first["side"], first["outcome"] in ("yes", "no")) == (7, "buy", True)
    assert len(first["price"]) == 6
    assert float(first["quantity"]) > 0
