"""Every template compiles, somebody uses it, and no variable of it hides behind a silent default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines
from django.template.backends.django import DjangoTemplates

from tests.consistency.tree import PACKAGE

LIBRARIES = ("allauth", "django")  # their pages and fields ask for templates of ours by the same name
TEMPLATES = {
    path.relative_to(folder).as_posix(): path
    for folder in sorted(PACKAGE.glob("*/templates"))
    for path in sorted(folder.rglob("*.*"))
}


def sources() -> str:
    """Everything that may name a template: programs and templates."""
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]
    return "\n".join(path.read_text("utf-8") for path in files if "tests" not in path.parts)


def asked_by_a_library(name: str) -> bool:
    folders = [Path(config.path) for config in apps.get_app_configs()]
    import allauth
    import django

    folders += [Path(str(package.__file__)).parent for package in (allauth, django)]
    return any(
        (folder / place / name).exists()
        for folder in folders
        if PACKAGE not in folder.parents
        for place in ("templates", "forms/templates", "forms/jinja2")
    )


def names_in(text: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Templates named outright, and the patterns of those put together from parts."""
    quoted = set(re.findall(r"""["']([\w./{}#-]+\.(?:html|txt|xml|typ))(?:#[\w-]+)?["']""", text))
    outright = {name.partition("#")[0] for name in quoted if "{" not in name}
    parts = [name.partition("#")[0] for name in quoted if "{" in name]
    return outright, [re.compile(re.sub(r"\\\{[\w.]*\\\}", r"[\\w./-]+", re.escape(part))) for part in parts]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_template_compiles(name):
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    engine.get_template(name)


def test_every_template_is_used():
    outright, patterns = names_in(sources())
    unused = [
        name
        for name in TEMPLATES
        if name not in outright
        and not any(pattern.fullmatch(name) for pattern in patterns)
        and not asked_by_a_library(name)
    ]
    assert unused == []
    assert len(TEMPLATES) > 50


def test_every_named_template_exists():
    outright, _ = names_in(sources())
    ours = {name for name in outright if name.split("/")[0] in {path.name for path in PACKAGE.iterdir()}}
    assert sorted(name for name in ours if name not in TEMPLATES and not asked_by_a_library(name)) == []


FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
FILLED_IN = re.compile(
    r"\{\{ ?\w*form|as_field_group|<textarea|<select|type=.(?:text|search|email|file|number)"
)
# Forms of people who are not signed in yet, and of codes, which are never kept for later.
SIGNED_OUT = ("account/", "mfa/", "organisations/invitation_")


@pytest.mark.parametrize("name", [name for name in sorted(TEMPLATES) if name.endswith(".html")])
def test_a_form_that_somebody_fills_in_says_whose_it_is(name):
    forms = FORM.findall(TEMPLATES[name].read_text("utf-8"))
    plain = [form for form in forms if "{% csrf_token %}" in form and FILLED_IN.search(form)]
    assert name.startswith(SIGNED_OUT) or not plain
