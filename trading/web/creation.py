"""Making a market by plain forms: a template, four pages, the preview, and opening it.

Contract   Every page keeps what was typed, right or wrong; only the preview makes or changes the draft, from all pages.
"""

from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded
from common.client_ip import client_ip
from common.errors import DomainError
from common.problem_words import words_of
from markets.errors import MarketInvalid
from markets.selectors.cases import is_approval_waiting
from markets.selectors.plans import PlanView, own_plans, plan_of
from markets.services.plan_market import begin_plan, discard_plan, keep_answers, make_draft, spec_problems
from markets.services.report import ask_approval
from markets.types import Action
from trading.selectors.market_detail import MarketDetail
from trading.selectors.market_search import SimilarQuestion, similar_questions
from trading.services.change_lifecycle import LifecycleStep, change_lifecycle
from trading.web.limits import limited, limited_suggestions
from trading.web.loss_picture import LossPicture, loss_picture
from trading.web.market import access_market, new_ticket, render_market
from trading.web.market_templates import TEMPLATES, MarketTemplate, template_of
from trading.web.plan_forms import FORMS, STEPS, StepForm
from trading.web.plan_spec import field_of, lots_of, outcomes_of, spec_of

MAY_MAKE: Final = "markets.add_market"
_QUESTION_MAX: Final = 240
PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class StepLink:
    number: int
    slug: str
    heading: str
    is_current: bool
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class StepContext:
    """``picture`` is of the page on liquidity, ``similar`` of the one on the question."""

    plan: PlanView
    template: MarketTemplate
    form: StepForm
    steps: tuple[StepLink, ...]
    next_step: str
    similar: tuple[SimilarQuestion, ...]
    picture: LossPicture | None
    outcomes: int


@require_safe
@login_required
@limited
def begin(request: HttpRequest) -> HttpResponse:
    """The templates, and what the reader has begun."""
    plans = [(plan, template_of(plan.template)) for plan in own_plans(_user_id(request))]
    may_make = request.user.has_perm(MAY_MAKE)
    context = {"templates": TEMPLATES.values() if may_make else (), "plans": plans, "may_make": may_make}
    return render(request, "markets/create/begin.html", context)


@require_POST
@login_required
def new(request: HttpRequest) -> HttpResponse:
    template = TEMPLATES.get(request.POST.get("template", ""))
    if template is None:
        return redirect("trading:create")
    try:
        _check_may_write(request)
        plan_id = begin_plan(creator_id=_user_id(request), template=template.slug, answers=template.answers())
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("trading:create")
    return redirect("trading:create-step", plan_id=plan_id, step=STEPS[0])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited
def step(request: HttpRequest, plan_id: str, step: str) -> HttpResponse:
    """One page. ``go`` says what the button was: on, or only keep it for later."""
    plan = _plan_or_404(request, plan_id)
    template = template_of(plan.template)
    kind = FORMS[step]
    if request.method != "POST":
        return _page(request, plan, kind(plan=plan, template=template))
    form = kind(request.POST, plan=plan, template=template)
    try:
        _check_may_write(request)
        keep_answers(plan_id=plan.id, creator_id=_user_id(request), answers=form.typed())
    except DomainError as refusal:
        form.add_error(None, words_of(refusal))
        return _page(request, plan, form, status=refusal.status)
    if request.POST.get("go") == "later":
        messages.success(request, _("It is kept. Go on whenever you like."))
        return redirect("trading:create")
    if not form.is_valid():
        return _page(request, _plan_or_404(request, plan_id), form, status=422)
    place = STEPS.index(step) + 1
    return redirect("trading:create-step", plan.id, STEPS[place]) if place < len(STEPS) else _drafted(request, plan_id)


@require_POST
@login_required
def draft(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Bring the draft to what the pages say, and show it."""
    try:
        _check_may_write(request)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("trading:create")
    return _drafted(request, plan_id)


@require_safe
@login_required
@limited
def preview(request: HttpRequest, plan_id: str) -> HttpResponse:
    """The draft as its market page will be, below what is left to do."""
    plan = _plan_or_404(request, plan_id)
    if not plan.slug:
        return redirect("trading:create-step", plan.id, STEPS[0])
    detail = _as_opened(access_market(request, plan.slug))
    template = template_of(plan.template)
    bar = {
        "plan": plan,
        "steps": _links(plan, template),
        "similar": [one for one in similar_questions(plan.question) if one.slug != plan.slug],
        "picture": loss_picture(detail.liquidity, len(detail.outcomes)),
        "needs_approval": needs_approval(request),
        "is_waiting": is_approval_waiting(detail.id),
    }
    return render_market(request, detail, new_ticket(request, detail), creation=bar)


@require_POST
@login_required
def publish(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Open the draft that was previewed; what was typed since has to be previewed first."""
    plan = _plan_or_404(request, plan_id)
    if not plan.is_drafted or plan.market_id is None:
        messages.error(request, _("Something has changed since the preview. Look at it once more, then publish."))
        return _drafted(request, plan_id)
    try:
        _check_may_write(request)
        if needs_approval(request):
            ask_approval(market_id=plan.market_id, creator_id=_user_id(request))
            messages.success(request, _("Staff look at it now. You are told when it opens, or what to change."))
            return redirect("trading:create-preview", plan.id)
        _open(request, plan.market_id)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
        return redirect("trading:create-preview", plan.id)
    messages.success(request, _("The market is open. Tell others about it."))
    return redirect("trading:market", slug=plan.slug)


def needs_approval(request: HttpRequest) -> bool:
    """Whether staff look at the reader's markets before they open."""
    return settings.MARKET_APPROVAL and not request.user.has_perm("markets.operate_market")


def _open(request: HttpRequest, market_id: int) -> None:
    step = LifecycleStep(market_id=market_id, actor_id=_user_id(request), action=Action.OPEN, ip=client_ip(request))
    change_lifecycle(step)


@require_POST
@login_required
def discard(request: HttpRequest, plan_id: str) -> HttpResponse:
    try:
        discard_plan(plan_id=_plan_or_404(request, plan_id).id, creator_id=_user_id(request))
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, _("It is forgotten."))
    return redirect("trading:create")


@require_safe
@login_required
@limited_suggestions
def similar(request: HttpRequest) -> HttpResponse:
    """Questions like an unfinished one, for scripts."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:_QUESTION_MAX]
    return render(request, "markets/create/_similar.html", {"similar": similar_questions(asked)})


@require_safe
@login_required
@limited_suggestions
def loss(request: HttpRequest) -> HttpResponse:
    """The picture for other figures, for scripts."""
    count = request.GET.get("outcomes", "")
    outcomes = int(count) if count.isascii() and count.isdigit() and len(count) <= 3 else 0
    picture = loss_picture(lots_of(request.GET.get("liquidity", "")[:30]), outcomes)
    return render(request, "markets/create/_loss.html", {"picture": picture})


def _as_opened(detail: MarketDetail) -> MarketDetail:
    """With the prices that the maker rule begins with; without one there are none."""
    start = PPM // len(detail.outcomes) if detail.liquidity else None
    return replace(detail, outcomes=tuple(replace(outcome, price=start) for outcome in detail.outcomes))


def _drafted(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Make the draft; or show the first page with something wrong."""
    plan = _plan_or_404(request, plan_id)
    template = template_of(plan.template)
    spec = spec_of(template, plan.answers)
    wrong = [field_of(problem.pointer) for problem in spec_problems(spec)]
    refused: DomainError | None = None
    if not wrong:
        try:
            make_draft(plan_id=plan.id, creator_id=_user_id(request), spec=spec)
            return redirect("trading:create-preview", plan.id)
        except MarketInvalid as refusal:
            refused, wrong = refusal, [field_of(problem.pointer) for problem in refusal.errors]
        except DomainError as refusal:
            refused = refusal
    form = FORMS[_step_of(wrong)](dict(plan.answers), plan=plan, template=template)
    if refused is not None and form.is_valid():
        form.add_error(wrong[0] if wrong and wrong[0] in form.fields else None, words_of(refused))
    return _page(request, plan, form, status=422)


def _page(request: HttpRequest, plan: PlanView, form: StepForm, status: int = 200) -> HttpResponse:
    place, template = STEPS.index(form.step), form.template
    question = str(form["question"].value() or "") if form.step == "question" else ""
    outcomes = outcomes_of(template, plan.answers)
    liquidity = str(form["liquidity"].value() or "") if form.step == "liquidity" else ""
    context = StepContext(
        plan=plan,
        template=template,
        form=form,
        steps=_links(plan, template, form.step),
        next_step=STEPS[place + 1] if place + 1 < len(STEPS) else "",
        similar=tuple(one for one in similar_questions(question[:_QUESTION_MAX]) if one.slug != plan.slug),
        picture=loss_picture(lots_of(liquidity), outcomes) if liquidity else None,
        outcomes=outcomes,
    )
    return render(request, "markets/create/step.html", {"page": context}, status=status)


def _links(plan: PlanView, template: MarketTemplate, current: str = "") -> tuple[StepLink, ...]:
    problems = {field_of(problem.pointer) for problem in spec_problems(spec_of(template, plan.answers))}
    return tuple(
        StepLink(number, slug, str(form.heading), slug == current, bool(problems & form.base_fields.keys()))
        for number, (slug, form) in enumerate(FORMS.items(), 1)
    )


def _step_of(fields: list[str]) -> str:
    """The first page that has one of these fields; the last for none."""
    return next((slug for slug, form in FORMS.items() if form.base_fields.keys() & set(fields)), STEPS[-1])


def _plan_or_404(request: HttpRequest, plan_id: str) -> PlanView:
    plan = plan_of(int(plan_id), _user_id(request))
    if plan is None:
        raise Http404
    return plan


def _check_may_write(request: HttpRequest) -> None:
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(f"That was fast. Wait {allowance.retry_after_s} s and send it again.")


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "login_required stands before"
    return request.user.pk
