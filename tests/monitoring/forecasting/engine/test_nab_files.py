import pytest

from monitoring.forecasting.engine.nab_files import columns_of, data_name_of, epoch_of, plain_time, windows_of


def test_windows_have_the_timestamps_of_the_data() -> None:
    document = {"a/b.csv": [["2014-04-01 00:00:00.000000", "2014-04-02 00:00:00.000000"]]}
    assert windows_of(document) == {"a/b.csv": [("2014-04-01 00:00:00", "2014-04-02 00:00:00")]}
    assert plain_time(" 2014-04-01 00:00:00 ") == "2014-04-01 00:00:00"


def test_times_are_utc() -> None:
    assert epoch_of("1970-01-02 00:00:01.5") == 86_401.0


def test_columns_are_read_by_name() -> None:
    assert columns_of("value,timestamp\n1,a\n2,b\n", ("timestamp", "value")) == [["a", "b"], ["1", "2"]]
    with pytest.raises(KeyError):
        columns_of("value\n1\n", ("timestamp",))


@pytest.mark.parametrize(
    ("result", "data"),
    [
        ("realTweets/numenta_Twitter_volume_AAPL.csv", "realTweets/Twitter_volume_AAPL.csv"),
        ("realTweets/earthgecko_skyline_Twitter_volume_AAPL.csv", "realTweets/Twitter_volume_AAPL.csv"),
        ("realTweets/Twitter_volume_AAPL.csv", "realTweets/Twitter_volume_AAPL.csv"),
        ("realTraffic/numenta_Twitter_volume_AAPL.csv", None),
        ("numenta_standard_scores.csv", None),
    ],
)
def test_a_result_belongs_to_its_data(result: str, data: str | None) -> None:
    assert data_name_of(result, ["realTweets/Twitter_volume_AAPL.csv", "a/x.csv"]) == data
