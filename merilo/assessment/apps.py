from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Self-assessments, from the plan to the published report."""

    name = "merilo.assessment"
    label = "assessment"

    def ready(self) -> None:
        from merilo.assessment import contributions, erasing, report_work, work
        from merilo.core import navigation, verbs
        from merilo.organisations.api import contribute_eraser

        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(work.sheet_work)
        navigation.contribute_work(work.following_work)
        navigation.contribute_work(work.agreement_work)
        navigation.contribute_work(contributions.planning_work)
        navigation.contribute_work(report_work.report_work)
        verbs.contribute(contributions.PLANNING_VERBS)
        verbs.contribute(work.VERBS)
        verbs.contribute(work.AGREEMENT_VERBS)
        verbs.contribute(report_work.REPORT_VERBS)
        contribute_eraser(erasing.forget)
