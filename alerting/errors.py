"""What this app can refuse.

RuleInvalid        alerting.rule_invalid        422   a rule, its expression or its test
MatcherInvalid     alerting.matcher_invalid     422   a condition on labels
IntervalInvalid    alerting.interval_invalid    422   hours of the week, days, months
RoutingInvalid     alerting.routing_invalid     422   a route, a silence or an inhibition
EscalationInvalid  alerting.escalation_invalid  422   a policy, a schedule or a rotation
ChannelInvalid     alerting.channel_invalid     422   a channel or its settings
ChannelNotFound    alerting.channel_not_found   404   no such channel
DeliveryNotFound   alerting.delivery_not_found  404   no such message, or it isn't given up
WatchRefused       alerting.watch_refused       422   a market that can't be watched
AlertNotFound      alerting.alert_not_found     404   no such alert or incident
RuleNotFound       alerting.rule_not_found      404   no such rule
RuleNameTaken      alerting.rule_name_taken     409   another rule has the name
SettingNotFound    alerting.setting_not_found   404   no such silence, mute time, route, inhibition or proposal
FollowLimit        follow.too_many              409   so many are followed already
SubjectNotFound    follow.not_found             404   no such topic or series
WebhookInvalid     webhook.invalid              422   an endpoint that can't be used, or one too many
WebhookNotFound    webhook.not_found            404   no such endpoint or delivery, or it isn't yours
WebhookOff         webhook.switched_off         409   the endpoint gets nothing until it is switched on
"""

from common.errors import DomainError


class RuleInvalid(DomainError):
    code = "alerting.rule_invalid"
    title = "The rule can't be used like this."


class MatcherInvalid(DomainError):
    code = "alerting.matcher_invalid"
    title = "The matcher can't be read."


class IntervalInvalid(DomainError):
    code = "alerting.interval_invalid"
    title = "The hours can't be used like this."


class RoutingInvalid(DomainError):
    code = "alerting.routing_invalid"
    title = "The routing can't be used like this."


class EscalationInvalid(DomainError):
    code = "alerting.escalation_invalid"
    title = "The escalation can't be used like this."


class ChannelInvalid(DomainError):
    code = "alerting.channel_invalid"
    title = "The channel can't be used like this."


class ChannelNotFound(DomainError):
    code = "alerting.channel_not_found"
    title = "There is no such channel."
    status = 404


class DeliveryNotFound(DomainError):
    code = "alerting.delivery_not_found"
    title = "There is no such message to send again."
    status = 404


class AlertNotFound(DomainError):
    code = "alerting.alert_not_found"
    title = "There is no such alert or incident."
    status = 404


class RuleNotFound(DomainError):
    code = "alerting.rule_not_found"
    title = "There is no such rule."
    status = 404


class RuleNameTaken(DomainError):
    code = "alerting.rule_name_taken"
    title = "Another rule has this name."
    status = 409


class SettingNotFound(DomainError):
    code = "alerting.setting_not_found"
    title = "There is no such silence, mute time, route, inhibition or proposal."
    status = 404


class WatchRefused(DomainError):
    code = "alerting.watch_refused"
    title = "This market can't be watched."


class FollowLimit(DomainError):
    code = "follow.too_many"
    title = "You follow too many."
    status = 409


class SubjectNotFound(DomainError):
    code = "follow.not_found"
    title = "There is no such topic or series."
    status = 404


class WebhookInvalid(DomainError):
    code = "webhook.invalid"
    title = "The webhook can't be used like this."


class WebhookNotFound(DomainError):
    code = "webhook.not_found"
    title = "There is no such webhook or delivery, or it isn't yours."
    status = 404


class WebhookOff(DomainError):
    code = "webhook.switched_off"
    title = "The webhook is switched off."
    status = 409
