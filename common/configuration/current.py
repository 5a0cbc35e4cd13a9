"""The files' contents as this process read them at its start."""

from django.conf import settings

from common.configuration.alerting import AlertingConfig
from common.configuration.performance import PerformanceConfig


def performance_config() -> PerformanceConfig:
    found: PerformanceConfig = settings.PERFORMANCE_CONFIG
    return found


def alerting_config() -> AlertingConfig:
    found: AlertingConfig = settings.ALERTING_CONFIG
    return found
