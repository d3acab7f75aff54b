"""Explanations and examples that the town of the demo worded for its own people."""

from __future__ import annotations

from merilo.assessment.actions.own_wording import adapt
from merilo.assessment.rules.own_wording import Texts, original
from merilo.framework.loading import load_shipped
from merilo.site.demo import content
from merilo.site.demo.content import Voice
from merilo.site.demo.scene import Scene

ADAPTED_ON = -60  # days from today: before the assessors began


def word(scene: Scene) -> None:
    """Adapt what the content says, in both languages; the model's own examples follow the town's."""
    framework = load_shipped("caf-2020")
    for node in content.town()["wordings"]:
        for language in framework.languages:
            voice, item = Voice(language), framework.item(node["code"])
            examples = tuple(voice(text) for text in node["examples"])
            adapt(
                viewer=scene.coordinator,
                framework=framework,
                code=item.code,
                language=language,
                texts=Texts(voice(node["explanation"]), examples + original(item, language).examples[1:]),
                version=0,
                at=scene.calendar.at(ADAPTED_ON, 11),
            )
