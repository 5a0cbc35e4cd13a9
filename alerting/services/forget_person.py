"""What deleting an account means to notifications: lists, wishes, watches and webhooks go."""

from alerting.models import Channel, Digest, Notification, NotificationPreference, Subscription, Watch


def forget_person(user_id: int) -> None:
    """In the caller's transaction; safe to repeat."""
    for model in (Notification, NotificationPreference, Watch, Subscription, Digest):
        model.objects.filter(user_id=user_id).delete()
    # Its address and secret stand in the channel; nothing is sent to it from now on.
    Channel.objects.filter(endpoint__user_id=user_id).update(is_enabled=False)
