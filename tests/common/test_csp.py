"""The nonce is of one answer, made when a template asks, and in the tags of template files only."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory

from common.csp import ContentSecurityPolicyMiddleware, nonce
from common.csp_templates import with_nonces

GIVEN = "{% csp_nonce %}"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('<script src="a.js"></script>', f'<script{GIVEN} src="a.js"></script>'),
        ("<script>1</script>", f"<script{GIVEN}>1</script>"),
        ("<SCRIPT>1</SCRIPT>", f"<SCRIPT{GIVEN}>1</SCRIPT>"),
        ("<style>a{}</style>", f"<style{GIVEN}>a{{}}</style>"),
        ('<link rel="stylesheet" href="a.css">', f'<link{GIVEN} rel="stylesheet" href="a.css">'),
        ("<link href='a.css' rel='stylesheet'>", f"<link{GIVEN} href='a.css' rel='stylesheet'>"),
        ('<link rel="modulepreload" href="a.js">', f'<link{GIVEN} rel="modulepreload" href="a.js">'),
        ('<link\n  rel="stylesheet">', f'<link{GIVEN}\n  rel="stylesheet">'),
        ('<link rel="icon" href="a.svg">', None),
        ('<link rel="alternate" href="/feeds/stylesheet">', None),
        ('<script nonce="mine" src="a.js">', None),
        ('<script type="application/ld+json">{}</script>', None),
        ("<scripted>", None),
        ("{{ text }}", None),
    ],
)
def test_tags_of_a_file_get_the_nonce(text: str, read: str | None) -> None:
    assert with_nonces(text) == (read or text)


def answer(view: object, path: str = "/") -> HttpResponse:
    request = RequestFactory().get(path)
    return ContentSecurityPolicyMiddleware(view)(request)  # type: ignore[arg-type, return-value]


def directive(response: HttpResponse, name: str) -> str:
    parts = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    return parts[name]


def test_one_answer_has_one_nonce_which_no_other_has() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        assert nonce() == nonce()
        return HttpResponse(nonce())

    first, second = answer(view), answer(view)
    assert directive(first, "script-src") == f"'nonce-{first.content.decode()}'" == directive(first, "style-src")
    assert len(first.content) == 24
    assert first.content != second.content
    assert nonce() == "", "outside of an answer there is none"


def test_an_answer_that_asked_for_none_may_run_nothing() -> None:
    response = answer(lambda _: HttpResponse())
    assert (directive(response, "script-src"), directive(response, "style-src")) == ("'none'", "'none'")


def test_a_view_may_have_a_policy_of_its_own() -> None:
    own = "default-src 'none'; frame-ancestors *"
    response = answer(lambda _: HttpResponse(headers={"Content-Security-Policy": own}))
    assert response.headers["Content-Security-Policy"] == own


def test_the_nonce_is_gone_after_a_failure() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError):
        answer(view)
    assert nonce() == ""


def test_what_a_template_shows_gets_none() -> None:
    """Text of users that looks like a tag, even where it isn't escaped."""
    text = engines["django"].from_string("<b>{{ text|safe }}</b>").render({"text": "<script>1</script>"})
    assert text == "<b><script>1</script></b>"


def test_what_is_no_answer_has_no_nonce() -> None:
    """Mails and reports are made by jobs."""
    text = with_nonces("<style>a{}</style>")
    assert engines["django"].from_string(text).render({}) == "<style>a{}</style>"


def test_in_an_answer_each_tag_has_it() -> None:
    text = with_nonces("<style>a{}</style><script src=a></script>")
    response = answer(lambda _: HttpResponse(engines["django"].from_string(text).render({})))
    given = directive(response, "script-src").removeprefix("'nonce-").removesuffix("'")
    shown = f'<style nonce="{given}">a{{}}</style><script nonce="{given}" src=a></script>'
    assert response.content.decode() == shown
