"""Sentences of this room that are chosen by a code, and the verbs of its audit rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "platform.listed": _("read the list of organisations"),
    "platform.organisation_read": _("read about an organisation"),
    "platform.people_listed": _("read the list of people"),
    "platform.person_read": _("read about a person"),
    "platform.mail_listed": _("read the list of mails"),
    "platform.record_read": _("read the record of the platform"),
    "task.run_again": _("had a task run again"),
}

# What the worker does, by the path of the task.
TASKS = {
    "merilo.core.mail.deliver": _("Sending mails"),
    "merilo.core.rounds.go_round": _("The worker's round"),
    "merilo.assessment.tasks.build_documents": _("Making the documents of a report"),
    "merilo.assessment.counting.count_vote": _("Counting a vote"),
    "merilo.surveys.tasks.send_letters": _("Sending the letters of a survey"),
    "merilo.surveys.tasks.shuffle": _("Shuffling the answers of a survey"),
    "merilo.ops.tasks.verify_chain": _("Verifying a record"),
}
