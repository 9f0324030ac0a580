"""The site's HTML: four small templates, every value escaped by jinja2."""

from collections.abc import Mapping, Sequence

from jinja2 import DictLoader, Environment

_BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{% block main %}{% endblock %}<p><a href="/">home</a></p></body></html>
"""
_HOME = """{% extends "base" %}{% block main %}<ul>
{% for page in pages %}<li><a href="/page/{{ page.slug }}">{{ page.title }}</a></li>
{% endfor %}</ul>{% endblock %}"""
_PAGE = """{% extends "base" %}{% block main %}<article>{{ body }}</article>
<p>version {{ version }}</p>{% endblock %}"""
_FOUND = """{% extends "base" %}{% block main %}{% if stale %}
<p>The index is stale: recent pages may be missing.</p>{% endif %}<ul>
{% for slug in slugs %}<li><a href="/page/{{ slug }}">{{ slug }}</a></li>
{% endfor %}</ul>{% endblock %}"""
_LOGIN = """{% extends "base" %}{% block main %}<form method="post" action="/login">
<input name="user" autocomplete="username">
<input name="password" type="password" autocomplete="current-password">
<button>Log in</button></form>{% endblock %}"""

_TEMPLATES = Environment(
    loader=DictLoader(
        {"base": _BASE, "home": _HOME, "page": _PAGE, "found": _FOUND, "login": _LOGIN}
    ),
    autoescape=True,
)


def home(pages: Sequence[Mapping[str, str]]) -> str:
    """List the newest pages; each has `slug` and `title`."""
    return _TEMPLATES.get_template("home").render(title="The site", pages=pages)


def page(title: str, body: str, version: int) -> str:
    """Show one page."""
    return _TEMPLATES.get_template("page").render(
        title=title, body=body, version=version
    )


def found(question: str, slugs: Sequence[str], *, stale: bool) -> str:
    """Show what the index answered, and whether it admits to be stale."""
    return _TEMPLATES.get_template("found").render(
        title=f"Search: {question}", slugs=slugs, stale=stale
    )


def login() -> str:
    """Ask an editor who they are."""
    return _TEMPLATES.get_template("login").render(title="Log in")
