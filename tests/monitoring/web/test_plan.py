from monitoring.engine.catalogue import CATALOGUE
from monitoring.web.plan import ADVANCED, ADVANCED_CARDS, BY_PROCESS, BY_ROUTE, PERFORMANCE, PERFORMANCE_CARDS


def test_every_measure_on_the_pages_is_one_of_the_catalogue() -> None:
    assert {*PERFORMANCE_CARDS, *ADVANCED_CARDS, *BY_PROCESS, *BY_ROUTE} - set(CATALOGUE) == set()


def test_lines_of_a_chart_share_an_axis() -> None:
    charts = [chart for section in (*PERFORMANCE, *ADVANCED) for chart in section.charts]
    assert [chart.key for chart in charts if len({line.spec.unit for line in chart.lines}) > 1] == []
    # There are six colours, and three lines are what a small chart can carry.
    assert max(len(chart.lines) for chart in charts) <= 3


def test_keys_are_given_once_on_a_page() -> None:
    for page in (PERFORMANCE, ADVANCED):
        keys = [chart.key for section in page for chart in section.charts]
        assert len(set(keys)) == len(keys)
