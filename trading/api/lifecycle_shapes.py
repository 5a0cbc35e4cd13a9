"""What the OpenAPI document says of steps in the life of a market."""

from typing import Any

from rest_framework import serializers


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000, help_text="Public, in the journal.")


class NewProposal(Reason):
    """`payouts`, or the `value` of a numeric or date market, which picks the bucket that pays."""

    payouts = serializers.JSONField(
        required=False,
        help_text="What a share of each outcome pays, 1 in total: `{slug: payout}` (left out: 0), or a list in the "
        "order of the outcomes.",
    )
    value = serializers.CharField(required=False, max_length=40, help_text="A number, or a date such as 2027-03-31.")


class OperatorAction(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=2000, required=False, help_text="Needed to halt and to void, welcome to close; public."
    )
    payouts = serializers.JSONField(
        required=False, help_text="To confirm only: the decision about a disputed result; left out: as proposed."
    )
    value = serializers.CharField(
        required=False, max_length=40, help_text="To confirm a numeric or date market only: its value, as payouts."
    )
    post_only_s = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=86_400,
        help_text="To resume only: seconds in which orders may only rest; left out: the site's default.",
    )
