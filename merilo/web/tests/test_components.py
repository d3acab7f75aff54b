"""Components: what they refuse while compiling, and that every example renders."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError

from merilo.web import component as components
from merilo.web import gallery


def rendered(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_a_component_shows_its_properties_escaped():
    text = rendered('{% ui "person" name=name position=name %}', name="<script>")
    assert text.count("&lt;script&gt;") == 2
    assert "<script" not in text


def test_a_component_sees_nothing_of_the_page():
    assert "canary" not in rendered('{% ui "person" name="Elena" %}', position="canary", unit="canary")


def test_slots_and_body_are_rendered_with_the_page_around_them():
    text = rendered(
        '{% uiblock "card" %}{{ word }}{% slot "actions" %}{{ word }}!{% endslot %}{% enduiblock %}',
        word="hello",
    )
    assert text.count("hello") == 2
    assert '<div class="inline">hello!</div>' in text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% ui "nothing" %}', "there is no component"),
        ("{% ui tag %}", "in quotes"),
        ("{% ui %}", "in quotes"),
        ('{% ui "tag" %}', "misses status"),
        ('{% ui "tag" status="done" colour="red" %}', "has no property colour"),
        ('{% ui "tag" status="purple" %}', "is none of"),
        ('{% ui "tag" status="done" status="late" %}', "twice"),
        ('{% ui "tag" "done" %}', "not property=value"),
        ('{% ui "card" title="x" %}', "needs a body"),
        ('{% uiblock "tag" status="done" %}{% enduiblock %}', "takes no body"),
        ('{% uiblock "card" %}{% slot "foot" %}{% endslot %}{% enduiblock %}', "has no slot"),
        (
            (
                '{% uiblock "card" %}{% slot "actions" %}{% endslot %}'
                '{% slot "actions" %}{% endslot %}{% enduiblock %}'
            ),
            "filled twice",
        ),
        ('{% uiblock "card" %}', "Unclosed tag"),
        ('{% slot "actions" %}{% endslot %}', "slot"),
    ],
)
def test_a_mistake_is_refused_when_the_template_compiles(source: str, words: str):
    with pytest.raises(TemplateSyntaxError, match=words):
        Template(source)


def test_a_value_outside_the_choices_is_refused_when_it_comes_from_a_variable():
    with pytest.raises(ValueError, match="is none of"):
        rendered('{% ui "tag" status=status %}', status="purple")


@pytest.mark.parametrize("name", components.names())
def test_examples_of_each_component_render_without_inline_style(name: str):
    text = components.examples(name).render(Context({"example": gallery.examples()}))
    assert text.strip()
    assert " style=" not in text
    assert "<script" not in text
    assert " onclick" not in text


@pytest.mark.parametrize("name", components.names())
def test_each_component_says_what_it_is(name: str):
    assert (components.component(name).__doc__ or "").strip().endswith(".")


def test_the_reference_page_names_every_component_and_every_property(pytestconfig: pytest.Config):
    page = (pytestconfig.rootpath / "docs/reference/components.md").read_text("utf-8")
    for name in components.names():
        row = next(line for line in page.splitlines() if line.startswith((f"| `{name}`", f"| `{name} ")))
        declared = row.split("|")[2]
        for key in components.spec(components.component(name)).properties:
            assert key in declared, f"{name}: {key}"


def test_a_constant_with_a_filter_is_not_judged_before_it_is_known():
    assert "late" in rendered('{% ui "tag" status="LATE"|lower %}')


def test_progress_of_nothing_is_empty_and_more_than_all_is_full():
    assert 'width="0"' in rendered('{% ui "progress" value=3 total=0 %}')
    assert 'width="120" height="9"' in rendered('{% ui "progress" value=30 total=28 %}')


def test_the_shield_shows_the_towns_letter_and_not_that_of_the_word_municipality():
    assert ">П<" in rendered('{% ui "shield" name="Община Примерово" %}')
    assert ">S<" in rendered('{% ui "shield" name="Samplebridge Town Council" %}')
    assert ">О<" in rendered('{% ui "shield" name="Община" %}')
    assert ">?<" in rendered('{% ui "shield" name="123" %}')
