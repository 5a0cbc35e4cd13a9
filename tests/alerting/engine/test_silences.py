import pytest

from alerting.engine.labels import label_set
from alerting.engine.matchers import read_matchers
from alerting.engine.silences import Phase, Silence, expired, new_silence, newest, silenced_by
from alerting.errors import RoutingInvalid

CPU = label_set({"alertname": "CPU"})


def silence(matchers: str = "alertname=CPU", starts_at: float = 10.0, ends_at: float = 20.0) -> Silence:
    return Silence("s1", read_matchers(matchers), starts_at, ends_at, 0.0, "dave", "we know")


def test_phases() -> None:
    assert [silence().phase(at) for at in (9.9, 10.0, 19.9, 20.0)] == [
        Phase.PENDING,
        Phase.ACTIVE,
        Phase.ACTIVE,
        Phase.EXPIRED,
    ]


def test_what_matches_is_silenced_while_it_lasts() -> None:
    several = [silence(), Silence("s2", read_matchers("alertname!~C.*"), 0, 100, 0)]
    assert silenced_by(several, CPU, 15.0) == ("s1",)
    assert silenced_by(several, CPU, 20.0) == ()


def test_expiring_ends_it_now() -> None:
    ended = expired(silence(), 15.0)
    assert (ended.starts_at, ended.ends_at, ended.updated_at) == (10.0, 15.0, 15.0)
    early = expired(silence(), 5.0)
    assert (early.starts_at, early.ends_at, early.phase(5.0)) == (5.0, 5.0, Phase.EXPIRED)
    with pytest.raises(RoutingInvalid):
        expired(ended, 16.0)


def test_the_last_version_counts() -> None:
    ended = expired(silence(), 15.0)
    assert newest(silence(), ended) is ended
    assert newest(ended, silence()) is ended


def test_the_past_is_now() -> None:
    assert new_silence(silence(), 12.0).starts_at == 12.0


@pytest.mark.parametrize(
    "bad", [silence(""), silence('alertname=""'), silence("alertname=~.*"), silence(ends_at=10.0), silence(ends_at=5.0)]
)
def test_what_is_no_silence_is_refused(bad: Silence) -> None:
    with pytest.raises(RoutingInvalid):
        new_silence(bad, 1.0)


def test_an_end_in_the_past_is_refused() -> None:
    with pytest.raises(RoutingInvalid):
        new_silence(silence(), 20.0)
