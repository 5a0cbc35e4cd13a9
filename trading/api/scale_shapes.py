"""What the OpenAPI document says of numeric and date markets."""

from typing import Any

from rest_framework import serializers


class Bucket(serializers.Serializer[Any]):
    outcome = serializers.CharField(help_text="Slug.")
    lower = serializers.CharField(allow_null=True, help_text="Included; null: open.")
    upper = serializers.CharField(allow_null=True, help_text="Not included; null: open.")
    probability = serializers.CharField(help_text="Six decimal places, 1 in total.")


class Distribution(serializers.Serializer[Any]):
    """A value counts as spread evenly over its bucket, an open bucket as wide as the one next to it."""

    mean = serializers.CharField()
    median = serializers.CharField()
    buckets = Bucket(many=True)


class Scale(serializers.Serializer[Any]):
    bounds = serializers.ListField(child=serializers.CharField(), help_text="Rising numbers, or dates.")
    unit = serializers.CharField(allow_blank=True)
    below = serializers.BooleanField(help_text="An open bucket comes before the first bound.")
    above = serializers.BooleanField(help_text="An open bucket comes after the last bound.")


class NewScale(serializers.Serializer[Any]):
    """Either `bounds`, or `lower`, `upper` and `buckets` even ones; dates such as 2027-03-31 for a date market."""

    bounds = serializers.ListField(child=serializers.CharField(), required=False)
    lower = serializers.CharField(required=False)
    upper = serializers.CharField(required=False)
    buckets = serializers.IntegerField(required=False, min_value=0, max_value=100)
    unit = serializers.CharField(required=False, max_length=24)
    below = serializers.BooleanField(required=False, help_text="Add an open bucket before the first bound.")
    above = serializers.BooleanField(required=False, help_text="Add an open bucket after the last bound.")
