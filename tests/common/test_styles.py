"""The stylesheets of a head come in one request, in their order; whatever else is there stays."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Template

from common.templatetags.styles import with_one_link

ROOT = str(staticfiles_storage.url("~"))[:-1]


def link(href: str, more: str = "") -> str:
    return f'<link{more} rel="stylesheet" href="{href}">'


def test_own_files_come_together_where_the_first_was_and_keep_its_nonce() -> None:
    head = f"""<title>a</title>{link(f"{ROOT}css/a.css", ' nonce="n"')}
      <meta name="b" content="c">{link(f"{ROOT}css/b.css", ' nonce="n"')}{link(f"{ROOT}css/a.css")}<script></script>"""
    assert with_one_link(head) == (
        f"""<title>a</title><link nonce="n" rel="stylesheet" href="{ROOT}~/css/a.css~css/b.css">
      <meta name="b" content="c"><script></script>"""
    )


def test_one_file_and_the_files_of_others_stay() -> None:
    elsewhere = link("https://example.org/a.css") + link("/static/css/no-digest.css")
    assert with_one_link(elsewhere) == elsewhere
    assert with_one_link(elsewhere + link(f"{ROOT}a.css")) == elsewhere + link(f"{ROOT}~/a.css")
    assert with_one_link("") == ""


def test_the_tag_reads_what_it_encloses() -> None:
    source = "{% load static styles %}{% styles %}{% for n in names %}" + link("{% static n %}") + "{% endfor %}"
    shown = Template(source + "{% endstyles %}<b>{{ text }}</b>").render(
        Context({"names": ["css/a.css", "css/b.css"], "text": link(f"{ROOT}c.css")})
    )
    assert shown.startswith(link(f"{ROOT}~/css/a.css~css/b.css") + "<b>&lt;link rel=")
