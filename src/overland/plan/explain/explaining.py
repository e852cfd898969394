"""From a plan and its proof to the explanation: estimate every change, try the most valuable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import floor

import overland
from overland.case import digest
from overland.case.model import Case
from overland.errors import PlanError
from overland.plan.document import Plan
from overland.plan.explain.changes import Change
from overland.plan.explain.estimates import Estimator
from overland.plan.explain.explanation import Again, Checked, Explanation, Saving
from overland.plan.explain.reasons import reason
from overland.plan.explain.resolving import InterruptedRunError, NoPlanError, Outcome, Trial, plan_anew
from overland.plan.proof import Proof
from overland.plan.values import WORTH_SAYING
from overland.roads import RoadTimes

MOST_OF_A_KIND = 2  # tried as long as there are others: one more bus is often worth as much at every depot

Show = Callable[[str, float, float | None], None]


@dataclass(slots=True, eq=False)
class _Row:
    """A change, what it is estimated to save, and what trying it has come to."""

    change: Change
    estimate: float | None
    outcome: Outcome | None = None


def explain(
    case: Case,
    plan: Plan,
    proof: Proof,
    *,
    top: int,
    trial: Trial,
    times: RoadTimes | None = None,
    show: Show = lambda _stage, _done, _total: None,
) -> Explanation:
    """Say what binds in a plan and what one more of something would save.

    Parameters
    ----------
    case : Case
        A sound case.
    plan, proof
        A plan of the case and the prices behind its bound.
    top : int
        Number of changes to plan anew, those with the highest estimates, but of one kind two at most as long
        as there are others; if there are any, hubs that are nearly full, of which prices say nothing, come on
        top. 0: nothing is planned anew.
    trial : Trial
        How each of them, and the case as it is, is planned anew.
    times : RoadTimes, optional
        Road times of the case, if they are at hand.
    show : callable, optional
        Told the stage, what of it is done, and of how much.

    Returns
    -------
    Explanation
        An interrupt (Ctrl-C) ends the work; the explanation holds what there is until then.

    Raises
    ------
    PlanError
        If plan or proof is none of this case; or if the plan breaks limits of the case, and a search from it
        met no other.
    """
    estimator = Estimator.of(case, times or RoadTimes.of(case), proof)
    work = _Work(estimator, plan, proof, trial, show)
    try:
        work.estimate()
        work.try_out(top)
    except (KeyboardInterrupt, InterruptedRunError):
        work.keep_best_of_rivals()
        work.is_complete = False
    return work.on_paper()


@dataclass(slots=True)
class _Work:
    """The explanation, as far as it is."""

    estimator: Estimator
    plan: Plan
    proof: Proof
    trial: Trial
    show: Show
    rows: list[_Row] = field(default_factory=list)
    again: Outcome | None = None
    is_complete: bool = True

    def estimate(self) -> None:
        """Estimate every change, and keep those worth asking for, most valuable first."""
        candidates = self.estimator.candidates(self.plan)
        for done, change in enumerate(candidates):
            self.show("estimates", done, len(candidates))
            self.rows.append(_Row(change, self.estimator.saving(change)))
        self.keep_best_of_rivals()

    def keep_best_of_rivals(self) -> None:
        """Keep the best of changes of which one is enough, and none that saves nothing; in order."""
        best: dict[tuple[str, str], _Row] = {}
        for row in sorted(self.rows, key=lambda row: -(row.estimate or 0.0)):
            best.setdefault((row.change.kind, row.change.rival or row.change.what), row)
        self.rows = [row for row in best.values() if row.estimate is None or row.estimate >= WORTH_SAYING]

    def try_out(self, top: int) -> None:
        """Plan the case anew as it is, and with each of the most valuable changes."""
        chosen = self._worth_trying(top)
        if not chosen:
            return
        each, stage = len(self.trial.seeds), "planning anew"
        self.show(stage, 0, each * (len(chosen) + 1))
        case, times = self.estimator.problem.case, self.estimator.times
        try:
            self.again = plan_anew(case, times, self.plan, self.proof, self.trial)
        except NoPlanError as error:
            raise PlanError(
                "the plan breaks limits of its case, and no other was found in that time; see "
                "`overland verify`."
            ) from error
        for done, row in enumerate(chosen, start=1):
            self.show(stage, each * done, each * (len(chosen) + 1))
            times = self.estimator.times_of(row.change)
            with suppress(NoPlanError):  # it stays untried: what was found is no plan to compare
                row.outcome = plan_anew(row.change.case, times, self.plan, self.proof, self.trial)

    def _worth_trying(self, top: int) -> list[_Row]:
        """The most valuable, but not only of one kind; and those of which prices say nothing."""
        priced = [row for row in self.rows if row.estimate is not None]
        met: Counter[str] = Counter()
        varied: list[_Row] = []
        for row in priced:
            met[row.change.kind] += 1
            if met[row.change.kind] <= MOST_OF_A_KIND:
                varied.append(row)
        rest = [row for row in priced if row not in varied]
        chosen = [*varied, *rest][:top]
        unpriced = [row for row in self.rows if row.estimate is None]
        return [row for row in priced if row in chosen] + (unpriced if top else [])

    def on_paper(self) -> Explanation:
        """The document."""
        case = self.estimator.problem.case
        return Explanation(
            case=case.id,
            case_digest=digest(case),
            overland=overland.__version__,
            cost=self.plan.certificate.cost,
            bound=self._bound,
            has_prices=self.estimator.has_prices,
            complete=self.is_complete,
            again=None if self.again is None else _again(self.again, self.trial),
            savings=[
                self._saving(row)
                for row in sorted(self.rows, key=lambda row: row.outcome is None)  # stable
            ],
        )

    @property
    def _bound(self) -> float:
        """Of all plans: a proof of the plans that clear by a deadline says nothing of the others."""
        if self.proof.deadline is None:
            return self.proof.bound_hours
        return max(0.0, round_down(self.estimator.value))

    def _saving(self, row: _Row) -> Saving:
        change = row.change
        return Saving(
            kind=change.kind,
            subject=change.subject,
            detail=change.detail,
            what=change.what,
            why=reason(self.estimator, self.plan, change),
            saves=None if row.estimate is None else round(row.estimate, 1),
            checked=None if row.outcome is None or self.again is None else compared(self.again, row.outcome),
        )


def compared(again: Outcome, changed: Outcome) -> Checked:
    """What planning anew says of a change: seed by seed against the case as it is."""
    saved = [before - after for before, after in zip(again.costs, changed.costs, strict=True)]
    mean = sum(saved) / len(saved)
    agree = all(each > 0 for each in saved) or all(each < 0 for each in saved)
    noise = again.noise
    return Checked(
        costs=[round(cost, 1) for cost in changed.costs],
        saves=round(mean, 1),
        is_clear=agree and noise is not None and abs(mean) > max(noise, changed.noise or 0.0),
        bound=round_down(changed.bound),
        lowers_bound=round(again.bound - changed.bound, 1),
    )


def round_down(value: float) -> float:
    """A bound with one decimal that is one still."""
    return floor(10 * value) / 10


def _again(again: Outcome, trial: Trial) -> Again:
    return Again(
        seeds=list(trial.seeds),
        seconds=trial.seconds,
        rounds=trial.rounds,
        costs=[round(cost, 1) for cost in again.costs],
        bound=round_down(again.bound),
        noise=None if again.noise is None else round(again.noise, 1),
    )
