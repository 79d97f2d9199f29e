"""Measures and baselines against plain counting."""

import numpy as np
import pytest

from rnncore.measures import auc


def test_auc_is_the_share_of_pairs_in_order():
    rng = np.random.default_rng(0)
    scores, positive = rng.integers(5, size=40).astype(float), rng.random(40) < 0.3
    pairs = [(a > b) + (a == b) / 2 for a in scores[positive] for b in scores[~positive]]
    assert auc(scores, positive) == pytest.approx(np.mean(pairs), rel=1e-12)


@pytest.mark.parametrize(
    ("scores", "positive", "message"),
    [
        ([1.0, 2.0], [True, True], "positive must hold both"),
        ([1.0, 2.0], [1, 0], "of bool"),
        ([1.0, np.nan], [True, False], "scores holds NaN"),
    ],
)
def test_auc_names_bad_input(scores, positive, message):
    with pytest.raises(ValueError, match=message):
        auc(scores, positive)
