import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from markets.engine.comment_text import html_of, plain_of

#: A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LINK = '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">'
TAG = re.compile(
    r'</?(?:p|br|ul|li|blockquote|code|strong|em)>|</a>|<a href="https?://[^"<>]*" rel="nofollow ugc noopener">'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Rain.", "<p>Rain.</p>"),
        ("One\ntwo\n\n\nthree", "<p>One<br>two</p><p>three</p>"),
        ("**Sure**, *maybe* `x < 1`", "<p><strong>Sure</strong>, <em>maybe</em> <code>x &lt; 1</code></p>"),
        ("2 * 3 * 4 and a_b*c*d", "<p>2 * 3 * 4 and a_b*c*d</p>"),
        ("> said\n> so\nNo.", "<blockquote>said<br>so</blockquote><p>No.</p>"),
        ("- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"),
        ("See https://example.org/a?b=1&c=2.", f"<p>See {LINK}https://example.org/a?b=1&amp;c=2</a>.</p>"),
        ("[the source](https://example.org/a?b=1&c=2)", f"<p>{LINK}the source</a></p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            '[a"onclick=x](https://e.org/"onclick=x)',
            "<p>[a&quot;onclick=x](" + '<a href="https://e.org/" '
            'rel="nofollow ugc noopener">https://e.org/</a>&quot;onclick=x)</p>',
        ),
    ],
)
def test_text_becomes_html(text: str, html: str) -> None:
    assert html_of(text) == html


@UNHURRIED
@given(st.text(alphabet="<>&\"'*`[]()-> \nahtps:/.e", max_size=200))
def test_nothing_but_the_known_tags_comes_out(text: str) -> None:
    rest = TAG.sub("", html_of(text))
    assert "<" not in rest
    assert ">" not in rest


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("The **north** *bridge*, see [the plan](https://example.org).", "The north bridge, see the plan."),
        ("a\nb\n\n- c\n- d\n\n> e\n> f", "a b c d e f"),
        ("1 < 2 & <script>alert(1)</script> `x`", "1 < 2 & <script>alert(1)</script> x"),
        ("&lt; stays, **un closed", "&lt; stays, **un closed"),
    ],
)
def test_plain_words_in_one_line(text: str, plain: str) -> None:
    assert plain_of(text) == plain
