"""Who reads and who acts, as in the tests of the measurements."""

from tests.monitoring.api.conftest import alice, ana, dave

__all__ = ["alice", "ana", "dave"]
