"""The report of the demo: its texts, the frozen revision, the approval and the publication."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from merilo.assessment.actions import approvals, report
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, ReportRevision, State
from merilo.assessment.queries import results
from merilo.assessment.reporting.texts import DEFAULT_PARTS, sections
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Day, Scene


def write_past(scene: Scene, assessment: Assessment, node: Node, *, signed: bool) -> None:
    """Write, approve and publish the report of the first cycle; `signed`: by order, with the signed file."""
    approval = node["approval"]
    at = scene.calendar.at(approval["date"], 9)
    report.save_section(
        viewer=scene.coordinator,
        assessment=assessment,
        key="introduction",
        text=scene.voice(node["introduction"]),
        version=0,
        at=at - timedelta(days=3),
    )
    _keep_drafts(scene, assessment, on=approval["date"])
    revision = _submitted(scene, assessment, on=approval["date"])
    if signed:
        _approve_on_paper(scene, revision, approval)
    else:
        _approve(scene, revision, on=approval["date"])
    _publish(scene, revision, on=node["published_on"])


def write(scene: Scene, assessment: Assessment, stage: State, *, on: Day) -> None:
    """Bring the report of the running cycle as far as the stage."""
    _keep_drafts(scene, assessment, on=on)
    if stage == State.REPORTING:
        return
    revision = _submitted(scene, assessment, on=on)
    _approve(scene, revision, on=on)
    if stage == State.PUBLISHED:
        _publish(scene, revision, on=on)


def _keep_drafts(scene: Scene, assessment: Assessment, *, on: Day) -> None:
    """Keep the texts that the platform proposes, filled in with the organisation's own data."""
    framework = framework_of(assessment)
    for key, section in sections().items():
        proposed = results.section_row(assessment, framework, section)
        if proposed.text and not proposed.written:
            report.save_section(
                viewer=scene.coordinator,
                assessment=assessment,
                key=key,
                text=proposed.text,
                version=proposed.version,
                at=scene.calendar.at(on, 9, 15),
            )


def _submitted(scene: Scene, assessment: Assessment, *, on: Day) -> ReportRevision:
    viewer, language = scene.coordinator, scene.voice.language
    at = scene.calendar.at(on, 10)
    revision = report.make_revision(viewer=viewer, assessment=assessment, language=language, at=at)
    report.submit(viewer=viewer, revision=revision, at=scene.calendar.at(on, 10, 20))
    return revision


def _approve(scene: Scene, revision: ReportRevision, *, on: Day) -> None:
    viewer = scene.viewer(scene.roles["sponsor"])
    report.approve(viewer=viewer, revision=revision, at=scene.calendar.at(on, 15))


def _approve_on_paper(scene: Scene, revision: ReportRevision, node: Node) -> None:
    from merilo.assessment.tasks import draw

    signed = SimpleUploadedFile("report-signed.pdf", draw(revision, "pdf"), "application/pdf")
    approvals.record(
        viewer=scene.coordinator,
        revision=revision,
        number=node["number"],
        date=node["date"],
        printed=revision.checksum[:12],
        file=signed,
        at=scene.calendar.at(node["date"], 15),
    )


def _publish(scene: Scene, revision: ReportRevision, *, on: Day) -> None:
    at = scene.calendar.at(on, 16)
    report.publish(viewer=scene.coordinator, revision=revision, parts=DEFAULT_PARTS, at=at)
