from monitoring.forecasting.engine.seasons import DAY_S, WEEK_S, DayRanges, SlotMeans


def test_a_slot_is_unknown_until_it_was_seen() -> None:
    means = SlotMeans(DAY_S, 300, 0.25)
    assert means.learn(0.0, 10.0) is None
    assert means.learn(DAY_S + 299.0, 20.0) == 10.0
    assert means.learn(2 * DAY_S, 0.0) == 15.0
    assert means.learn(300.0, 1.0) is None


def test_newer_periods_weigh_at_least_the_given_share() -> None:
    means = SlotMeans(WEEK_S, 1800, 0.5)
    for week in range(50):
        means.learn(week * WEEK_S, 0.0)
    means.learn(50 * WEEK_S, 8.0)
    assert means.learn(51 * WEEK_S, 0.0) == 4.0


def test_a_period_has_a_bound() -> None:
    means = SlotMeans(DAY_S, 300, 0.25)
    for second in range(0, 5 * DAY_S, 60):
        means.learn(float(second), 1.0)
    assert len(means.means) == 288


def test_what_other_days_did_near_this_time_is_usual() -> None:
    ranges = DayRanges()
    for day in range(3):
        for minute in range(0, 1440, 5):
            spike = 50.0 if minute == 180 + 20 * day else 1.0
            ranges.learn(day * DAY_S + minute * 60.0, spike)
    at = 3 * DAY_S
    assert ranges.learn(at + 150 * 60.0, 50.0)
    assert not ranges.learn(at + 600 * 60.0, 50.0)
    assert ranges.learn(at + 605 * 60.0, 1.0)


def test_the_first_day_knows_only_its_last_half_hour() -> None:
    ranges = DayRanges()
    assert not any(ranges.learn(minute * 60.0, 1.0) for minute in range(0, 30, 5))
    ranges.learn(30 * 60.0, 1.0)
    assert ranges.learn(35 * 60.0, 1.0)
    assert not ranges.learn(40 * 60.0, 2.0)
    assert not ranges.learn(120 * 60.0, 1.0)
