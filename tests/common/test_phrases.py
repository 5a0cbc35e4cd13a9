"""Sentences of engines as a German reader is told them."""

import json

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from alerting.engine.state import new_instance, step
from alerting.types import Cause, Signal, State
from analytics.business.engine.catalogue import METRICS
from common.phrases import LENGTH_MAX, said
from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.engine.findings import headline
from tests.alerting.rules import rule

#: Between a number and its percent sign.
GAP = "\N{NO-BREAK SPACE}"


def german(text: object) -> str:
    with translation.override("de"):
        return said(text)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("Response time", "Antwortzeit"),
        ("Number of fills.", "Zahl der Ausführungen."),
        ("Trades rose from 10.2 to 1,044.3 a day (+334 %).", "Trades: von 10,2 auf 1.044,3 am Tag gestiegen (+334 %)."),
        (
            "Response time rose by 12 % within the hour, which is worse.",
            "Antwortzeit: in dieser Stunde um 12 % gestiegen, und das ist schlechter.",
        ),
        ("60 % of the last 40 trades buy Yes.", "60 % der letzten 40 Trades kaufen Ja."),
        ("Warning: Disk fills up (web-1) and 2 more", "Warnung: Datenträger wird voll (web-1) und 2 weitere"),
        (
            "warning: Disk fills up. The condition holds: 68.7671.",
            "Warnung: Datenträger wird voll. Die Bedingung gilt: 68,7671.",
        ),
        ("web scaled from 2 to 3", "web skaliert: von 2 auf 3"),
        ("1,568.77 to 1,983.89", "1.568,77 bis 1.983,89"),
        (
            "cpu_usage 73.2 for a target of 60, but more instances didn't help",
            "cpu_usage 73,2 bei einem Ziel von 60, aber mehr Instanzen halfen nicht",
        ),
        (
            "The model puts Yes of “Will it rise to 5?” at 40%, more than its price of 30%.",
            f"Das Modell sieht Ja von „Will it rise to 5?“ bei 40{GAP}%, mehr als sein Preis von 30{GAP}%.",
        ),
        (
            "Orders: 461 on the last day. Trades: 279 on the last day",
            "Orders: 461 am letzten Tag. Trades: 279 am letzten Tag",
        ),
        (" and 3 more", " und 3 weitere"),
        ("+12.5%", f"+12,5{GAP}%"),
        ("-0.42", "-0,42"),
    ],
)
def test_a_german_reader_is_told_in_german(english: str, told: str) -> None:
    assert german(english) == told
    assert said(english) == english


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "Will it rain? No idea.", "Gold goes from bad to worse.", "Trades with a friend", "{title} rose",
        "0.1.0", "x" * (LENGTH_MAX + 1), "\n", ": ", "()", ". . .", "Ümläute – (ok)",
    ],
)  # fmt: skip
def test_what_people_wrote_stays(text: str) -> None:
    assert german(text) == text


def test_nothing_is_said_of_nothing() -> None:
    assert german(None) == said(None) == ""


def test_long_texts_of_places_alone_end_soon() -> None:
    """No text makes the search run away: each is bounded, and places can't nest."""
    text = " to ".join(["a and b is above c"] * 40)[:LENGTH_MAX]
    assert isinstance(german(text), str)


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
def test_every_measurement_is_told(spec: object) -> None:
    told = german(spec.help)  # type: ignore[attr-defined]
    assert told != spec.help  # type: ignore[attr-defined]


def test_every_figure_is_told() -> None:
    assert [name for name, metric in METRICS.items() if german(metric.formula) == metric.formula] == []


@pytest.mark.parametrize("is_higher", [True, False])
def test_a_headline_names_every_measurement(is_higher: bool) -> None:
    for spec in CATALOGUE.values():
        told = german(headline(spec.title, "12.5 ms", "3 ms", is_higher))
        assert (
            told
            == f"{german(spec.title)}: auf 12,5 ms {'gestiegen' if is_higher else 'gefallen'}; erwartet waren 3 ms."
        )


@pytest.mark.parametrize("cause", [Cause.BREACH, Cause.NO_DATA, Cause.ERROR])
@pytest.mark.parametrize("note", ["", "it took too long"])
@pytest.mark.parametrize("for_s", [0, 300])
def test_what_an_alert_says_of_itself(cause: Cause, note: str, for_s: int) -> None:
    """The engine puts its reasons together of parts; each whole one is known."""
    made = rule(**({"for": f"{for_s}s"} if for_s else {}), keep_firing_for="60s")
    instance = new_instance((), made, 0.0)
    reasons = []
    for now in (0.0, 400.0):
        instance, moved = step(instance, Signal(cause, note=note, value=None if note else 2.5), made, now)
        reasons += [moved.reason] if moved is not None else []
    for now in (500.0, 600.0):
        instance, moved = step(instance, Signal(Cause.CALM, value=1.5), made, now)
        reasons += [moved.reason] if moved is not None else []
    assert instance.state is State.NORMAL
    assert len(reasons) >= 2
    for reason in reasons:
        words = german(reason)
        assert not {"holds", "has", "kept", "waits", "no", "can't", "took"} & set(words.replace(".", " ").split()), (
            words
        )


def test_templates_say_them() -> None:
    page = Template("{{ text|said }} {{ wild|said }} {{ text|said_within }}")
    with translation.override("de"):
        assert page.render(Context({"text": "Trades", "wild": "<b>"})) == "Trades &lt;b&gt; Trades"
    assert page.render(Context({"text": "Trades", "wild": "<b>"})) == "Trades &lt;b&gt; trades"


def test_each_translation_fills_the_places_of_its_sentence() -> None:
    path = settings.BASE_DIR / "static/js/words/de.phrases.json"
    told = json.loads(path.read_text("utf-8"))
    assert len(told) > 900
    assert all(isinstance(words, str) and words for words in told.values())


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("3 messages: Critical: CPU", "3 Nachrichten: Kritisch: CPU"),
        ("- Resolved: Disk fills up\n- alice’s rule", "- Behoben: Datenträger wird voll\n- alice’s rule"),
        (
            "p95: One request in 20 takes longer. held: Requests answered.",
            "p95: Eine von 20 Anfragen dauert länger. gehalten: Beantwortete Anfragen.",
        ),
    ],
)
def test_several_at_once(english: str, told: str) -> None:
    assert german(english) == told
