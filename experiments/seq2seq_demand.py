"""Forecast the electricity demand of the next 24 hours, hour by hour, again and again.

An encoder reads two days, a decoder writes the next one.  Eight weeks of summer 2000 train, two
validate, two test; a forecast begins every six hours.  Errors are mean absolute percentages of the
demand.

`ridge` has rows for: a weighted sum for each of the 24 hours; validation.

    base, what it says the difference to; penalty; mape, the mean error

`choices` has rows for: networks with other settings; validation.

    base, what the decoder is fed, and what it says the difference to; hidden, units; rate; part;
    taken, steps of training; mape

`simple` has rows for: what needs no network, with the best of `ridge`; test.

    kind; mape; each, the error of each forecast; ahead, of each hour; forecast, in GW, a list of
    24 for each

`test` has networks with 16 units; test.

    as `choices`, and each, ahead and forecast for each seed
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import minibatches
from rnncore.datasets import demand_england
from rnncore.deep import Stack
from rnncore.gated import GRU
from rnncore.optimizers import Adam
from rnncore.prediction import (
    following,
    persistence,
    ridge,
    seasonal_naive,
    split,
    windows,
)
from rnncore.seq2seq import EncoderDecoder
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

DAY, WEEK, READ = 24, 168, 48  # in hours


def prepared():
    """Return the demand of each hour in GW, its calendar, and where forecasts begin."""
    halves = demand_england()
    demand = halves.demand.reshape(-1, 2).mean(axis=1) / 1000
    time = halves.time[::2]
    hour = np.arange(len(demand))
    turn = 2 * np.pi * hour / DAY
    weekday = np.eye(7)[hour // DAY % 7]  # the first day is a Monday
    calendar = np.column_stack([np.sin(turn), np.cos(turn), weekday])
    train, validation, test = split(
        time, np.datetime64("2000-07-31"), np.datetime64("2000-08-14"), lags=WEEK + READ, ahead=DAY
    )
    return demand, calendar, (train, validation[::3], test[::6])


def levelled(demand, at, scaled):
    """Return last week's same 24 hours at today's level: the last day's mean, now and then."""
    week = seasonal_naive(demand, at, WEEK, DAY)
    now, then = (windows(demand, t, DAY)[:, :, 0].mean(axis=0)[:, None] for t in (at, at - WEEK))
    return week * (now / then) if scaled else week + (now - then)


def judged(forecast, truth):
    """Return the error of forecasts (B, 24), of each, and of each hour, in percent."""
    off = 100 * np.abs(forecast - truth) / truth
    return {
        "mape": off.mean(), "each": off.mean(axis=1).round(3).tolist(),
        "ahead": off.mean(axis=0).round(3).tolist(), "forecast": forecast.round(2).tolist(),
    }  # fmt: skip


def start(demand, at, base):
    """Return what a forecast is the difference to (B, 24), known when it begins."""
    if base == "nothing":
        return np.full((len(at), DAY), demand[: 8 * WEEK].mean())
    if base == "last week":
        return seasonal_naive(demand, at, WEEK, DAY)
    return levelled(demand, at, scaled=True)


def changes(demand, at):
    """Return how far the last two days were from the same hours of the week before: (48, B, 1)."""
    return windows(demand, at, READ) - windows(demand, at - WEEK, READ)


def weighted_sum(base, penalty, at):
    """Fit a weighted sum for each of the 24 hours, and forecast from `at` on."""
    demand, calendar, (train, *_) = prepared()

    def past(at):
        hours = windows(demand, at, READ) if base == "nothing" else changes(demand, at)
        return np.column_stack([hours[:, :, 0].T, calendar[at]])

    wanted = following(demand, train, DAY) - start(demand, train, base)
    return start(demand, at, base) + ridge(past(train), wanted, penalty)(past(at))


def penalised(base, penalty):
    """Judge weighted sums by the validation weeks."""
    demand, _, (_, at, _) = prepared()
    found = judged(weighted_sum(base, penalty, at), following(demand, at, DAY))
    return {"mape": found["mape"]}


def simple(kind):
    """Judge what needs no network by the test weeks."""
    demand, _, (*_, at) = prepared()
    forecast = {
        "as now": lambda: persistence(demand, at, DAY),
        "yesterday": lambda: seasonal_naive(demand, at, DAY, DAY),
        "last week": lambda: seasonal_naive(demand, at, WEEK, DAY),
        "moved": lambda: levelled(demand, at, scaled=False),
        "scaled": lambda: levelled(demand, at, scaled=True),
        "ridge": lambda: weighted_sum("last week", 10, at),  # see the part `ridge`
    }[kind]()
    return judged(forecast, following(demand, at, DAY))


def network(base, hidden, rate, part, seed, *, steps, batch, clip, every, patience):
    """Train one encoder-decoder, and judge it by a part."""
    rng = np.random.default_rng(seed)
    demand, calendar, parts = prepared()
    known = demand[: parts[1][0]]
    mean, unit = known.mean(), known.std()

    def lesson(at):
        source = np.dstack([changes(demand, at) / unit, windows(calendar, at, READ)])
        begin = start(demand, at, base)
        hours = calendar[at + np.arange(DAY)[:, np.newaxis]]
        given = np.dstack([(begin.T - mean) / unit, hours])
        target = (following(demand, at, DAY) - begin).T / unit
        return (source, given), target[:, :, np.newaxis]

    (source, given), _ = lesson(parts[1])
    net = EncoderDecoder(
        GRU(source.shape[2], hidden, rng=rng),
        Stack(GRU(given.shape[2], hidden, rng=rng), ReadOut(hidden, 1, rng=rng)),
    )
    history = fit(
        net, minibatches(*lesson(parts[0]), size=batch, rng=rng),
        optimizer=Adam(net.params, rate), steps=steps, clip=clip, validation=lesson(parts[1]),
        every=every, patience=patience,
    )  # fmt: skip
    at = parts[part]
    forecast = start(demand, at, base) + unit * net.forward(lesson(at)[0])[0][:, :, 0].T
    found = {"taken": history.best} | judged(forecast, following(demand, at, DAY))
    return found if part == 2 else {name: found[name] for name in ("taken", "mape")}


BASES = ["nothing", "last week", "scaled"]

experiment = Experiment(
    ridge=Part(penalised, grid(base=BASES, penalty=[0.01, 0.1, 1, 10, 100, 1000])),
    choices=Part(
        network,
        grid(base=BASES, hidden=[16, 32], rate=[0.005], part=[1])
        + grid(base=BASES[1:], hidden=[16], rate=[0.002, 0.01], part=[1]),
        seeds=3,
    ),
    simple=Part(
        simple, grid(kind=["as now", "yesterday", "last week", "moved", "scaled", "ridge"])
    ),
    test=Part(network, grid(base=BASES, hidden=[16], rate=[0.005], part=[2]), seeds=5),
    settings={
        "steps": 1000, "batch": 32, "clip": 1.0, "every": 50, "patience": 8,
    },
    quick={"steps": 2},
)  # fmt: skip
