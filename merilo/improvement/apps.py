from __future__ import annotations

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """Plans of improvement: what was found becomes measures that get done."""

    name = "merilo.improvement"
    label = "improvement"

    def ready(self) -> None:
        from merilo.assessment import api as assessment
        from merilo.core import calendars, navigation, offers, rounds, verbs
        from merilo.improvement import (
            contributions,
            dates,
            handing,
            mails,
            offering,
            reminding,
            revision_work,
            telling,
            work,
        )
        from merilo.organisations import api as organisations

        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(work.measures_work)
        navigation.contribute_work(work.activities_work)
        navigation.contribute_work(work.points_work)
        navigation.contribute_work(work.plans_work)
        navigation.contribute_work(work.drafts_work)
        navigation.contribute_work(revision_work.revision_work)
        calendars.contribute_days(dates.own_days)
        offers.contribute_receiver(offering.RECEIVER)
        rounds.contribute_round(reminding.work)
        assessment.contribute_context(contributions.context)
        verbs.contribute(contributions.VERBS)
        verbs.contribute(revision_work.REVISION_VERBS)
        organisations.contribute_kind(handing.KIND)
        organisations.contribute_codes(telling.codes)
        for told in mails.kinds():
            organisations.contribute_notification(told)
