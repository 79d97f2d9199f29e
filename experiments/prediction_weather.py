"""Forecast tomorrow's highest temperature, from what was measured until today.

A GRU reads a window of days, six numbers each: highest and lowest temperature, precipitation, wind,
and the season as a sine and a cosine.  Trained on 2012 and 2013, stopped by 2014, tested on 2015.
Errors are mean absolute errors in °C.

`ridge` has rows for: a weighted sum of the same numbers, with a penalty; its error of 2014.

    place; lags, days in the window; penalty; mae, the mean absolute error

`choices` has rows for: networks with other settings; their errors of 2014.

    place; target, temperature or anomaly, what it is above climatology; lags; year; taken, steps of
    training; mae

`simple` has rows for: what needs no network, with the best of `ridge`; the errors of 2015.

    place; kind; mae; forecast, a list of a number each day

`test` has the network that was chosen, in Seattle and, unchanged, elsewhere; its errors of 2015.

    as before, and forecast, for each seed a list of a number each day
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import at_end, minibatches
from rnncore.datasets import weather
from rnncore.deep import Stack
from rnncore.gated import GRU
from rnncore.optimizers import Adam
from rnncore.prediction import (
    flattened,
    mean_absolute_error,
    persistence,
    ridge,
    season,
    split,
    windows,
)
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

SEATTLE, PLACES = ["Seattle"], ["Seattle", "New York"]
LONGEST = 28  # days in a window: all forecasts are for the same days


def prepared(place):
    """Return the temperature, climatology, the six numbers a day, and the days of each part."""
    days = weather(place)
    parts = split(days.date, "2014", "2015", lags=LONGEST)
    known = slice(0, parts[1][0])  # what follows is used for no mean, scale or fit
    measured = np.column_stack(
        [days.temp_max, days.temp_min, np.log1p(days.precipitation), np.log(days.wind)]
    )
    scaled = (measured - measured[known].mean(axis=0)) / measured[known].std(axis=0)
    features = np.column_stack([scaled, season(days.date)])
    year = season(days.date, harmonics=2)
    climatology = ridge(year[known], days.temp_max[known])(year)
    return days.temp_max, climatology, features, parts


def weighted_sum(place, lags, penalty):
    """Fit a ridge regression, and judge it by the validation year."""
    truth, _, features, (train, validation, _) = prepared(place)
    model = ridge(flattened(windows(features, train, lags)), truth[train], penalty)
    forecast = model(flattened(windows(features, validation, lags)))
    return {"mae": mean_absolute_error(forecast, truth[validation])}


def simple(place, kind):
    """Judge a forecast without a network by 2015."""
    truth, climatology, features, (train, _, test) = prepared(place)
    if kind == "ridge":  # as the validation year has it, see `ridge`
        model = ridge(flattened(windows(features, train, 1)), truth[train], penalty=30)
        made = model(flattened(windows(features, test, 1)))
    else:
        made = climatology[test] if kind == "climatology" else persistence(truth, test)
    return {"mae": mean_absolute_error(made, truth[test]), "forecast": made.round(2).tolist()}


def network(place, target, lags, year, seed, *, steps, rate, batch, hidden, clip, every, patience):
    """Train one network on 2012 and 2013, stop it by 2014, and judge it by `year`."""
    rng = np.random.default_rng(seed)
    truth, climatology, features, parts = prepared(place)
    known = truth[: parts[1][0]]
    level = climatology if target == "anomaly" else np.full(len(truth), known.mean())
    answers = ((truth - level) / known.std())[:, np.newaxis]
    train, validation = (
        (windows(features, at, lags), *at_end(answers[at], np.ones((lags, len(answers[at])))))
        for at in parts[:2]
    )
    net = Stack(GRU(features.shape[1], hidden, rng=rng), ReadOut(hidden, 1, rng=rng))
    history = fit(
        net, minibatches(*train, size=batch, rng=rng), optimizer=Adam(net.params, rate),
        steps=steps, clip=clip, validation=validation, every=every, patience=patience,
    )  # fmt: skip
    at = parts[year - 2013]
    y, _ = net.forward(windows(features, at, lags))
    forecast = level[at] + known.std() * y[-1, :, 0]
    result = {"taken": history.best, "mae": mean_absolute_error(forecast, truth[at])}
    return result | ({"forecast": forecast.round(2).tolist()} if year == 2015 else {})


experiment = Experiment(
    ridge=Part(
        weighted_sum, grid(place=SEATTLE, lags=[1, 3, 7, 14], penalty=[1, 10, 30, 100, 300])
    ),
    choices=Part(
        network,
        grid(
            place=SEATTLE, target=["temperature", "anomaly"], lags=[3, 7, 14, LONGEST], year=[2014]
        ),
        seeds=3,
    ),
    simple=Part(simple, grid(place=PLACES, kind=["climatology", "yesterday", "ridge"])),
    test=Part(
        network,
        grid(place=PLACES, target=["temperature"], lags=[14], year=[2015]),
        seeds=10,
    ),
    settings={
        "steps": 1500, "rate": 0.003, "batch": 32, "hidden": 16, "clip": 1.0, "every": 50,
        "patience": 10,
    },
    quick={"steps": 2},
)  # fmt: skip
