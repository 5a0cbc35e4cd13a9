from alerting.engine.flapping import flap_score, is_flapping, with_turn


def test_the_score_counts_the_turns_of_an_hour() -> None:
    turns: tuple[float, ...] = ()
    for at in range(12):
        turns = with_turn(turns, at * 60.0)
    assert len(turns) == 10
    assert flap_score(turns, 660.0) == 1.0
    assert flap_score((), 0.0) == 0.0
    assert flap_score((0.0, 60.0, 120.0, 180.0), 3600.0) == 0.3
    assert (is_flapping((1.0,) * 4, 2.0), is_flapping((1.0,) * 5, 2.0)) == (False, True)
