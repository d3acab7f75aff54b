from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Surveys, from the questionnaire to results that are evidence."""

    name = "merilo.surveys"
    label = "surveys"

    def ready(self) -> None:
        from merilo.core import mail, navigation, references, rounds, verbs
        from merilo.organisations import api as organisations
        from merilo.surveys import contributions, erasing, news, pointing, tasks, telling, words, work
        from merilo.surveys.actions import days, inviting, running

        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(work.days_work)
        navigation.contribute_work(work.texts_work)
        navigation.contribute_work(contributions.yearly_work)
        verbs.contribute(contributions.VERBS)
        organisations.contribute_names(telling.names)
        organisations.contribute_codes(words.codes)
        organisations.contribute_address_eraser(erasing.forget_addresses)
        for kind in (*news.kinds(), *contributions.kinds()):
            organisations.contribute_notification(kind)
        references.contribute_kind(pointing.KIND)
        mail.contribute_returned(inviting.came_back)
        rounds.contribute_round(days.work)
        rounds.contribute_round(tasks.take_missing)
        rounds.contribute_round(tasks.go_on)
        rounds.contribute_round(tasks.shuffle_daily)
        running.when_closed(tasks.when_closed)
        running.when_closed(tasks.shuffle_at_closing)
        rounds.contribute_round(tasks.forget_exports)
