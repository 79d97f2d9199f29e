"""Find public holidays in the demand for electricity, by a network that has never seen a label.

A GRU predicts the demand of each hour of 2014 in Victoria from that of the same hour yesterday and
a week ago, temperature, hour and weekday.  The score of a day is its mean absolute error from 7 to
20 h, in percent of the demand.  The labels are the holidays among the 251 weekdays after the first
two weeks; they are read last, for what is printed here, and no setting was chosen by them.

The year is cut into weeks that are dealt to so many folds in turn.  Each fold is scored by a
network that has learned from the others; with one fold, all days by one that has learned from all.

Every row has

    off, the mean score of the weekdays; auc, the area under the ROC curve;
    hits, the holidays among the days with the highest scores, of which there are as many as
    holidays; score, of each day of the year, 0 for the first two weeks

`simple` has rows for: what needs no network.

    kind: yesterday, the same hour of the day before; last week; around, the median of the same
    weekday up to four weeks before and after; ridge, a weighted sum for each hour; folds

`networks` has rows for: GRUs of two sizes, three seeds, each list with an entry for each.

    hidden, units; steps, of training; folds
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.datasets import demand_victoria
from rnncore.deep import Dropout, Stack
from rnncore.gated import GRU
from rnncore.measures import auc
from rnncore.optimizers import Adam
from rnncore.prediction import ridge
from rnncore.training import fit
from rnncore.vanilla import ReadOut

DAY, WEEK, LENGTH, WARM = 24, 168, 72, 24  # hours; the first of a window are not counted


def prepared():
    """Return the log of the demand, in percent of it, the inputs, and which days are holidays.

    Returns
    -------
    level : array (8760,)
        100 log demand, less its mean.
    x : array (8760, 13)
        What is known of each hour beforehand; zeros for the first week.
    asked, holiday : arrays (365,) of bool
        The days that are judged, and the holidays among them.
    """
    hours = demand_victoria()
    level = 100 * np.log(hours.demand)
    level -= level.mean()
    date = hours.time[::DAY].astype("datetime64[D]")
    weekday = (date.astype(int) + 3) % 7  # 0 is Monday
    asked = (weekday < 5) & (np.arange(len(date)) >= 14)
    holiday = asked & ~hours.workday[12::DAY]

    warm = (hours.temperature - hours.temperature.mean()) / hours.temperature.std()
    turn = 2 * np.pi * np.arange(len(level)) / DAY
    x = np.column_stack(
        [
            np.roll(level, DAY) / level.std(), np.roll(level, WEEK) / level.std(), warm, warm**2,
            np.sin(turn), np.cos(turn), np.eye(7)[weekday.repeat(DAY)],
        ]
    )  # fmt: skip
    x[:WEEK] = 0  # what came before is not known
    return level, x, asked, holiday


def judged(said):
    """Score all days by what was said, and judge the scores by the holidays."""
    level, _, asked, holiday = prepared()
    score = scores(level - said)
    first = np.flatnonzero(asked)[np.argsort(-score[asked], kind="stable")][: holiday.sum()]
    return {
        "off": float(score[asked].mean()),
        "auc": auc(score[asked], holiday[asked]),
        "hits": int(holiday[first].sum()),
        "score": np.where(np.arange(len(score)) < 14, 0.0, score).round(2).tolist(),
    }


def scores(error):
    """Return the mean absolute error of each day, from 7 to 20 h."""
    return np.abs(error).reshape(-1, DAY)[:, 7:20].mean(axis=1)


def dealt(folds):
    """Yield for each fold the days to learn from, and the days to score."""
    week = np.arange(365) // 7
    for fold in range(folds):
        mine = week % folds == fold
        yield (~mine if folds > 1 else mine), mine


def simple(kind, folds):
    """Predict without a network."""
    level, x, *_ = prepared()
    if kind == "ridge":
        return judged(weighted(x, level, folds))
    if kind == "around":
        days = level.reshape(-1, DAY)
        near = [
            [k for k in range(d - 28, d + 29, 7) if 0 <= k < len(days) and k != d]
            for d in range(len(days))
        ]
        return judged(np.concatenate([np.median(days[k], axis=0) for k in near]))
    return judged(np.roll(level, {"yesterday": DAY, "last week": WEEK}[kind]))


def weighted(x, level, folds, penalty=1.0):
    """Fit a ridge regression with weights of their own for each hour of the day.

    It is helped with the distance from 18 °C, where heating ends and cooling begins.
    """
    hour = np.eye(DAY)[np.arange(len(level)) % DAY]
    away = np.abs(demand_victoria().temperature - 18) / 5
    known = np.column_stack([x[:, :4], away])
    each = (known[:, :, np.newaxis] * hour[:, np.newaxis]).reshape(len(x), -1)
    features = np.column_stack([known, x[:, 6:], hour, each])
    said = np.zeros(len(level))
    for learn, mine in dealt(folds):
        learn = learn.repeat(DAY)
        learn[:WEEK] = False
        model = ridge(features[learn], level[learn], penalty)
        said[mine.repeat(DAY)] = model(features[mine.repeat(DAY)])
    return said


def network(hidden, steps, folds, seed, *, rate, batch, dropout, clip):
    """Predict with GRUs, one for each fold."""
    level, x, *_ = prepared()
    said = np.zeros(len(level))
    for learn, mine in dealt(folds):
        rng = np.random.default_rng(seed)
        net = Stack(
            GRU(x.shape[1], hidden, rng=rng), Dropout(dropout, rng=rng), ReadOut(hidden, 1, rng=rng)
        )
        fit(
            net, windows(x, level / level.std(), learn, batch, rng),
            optimizer=Adam(net.params, rate), steps=steps, clip=clip,
        )  # fmt: skip
        y, _ = net.forward(x[:, np.newaxis])  # through the year once
        said[mine.repeat(DAY)] = level.std() * y[mine.repeat(DAY), 0, 0]
    return judged(said)


def windows(x, level, learn, batch, rng):
    """Draw windows of three days, of which the days that one may learn from count."""
    starts = DAY * np.arange(7, len(learn) - 2)
    while True:
        t = rng.choice(starts, batch) + np.arange(LENGTH)[:, np.newaxis]
        counted = learn[t // DAY] & (np.arange(LENGTH) >= WARM)[:, np.newaxis]
        yield x[t], level[t][..., np.newaxis], counted.astype(float)


experiment = Experiment(
    simple=Part(
        simple,
        [
            *({"kind": kind, "folds": 1} for kind in ("yesterday", "last week", "around")),
            *({"kind": "ridge", "folds": folds} for folds in (1, 4)),
        ],
    ),
    networks=Part(
        network,
        [
            {"hidden": hidden, "steps": steps, "folds": folds}
            for hidden, steps in ((12, 300), (24, 600))
            for folds in (1, 4)
        ],
        seeds=5,
    ),
    settings={"rate": 0.005, "batch": 32, "dropout": 0.1, "clip": 1.0},
    quick={"steps": 2},
)
