import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.labels import label_set
from alerting.engine.matchers import Matcher, Op, matcher, matches, read_matchers, text
from alerting.errors import MatcherInvalid

LABELS = label_set({"severity": "critical", "job": "web", "foo🙂": "bär"})


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("severity=critical", True),
        ('{severity="critical", job="web"}', True),
        ('severity!="critical"', False),
        ("severity=~crit.*", True),
        ("severity=~crit", False),
        ("severity!~crit", True),
        ("missing=", True),
        ('missing=""', True),
        ('missing!=""', False),
        ("missing=~.*", True),
        ("missing=~.+", False),
        ("foo🙂=bär", True),
        ('"foo🙂"="bär"', True),
        ('job=~"web|worker",severity="critical",', True),
        ("", True),
        ("{}", True),
    ],
)
def test_matching(written: str, wanted: bool) -> None:
    assert matches(read_matchers(written), LABELS) is wanted


@pytest.mark.parametrize(
    "written",
    [
        "a",
        "=b",
        "a==b",
        "{a=b",
        "a=b}",
        "a=b c=d",
        "a=~[",
        "a=~(a+)+",
        r"a=~(x)\1",
        "a=~(?=x)",
        "a='b'",
        "a=" + "b" * 2000,
    ],
)
def test_what_can_not_be_read_is_refused(written: str) -> None:
    with pytest.raises(MatcherInvalid) as refused:
        read_matchers(written)
    assert refused.value.errors[0].pointer == "matchers"


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(
    st.lists(st.builds(lambda name, op, value: Matcher(name, op, value), names, st.sampled_from([Op.EQ, Op.NE]), names))
)
def test_what_is_written_reads_the_same(given_: list[Matcher]) -> None:
    assert read_matchers(text(given_)) == tuple(given_)


@given(names, st.dictionaries(names, names, max_size=3))
def test_an_operator_and_its_contrary_never_agree(value: str, labels: dict[str, str]) -> None:
    name = next(iter(labels), "a")
    for op, contrary in ((Op.EQ, Op.NE), (Op.RE, Op.NOT_RE)):
        pattern = value if op is Op.EQ else "[a-m].*"
        one, other = matcher(name, op, pattern), matcher(name, contrary, pattern)
        assert matches([one], label_set(labels)) is not matches([other], label_set(labels))
