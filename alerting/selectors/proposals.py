"""Thresholds that the program would rather have."""

from alerting.errors import SettingNotFound
from alerting.models import NoiseReport, ThresholdProposal


def open_proposals() -> list[ThresholdProposal]:
    rows = ThresholdProposal.objects.filter(status=ThresholdProposal.Status.OPEN, rule__is_deleted=False)
    return list(rows.select_related("rule").order_by("-made_at", "-pk"))


def proposal_named(proposal_id: int) -> ThresholdProposal:
    """Raises: SettingNotFound"""
    found = ThresholdProposal.objects.select_related("rule").filter(pk=proposal_id).first()
    if found is None:
        raise SettingNotFound("List them with GET intelligent-alerting/proposals.")
    return found


def newest_report() -> NoiseReport | None:
    return NoiseReport.objects.order_by("-week").first()
