from accounts.models.account_session import AccountSession, SecurityFact
from accounts.models.announcement import Announcement
from accounts.models.api_key import ApiKey
from accounts.models.audit import AuditRecord
from accounts.models.user import User

__all__ = ["AccountSession", "Announcement", "ApiKey", "AuditRecord", "SecurityFact", "User"]
