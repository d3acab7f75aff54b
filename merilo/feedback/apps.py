from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """External feedback on a self-assessment and its plan, and the label."""

    name = "merilo.feedback"
    label = "feedback"

    def ready(self) -> None:
        from merilo.core import calendars, navigation, rounds, verbs
        from merilo.feedback import contributions, dates, handing, mails, telling, work
        from merilo.feedback.actions import reminding
        from merilo.organisations import api as organisations

        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(work.window_work)
        navigation.contribute_work(work.feedback_work)
        calendars.contribute_days(dates.own_days)
        verbs.contribute(contributions.VERBS)
        rounds.contribute_round(reminding.work)
        organisations.contribute_kind(handing.KIND)
        organisations.contribute_codes(telling.codes)
        for told in mails.kinds():
            organisations.contribute_notification(told)
