"""Component tags: `{% ui "tag" status="done" %}` and `{% uiblock "card" %}…{% enduiblock %}`.

The name and the properties are checked when the template compiles: an unknown component, an unknown,
doubled or missing property, a constant outside the declared choices, a slot the component does not have,
all are a TemplateSyntaxError. See docs/reference/components.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, Variable
from django.utils.safestring import SafeString, mark_safe

from merilo.web.component import Component, component, names, spec, template

register = Library()


class ComponentNode(Node):
    """One use of a component; everything checkable was checked before."""

    def __init__(
        self,
        name: str,
        kind: type[Component],
        values: dict[str, FilterExpression],
        slots: dict[str, NodeList],
    ) -> None:
        self.name, self.kind, self.values, self.slots = name, kind, values, slots

    def render(self, context: Context) -> SafeString:
        """The component's template with its properties and the finished slots, and nothing of the page."""
        filled = {slot: nodes.render(context) for slot, nodes in self.slots.items()}
        values = {key: value.resolve(context) for key, value in self.values.items()}
        return render_component(self.name, values, filled, context)

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Any]:
        """Nodes inside the slots too, so that block inheritance and checks see them."""
        found: list[Any] = [self] if isinstance(self, nodetype) else []
        for nodes in self.slots.values():
            found.extend(nodes.get_nodes_by_type(nodetype))
        return found


def render_component(
    name: str,
    values: Mapping[str, Any],
    slots: Mapping[str, str] | None = None,
    context: Context | None = None,
) -> SafeString:
    """A component as a string, also for Python code such as form widgets."""
    context = context if context is not None else Context()
    filled = {slot: mark_safe(text.strip()) for slot, text in (slots or {}).items()}
    inner = context.new(
        {"c": component(name)(**values), "slots": filled, "csrf_token": context.get("csrf_token")}
    )
    return template(name).render(inner)


@register.tag
def ui(parser: Parser, token: Token) -> ComponentNode:
    """`{% ui "name" property=value … %}`: a component without a body."""
    name, kind, values = _read(parser, token)
    if kind.body == "required":
        raise TemplateSyntaxError(f'component "{name}" needs a body: use uiblock … enduiblock')
    return ComponentNode(name, kind, values, {})


@register.tag
def uiblock(parser: Parser, token: Token) -> ComponentNode:
    """`{% uiblock "name" … %}body{% slot "actions" %}…{% endslot %}{% enduiblock %}`."""
    name, kind, values = _read(parser, token)
    if kind.body == "none" and not kind.slots:
        raise TemplateSyntaxError(f'component "{name}" takes no body: use ui')
    body, slots = _slots(parser, name, kind)
    return ComponentNode(name, kind, values, {"body": body, **slots})


def _read(parser: Parser, token: Token) -> tuple[str, type[Component], dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "\"'" or bits[0][0] != bits[0][-1]:
        raise TemplateSyntaxError(f"{tag} needs a component's name in quotes first")
    name = bits[0][1:-1]
    if name not in names():
        raise TemplateSyntaxError(f'there is no component "{name}"; there are: {", ".join(names())}')
    kind = component(name)
    values: dict[str, FilterExpression] = {}
    for bit in bits[1:]:
        key, equals, expression = bit.partition("=")
        if not equals or not key.isidentifier():
            raise TemplateSyntaxError(f'component "{name}": "{bit}" is not property=value')
        if key in values:
            raise TemplateSyntaxError(f'component "{name}": property "{key}" is given twice')
        values[key] = parser.compile_filter(expression)
    _check(name, kind, values)
    return name, kind, values


def _check(name: str, kind: type[Component], values: dict[str, FilterExpression]) -> None:
    """Refuse unknown and missing properties and constants outside the declared choices."""
    if unknown := sorted(set(values) - set(spec(kind).properties)):
        known = ", ".join(spec(kind).properties) or "none"
        raise TemplateSyntaxError(f'component "{name}" has no property {", ".join(unknown)}; it has: {known}')
    if missing := sorted(spec(kind).required - set(values)):
        raise TemplateSyntaxError(f'component "{name}" misses {", ".join(missing)}')
    for key, allowed in spec(kind).choices.items():
        constant = _constant(values[key]) if key in values else None
        if constant is not None and constant not in allowed:
            words = ", ".join(map(str, allowed))
            raise TemplateSyntaxError(f'component "{name}": {key}="{constant}" is none of {words}')


def _constant(value: FilterExpression) -> object | None:
    """The value of a literal such as `"done"`; None for a variable or a filtered value."""
    if value.filters or (isinstance(value.var, Variable) and value.var.literal is None):
        return None
    return value.resolve(Context())  # type: ignore[no-any-return]


def _slots(parser: Parser, name: str, kind: type[Component]) -> tuple[NodeList, dict[str, NodeList]]:
    """Body and named slots up to enduiblock; slots stand directly in the block, not inside other tags."""
    body = NodeList()
    slots: dict[str, NodeList] = {}
    while True:
        body.extend(parser.parse(("slot", "enduiblock")))
        token = parser.next_token()
        if token.contents == "enduiblock":
            return body, slots
        slot = token.contents.partition(" ")[2].strip("\"' ")
        if slot not in kind.slots:
            known = ", ".join(sorted(kind.slots)) or "none"
            raise TemplateSyntaxError(f'component "{name}" has no slot "{slot}"; it has: {known}')
        if slot in slots:
            raise TemplateSyntaxError(f'component "{name}": slot "{slot}" is filled twice')
        slots[slot] = parser.parse(("endslot",))
        parser.delete_first_token()
