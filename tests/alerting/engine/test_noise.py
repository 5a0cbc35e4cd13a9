from alerting.engine.noise import noise_score


def test_short_alerts_that_nobody_acted_upon_are_noise() -> None:
    assert noise_score([60.0, 299.0, 300.0, None]) == 0.5
    assert noise_score([60.0, 60.0], [True, False]) == 0.5
    assert noise_score([]) is None
