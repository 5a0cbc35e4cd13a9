"""What the OpenAPI document says of the answers about reports. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from analytics.reports.types import Cadence, Delivery, Format, Grain, Period
from common.models import JobStatus


def _names(text: str, **more: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text=text, **more)


class ReportContent(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=80)
    metrics = _names("1 to 12 names of the catalogue, as business-intelligence/metrics lists them.")
    dimensions = _names("At most 2, which every metric can be split by.", required=False)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Only these values of a dimension.",
    )
    period = serializers.ChoiceField(choices=[one.value for one in Period], default=Period.LAST_30_DAYS.value)
    first_on = serializers.DateField(required=False, allow_null=True, help_text="Of the period custom, inclusive.")
    last_on = serializers.DateField(required=False, allow_null=True, help_text="Of the period custom, inclusive.")
    grain = serializers.ChoiceField(choices=[one.value for one in Grain], default=Grain.DAY.value)
    format = serializers.ChoiceField(choices=[one.value for one in Format], default=Format.PDF.value)


class NewReport(ReportContent):
    title = serializers.CharField(max_length=80, required=False, default="Report")
    metrics = _names("1 to 12 names of the catalogue. Without definition_id they are needed.", required=False)
    definition_id = serializers.IntegerField(
        required=False, help_text="A definition that is kept; then nothing else is sent."
    )


class ReportLinks(serializers.Serializer[Any]):
    self = serializers.CharField()
    job = serializers.CharField(help_text="The job of its owner: progress, and a way to cancel it.")
    download = serializers.CharField(help_text="The file, once status is COMPLETED.")
    page = serializers.CharField()


class Report(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=JobStatus.choices, help_text="LOST: its worker died, another takes over.")
    percent = serializers.IntegerField()
    words = serializers.CharField(allow_blank=True, help_text="What is done now.")
    error = serializers.CharField(allow_null=True, help_text="Why it failed.")
    definition_id = serializers.IntegerField(allow_null=True)
    definition = ReportContent()
    first_on = serializers.DateField(help_text="The days it covers, of UTC, both inclusive.")
    last_on = serializers.DateField()
    owner = serializers.CharField()
    scheduled_for = serializers.DateTimeField(allow_null=True, help_text="The turn of its schedule, if it had one.")
    created_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField(allow_null=True)
    is_from_cache = serializers.BooleanField(help_text="The data were the same as before, so the file is as well.")
    rows = serializers.IntegerField(allow_null=True)
    bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    job_id = serializers.IntegerField(allow_null=True)
    links = ReportLinks()


class Reports(serializers.Serializer[Any]):
    items = Report(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewReportSchedule(serializers.Serializer[Any]):
    cadence = serializers.ChoiceField(choices=[one.value for one in Cadence])
    at = serializers.CharField(help_text="Time of day on the clocks of time_zone, such as 06:30.")
    time_zone = serializers.CharField(help_text="Such as Europe/Lisbon.")
    weekday = serializers.IntegerField(required=False, default=0, help_text="Of a weekly one; 0 is Monday.")
    day = serializers.IntegerField(required=False, default=1, help_text="Of a monthly one; 31 is the last day.")
    delivery = serializers.ChoiceField(
        choices=[one.value for one in Delivery],
        default=Delivery.IN_APP.value,
        help_text="link and attachment write an e-mail to the owner and the recipients.",
    )
    recipients = _names("Handles of further readers of the e-mail, who may read the report.", required=False)
    is_on = serializers.BooleanField(required=False, default=True)


class ReportSchedule(NewReportSchedule):
    stopped = serializers.CharField(allow_null=True, help_text="Why the program has switched it off.")
    next_at = serializers.DateTimeField(allow_null=True)


class NewReportDefinition(ReportContent):
    shared_with = _names("Roles that may read it: analyst, operator, admin.", required=False)
    schedule = NewReportSchedule(required=False, allow_null=True)


class ReportDefinition(ReportContent):
    id = serializers.IntegerField()
    owner = serializers.CharField()
    shared_with = _names("Roles that may read it.")
    schedule = ReportSchedule(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ReportDefinitions(serializers.Serializer[Any]):
    items = ReportDefinition(many=True)
    next_cursor = serializers.CharField(allow_null=True)
