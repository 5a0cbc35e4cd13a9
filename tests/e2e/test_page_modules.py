"""The pure modules of the operations pages, run in the browser that runs them for real."""

from typing import Any

import pytest

from tests.e2e.conftest import NewContext

pytestmark = pytest.mark.e2e


@pytest.fixture
def run(new_context: NewContext) -> Any:
    # What the test itself imports has no nonce.
    page = new_context(bypass_csp=True).new_page()
    page.goto("/docs/glossary")

    def result(module: str, expression: str, *arguments: Any) -> Any:
        loaded = f"const m = await import('/static/js/lib/{module}.js');"
        return page.evaluate(f"async (args) => {{ {loaded} return ({expression})(...args); }}", list(arguments))

    return result


def test_panels_stand_in_rows_of_four_and_move_by_step(run: Any) -> None:
    panels = [{"id": name, "width": width} for name, width in zip("abcd", (2, 2, 1, 3), strict=True)]
    assert [(one["row"], one["column"]) for one in run("layout", "m.places", panels)] == [
        (0, 0),
        (0, 2),
        (1, 0),
        (1, 1),
    ]
    moves = {"right": "bacd", "down": "bcad", "left": "abcd", "up": "abcd"}
    for way, order in moves.items():
        after = run("layout", "m.moved", panels, 0, way)
        assert "".join(panel["id"] for panel in after["panels"]) == order, way
        assert order[after["index"]] == "a"
    assert "".join(panel["id"] for panel in run("layout", "m.moved", panels, 3, "up")["panels"]) == "dabc"
    assert [run("layout", "m.resized", panels, 3, change)[3]["width"] for change in (1, 2, -1, -5)] == [4, 4, 2, 1]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([None] * 20, "unknown"),
        ([1, 2, 3], "unknown"),
        ([10] * 30, "steady"),
        ([10 + number % 2 for number in range(30)], "steady"),
        (list(range(10, 40)), "rising"),
        ([40 - number for number in range(30)], "falling"),
        ([None, 10, 10, 10, None, 20, 20, 20, 30, 30, 30], "rising"),
    ],
)
def test_a_trend_is_more_than_wobble(run: Any, values: list[float | None], word: str) -> None:
    assert run("trend", "m.trend", values) == word


def test_attention_is_for_what_lasts(run: Any) -> None:
    seconds = [{}, {}, {}, {"cpu": "critical"}, {"cpu": "critical"}, {"cpu": "critical"}, {"cpu": "warning"}, {}]
    told = run("states", "(all) => { const a = new m.Attention(); return all.map((one) => a.of(one)); }", seconds)
    assert told == [{}, {}, {}, {}, {}, {"cpu": "critical"}, {"cpu": "warning"}, {}]


def test_how_long_it_has_been_so(run: Any) -> None:
    held = "(times, values) => m.heldFor(times, values, (value) => value > 5, 100)"
    assert run("states", held, [60, 70, 80, 90], [1, 9, None, 9]) == {"seconds": 30, "isWhole": False}
    assert run("states", held, [80, 90], [9, 9]) == {"seconds": 20, "isWhole": True}
    assert run("states", held, [80, 90], [9, 1]) == {"seconds": 0, "isWhole": False}


def test_numbers_read_as_the_server_writes_them(run: Any) -> None:
    shown = [
        ("%", 93.26, "93.3%"), ("requests/s", 143.04, "143.0/s"), ("ms", 312.4, "312 ms"), ("ms", 1750, "1.75 s"),
        ("s", 0.012, "12.0 ms"), ("s", 600, "10.0 min"), ("bytes", 3_972_844_748, "3.70 GiB"), ("0/1", 0, "broken"),
        ("connections", 6, "6.0"),
    ]  # fmt: skip
    for unit, value, text in shown:
        assert run("units", "m.readingText", value, {"unit": unit, "decimals": 1}) == text
    assert [run("units", "m.span", seconds) for seconds in (0, 40, 1_330, 11_520, 187_200)] == [
        "0 s", "40 s", "22 min", "3 h 12 min", "2 d 4 h",
    ]  # fmt: skip


def test_a_gap_is_a_gap_in_the_line(run: Any) -> None:
    line = run("spark", "m.paths", [1, 2, None, 3, 4])["line"]
    assert line.count("M") == 2
    assert run("spark", "m.paths", [None, None])["line"] == ""


def test_moments_are_those_of_the_page_zone_and_language(run: Any) -> None:
    midnight = 1_773_532_800
    assert [run("moments", "m.clockText", midnight - 1, step) for step in (1, 60)] == ["23:59:59", "23:59"]
    assert [run("moments", "m.isMidnight", midnight + at) for at in (-60, 0, 59, 60)] == [False, True, True, False]
    assert [run("moments", "m.tickText", midnight + 5, kind) for kind in (1, 2, 3, 4)] == [
        "Mar 2026",
        "15 Mar",
        "00:00",
        "00:00:05",
    ]
    assert run("moments", "m.momentText", midnight, 60) == "15 Mar 00:00"


# An answer as the browser gives it: its head has come, its body ends as the test says.
ANSWERED = """async (status, failure) => {
  const fails = { AbortError: new DOMException("Aborted", "AbortError"), TypeError: new TypeError("network error") };
  const texts = { SyntaxError: "<p>no JSON", none: '{"answer": 42}' };
  const sent = window.fetch;
  window.fetch = async () => {
    const response = new Response(texts[failure] ?? "", { status });
    if (failure in fails) response.json = async () => { throw fails[failure]; };
    return response;
  };
  try {
    return await m.call("GET", "/markets");
  } catch (error) {
    return { thrown: error.name };
  } finally {
    window.fetch = sent;
  }
}"""


def test_an_answer_that_breaks_off_is_no_success(run: Any) -> None:
    assert run("api", ANSWERED, 200, "none") == {"ok": True, "status": 200, "body": {"answer": 42}}
    assert run("api", ANSWERED, 200, "AbortError") == {"thrown": "AbortError"}
    for failure, status, code in (("TypeError", 0, "offline"), ("SyntaxError", 200, "unreadable")):
        answered = run("api", ANSWERED, 200, failure)
        assert (answered["ok"], answered["status"], answered["body"]["code"]) == (False, status, code)
    assert run("api", ANSWERED, 502, "SyntaxError")["body"]["code"] == "unreadable"
