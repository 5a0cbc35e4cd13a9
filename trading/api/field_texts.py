"""Fields that many documents of the API have, each with what it means."""

from typing import Any

from rest_framework import serializers


def price_text(**more: Any) -> serializers.CharField:
    return serializers.CharField(help_text="Credits a share, four decimal places.", **more)


def probability_text(**more: Any) -> serializers.CharField:
    return serializers.CharField(help_text="Price of the outcome, six decimal places.", **more)


def quantity_text(text: str = "Shares.", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def cash_text(text: str = "Credits.", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def choice(choices: Any, **more: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[(choice.value, choice.name) for choice in choices], **more)
