from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Self-assessments, from the plan to the published report."""

    name = "merilo.assessment"
    label = "assessment"

    def ready(self) -> None:
        from merilo.assessment import (
            contributions,
            erasing,
            handing,
            mails,
            offering,
            pointing,
            report_work,
            sharing,
            telling,
            work,
        )
        from merilo.core import navigation, offers, references, verbs
        from merilo.organisations import api as organisations

        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(work.sheet_work)
        navigation.contribute_work(work.request_work)
        navigation.contribute_work(work.following_work)
        navigation.contribute_work(work.agreement_work)
        navigation.contribute_work(work.meeting_work)
        navigation.contribute_work(work.practice_work)
        navigation.contribute_work(contributions.planning_work)
        navigation.contribute_work(report_work.report_work)
        verbs.contribute(contributions.PLANNING_VERBS)
        verbs.contribute(work.VERBS)
        verbs.contribute(work.REQUEST_VERBS)
        verbs.contribute(work.AGREEMENT_VERBS)
        verbs.contribute(report_work.REPORT_VERBS)
        organisations.contribute_eraser(erasing.forget)
        organisations.contribute_address_eraser(erasing.forget_addresses)
        for told in mails.kinds():
            organisations.contribute_notification(told)
        for kind in handing.KINDS:
            organisations.contribute_kind(kind)
        offers.contribute_receiver(offering.RECEIVER)
        references.contribute_kind(pointing.KIND)
        organisations.contribute_codes(telling.codes)
        organisations.contribute_names(telling.names)
        organisations.contribute_setup(contributions.setup)
        organisations.contribute_state(sharing.states_of_cycles)
