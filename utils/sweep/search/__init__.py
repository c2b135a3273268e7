"""Parameters proposed by Optuna in fixed batches, evaluated by the sweep's kernels, kept in its store."""
