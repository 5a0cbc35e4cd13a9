"""Rules, what they would have done, channels, tests, silences and proposed thresholds."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from alerting.api import documents, forms, operations
from alerting.api.views import actor, user_id
from alerting.engine.rule_tests import failures
from alerting.selectors.channels import all_channels, channel_row
from alerting.selectors.deliveries import deliveries, recent_deliveries
from alerting.selectors.proposals import open_proposals
from alerting.selectors.rules import all_rules, firing_counts, rule_row
from alerting.selectors.silences import listed_silences
from alerting.selectors.trials import trial_of
from alerting.services.decide_proposal import decide_proposal
from alerting.services.replay_delivery import replay_delivery
from alerting.services.save_channel import create_channel
from alerting.services.save_rule import checked_rule, create_rule, delete_rule, update_rule
from alerting.services.save_silence import create_silence, expire_silence
from alerting.services.send_test_alert import send_test_alert
from common import clock
from common.api.access import MEASURE, OPERATE_PLATFORM
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip

_WEEK: Final = timedelta(days=7)


class RulesView(ApiView):
    access_by_method = {
        "GET": MEASURE,
        "POST": OPERATE_PLATFORM,
        "PUT": OPERATE_PLATFORM,
        "DELETE": OPERATE_PLATFORM,
    }

    @operations.list_rules
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        counts = firing_counts()
        return _list([documents.rule_document(rule, counts.get(rule.pk, 0)) for rule in all_rules()])

    @operations.create_rule
    def post(self, request: HttpRequest) -> HttpResponse:
        rule = create_rule(spec=forms.rule_from(json_body(request)), **actor(request))
        return json_response(documents.rule_document(rule), status=201)

    @operations.update_rule_by_body
    def put(self, request: HttpRequest) -> HttpResponse:
        body = json_body(request)
        spec = forms.rule_from(body)
        return _rule(update_rule(rule_id=forms.rule_id_from(body), spec=spec, **actor(request)).pk)

    @operations.delete_rule_by_query
    def delete(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        rule_id = fields.integer("id", low=1, high=forms.ID_MAX)
        fields.finish()
        return _deleted(request, rule_id)


class RuleView(ApiView):
    access_by_method = {"GET": MEASURE, "PUT": OPERATE_PLATFORM, "DELETE": OPERATE_PLATFORM}

    @operations.get_rule
    def get(self, request: HttpRequest, rule_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return _rule(int(rule_id))

    @operations.update_rule
    def put(self, request: HttpRequest, rule_id: str) -> HttpResponse:
        spec = forms.rule_from(json_body(request))
        return _rule(update_rule(rule_id=int(rule_id), spec=spec, **actor(request)).pk)

    @operations.delete_rule
    def delete(self, request: HttpRequest, rule_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return _deleted(request, int(rule_id))


class BacktestRuleView(ApiView):
    """Reads only, though by POST: a rule doesn't fit into an address."""

    access = MEASURE

    @operations.backtest_rule
    def post(self, request: HttpRequest) -> HttpResponse:
        rule, days = forms.trial_from(json_body(request))
        checked_rule(rule)
        return json_response(documents.trial_document(trial_of(rule, days=days)))


class TestRuleView(ApiView):
    access = MEASURE

    @operations.test_rule
    def post(self, request: HttpRequest) -> HttpResponse:
        rule, test = forms.rule_test_from(json_body(request))
        found = failures(checked_rule(rule), test)
        return json_response({"passed": not found, "failures": found})


class ChannelsView(ApiView):
    access_by_method = {"GET": MEASURE, "POST": OPERATE_PLATFORM}

    @operations.list_channels
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.channel_document(channel) for channel in all_channels()])

    @operations.create_channel
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.channel_from(json_body(request))
        made = create_channel(
            actor_id=user_id(request),
            name=form.name,
            kind=form.kind.value,
            config=form.config,
            timeout_s=form.timeout_s,
            retry_attempts=form.retry_attempts,
            is_default=form.is_default,
            ip=client_ip(request),
        )
        document = documents.channel_document(channel_row(made.row.id))
        return json_response(document | {"secret": made.secret or None}, status=201)


class TestAlertView(ApiView):
    access = OPERATE_PLATFORM

    @operations.send_test
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        rule_id = fields.integer("rule_id", low=1, high=forms.ID_MAX)
        fields.finish()
        sent = send_test_alert(rule_id=rule_id, **actor(request))
        found = [
            {"channel": one.channel, "delivery_id": one.delivery_id, "status": "waiting" if one.delivery_id else "off"}
            for one in sent
        ]
        return json_response({"rule_id": rule_id, "deliveries": found}, status=202)


class DeliveriesView(ApiView):
    access = MEASURE

    @operations.list_deliveries
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.delivery_document(row) for row in recent_deliveries(limit=100)])


class ReplayDeliveryView(ApiView):
    access = OPERATE_PLATFORM

    @operations.replay_delivery
    def post(self, request: HttpRequest, delivery_id: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        replay_delivery(actor_id=user_id(request), delivery_id=int(delivery_id), ip=client_ip(request))
        return json_response(documents.delivery_document(deliveries([int(delivery_id)])[0]))


class SilencesView(ApiView):
    access_by_method = {"GET": MEASURE, "POST": OPERATE_PLATFORM}

    @operations.list_silences
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.silence_document(one) for one in listed_silences(since=clock.now() - _WEEK)])

    @operations.create_silence
    def post(self, request: HttpRequest) -> HttpResponse:
        form, who = forms.silence_from(json_body(request)), actor(request)
        silence = create_silence(
            matchers=form.matchers,
            starts_at=form.starts_at or clock.now(),
            ends_at=form.ends_at,
            comment=form.comment,
            author=who["actor"],
            actor_id=who["actor_id"],
            ip=who["ip"],
        )
        return json_response(documents.silence_document(silence), status=201)


class SilenceView(ApiView):
    access = OPERATE_PLATFORM

    @operations.expire_silence
    def delete(self, request: HttpRequest, silence_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        silence = expire_silence(silence_id=int(silence_id), actor_id=user_id(request), ip=client_ip(request))
        return json_response(documents.silence_document(silence))


class ProposalsView(ApiView):
    access = MEASURE

    @operations.list_proposals
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.proposal_document(one) for one in open_proposals()])


class ProposalView(ApiView):
    access = OPERATE_PLATFORM

    @operations.decide_proposal
    def post(self, request: HttpRequest, proposal_id: str) -> HttpResponse:
        fields = Fields(json_body(request))
        fields.value("accept", is_required=True)
        is_accepted = fields.flag("accept")
        fields.finish()
        found = decide_proposal(proposal_id=int(proposal_id), is_accepted=is_accepted, **actor(request))
        return json_response(documents.proposal_document(found))


def _rule(rule_id: int) -> HttpResponse:
    return json_response(documents.rule_document(rule_row(rule_id), firing_counts().get(rule_id, 0)))


def _deleted(request: HttpRequest, rule_id: int) -> HttpResponse:
    delete_rule(rule_id=rule_id, **actor(request))
    return json_response({"id": rule_id, "deleted": True})


def _list(items: list[dict[str, Any]]) -> HttpResponse:
    return json_response({"items": items, "next_cursor": None})
