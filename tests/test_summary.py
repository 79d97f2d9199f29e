"""The summary to print: its numbers are those of the worked example, its counts those of layers."""

import re

import numpy as np
import pytest

from rnncore.bptt import ScalarRNN
from rnncore.gated import GRU, LSTM
from rnncore.vanilla import VanillaRNN
from tools.notebooks import ROOT

TEXT = (ROOT / "book" / "summary.md").read_text("utf-8")
RUN = ScalarRNN(w=0.3, g=0.4).bptt([0.05, 0.1], [0.6, 0.75], learning_rate=0.5)


def test_each_number_is_given_or_computed():
    given = {0.3, 0.4, 0.5, 0.05, 0.1, 0.6, 0.75, RUN.z[0]}
    fields = (RUN.y, RUN.z, RUN.error, RUN.delta, RUN.increment_w, RUN.increment_g)
    computed = {number for field in fields for number in field} | {RUN.w_new, RUN.g_new}
    known = {f"{value:g}" for value in given} | {f"{value:.4f}" for value in computed}
    numbers = set(re.findall(r"\d+\.\d+", TEXT))
    assert numbers <= known
    assert {f"{value:.4f}" for value in (*RUN.y, *RUN.delta, RUN.w_new, RUN.g_new)} <= numbers


@pytest.mark.parametrize(("kind", "times", "more"), [(VanillaRNN, 1, 0), (LSTM, 4, 0), (GRU, 3, 1)])
def test_parameters_are_as_many_as_it_says(kind, times, more, inputs=5, hidden=7):
    layer = kind(inputs, hidden, rng=np.random.default_rng(0))
    assert layer.size == times * hidden * (inputs + hidden + 1) + more * hidden
