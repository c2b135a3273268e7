"""How far a sweep's best rows can be believed: 65,536 tries always find a winner."""

from utils.sweep.robustness.assess import Assessment, assess, assess_store
from utils.sweep.robustness.plateau import plateau_scores

__all__ = ["Assessment", "assess", "assess_store", "plateau_scores"]
