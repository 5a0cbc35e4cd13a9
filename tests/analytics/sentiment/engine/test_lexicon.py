import pytest

from analytics.sentiment.engine.lexicon import tone_of


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("What a wonderful result, I love it!", 1),
        ("This is terrible and everybody will suffer.", -1),
        ("The meeting is on Tuesday.", 0),
        ("", 0),
        ("> What a terrible idea\nTuesday.", 0),
        ("https://example.org/terrible-disaster", 0),
        ("**great**", 1),
    ],
)
def test_the_sign_of_a_tone(text: str, sign: int) -> None:
    tone = tone_of(text)
    assert (tone > 0) - (tone < 0) == sign
    assert -1 <= tone <= 1


def test_strength_counts() -> None:
    assert tone_of("good") < tone_of("very good!!!") < 1
    assert tone_of("It is not good.") < 0 < tone_of("It is good.")
