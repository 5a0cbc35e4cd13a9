from tests.alerting.site import site

__all__ = ["site"]
