"""One search, from its place in the store to its last trial."""

from __future__ import annotations

from collections.abc import Callable

from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import TrialEvaluation
from utils.sweep.search.folds import fold_spans
from utils.sweep.search.judging import judge
from utils.sweep.search.proposer import Proposer, check_same
from utils.sweep.search.sampling import batch_of
from utils.sweep.search.told import Told
from utils.sweep.search.trials import begin_batch, complete_batch, stored_trials
from utils.sweep.store import Store, SweepRecord


def run_search(
    store: Store,
    record: SweepRecord,
    search: Search,
    evaluation: TrialEvaluation,
    on_progress: Callable[[int], None],
) -> list[Told]:
    """Do the trials of `search` that are wanted and not stored.

    A batch is proposed, evaluated and stored in one transaction. A run that ends inside one leaves nothing of
    it: the next run is proposed the same batch again. Where the last batch was cut short because no more
    trials were wanted, one that wants more asks for the whole of it and does the rest.

    Args:
        on_progress: called with the number of trials just stored.
    Returns:
        all trials, in order.
    Raises:
        UserError: the store cannot be written, its trials are not those that Optuna proposes, or there are
            fewer days than folds.
    """
    plan = search.config.search
    spans = fold_spans(search.swept_bars, plan.folds)
    done = stored_trials(store, record.id)
    if len(done) >= record.combos:
        return done
    proposer = Proposer(plan, search.space, done[: batch_of(plan, len(done)).start])
    while len(done) < record.combos:
        batch = batch_of(plan, len(done))
        asked = proposer.ask()
        check_same(asked, done[batch.start :])
        todo = range(len(done), min(batch.stop, record.combos))
        begin_batch(store, record, todo, evaluation.name)
        chosen = [one for one in asked if one.number in todo]
        evaluated = judge(chosen, plan, spans, evaluation, proposer.gives_up)
        complete_batch(store, record, todo, evaluated)
        done += [trial.told for trial in evaluated]
        if todo.stop == batch.stop:
            proposer.tell(done[batch.start :])
        on_progress(len(todo))
    return done
