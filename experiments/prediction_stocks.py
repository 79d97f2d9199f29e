"""Forecast tomorrow's return of the DAX, from the returns of four indices until today.

A return is the change of the logarithm of a price from one close to the next, in percent.  A GRU
reads a window of days, four returns each.  Trained until 1995, stopped by 1996, tested on 1997 and
1998.  Errors are root mean squares; `right` is the share of days whose direction was forecast.

`ridge` has rows for: a weighted sum of the same numbers, with a penalty; 1996.

    lags, days in the window; penalty; rmse, in percent; right

`choices` has rows for: networks with other settings; 1996.

    lags; hidden, units; answers; year; taken, steps of training; rmse; right

`simple` has rows for: what needs no network, with the best of `ridge`; 1997 and 1998.

    kind; rmse; right; forecast, a list of a number each day

`test` has the network that was chosen, and the same trained on answers in random order; 1997 and
1998.

    as `choices`, and forecast, for each seed a list of a number each day

`prices` has networks that read prices, and forecast a price; errors in points of the index.

    rmse and yesterday, the error of the day before, for training, validation and test; forecast,
    for each seed a list of a number each day of 1996 to 1998

`fading` has rows for: how far the DAX will move, said by a mean of squares that fades; 1996.

    fade, the weight of a day beside that of the day after; surprise, in nats

`spread` has rows for: how far the DAX will move, said by the mean of squares, the same fading, a
network, and a network that corrects the one that fades; 1997 and 1998.

    kind; taken; surprise; gain, by how much it is less than that of the one that fades, and beside
    it the standard error of the gain, from blocks of 20 days
"""

import numpy as np

from experiments import Experiment, Part
from rnncore.batches import at_end, minibatches
from rnncore.datasets import stocks
from rnncore.deep import Stack
from rnncore.gated import GRU
from rnncore.losses import mean_squared_error, weights
from rnncore.optimizers import Adam
from rnncore.prediction import flattened, persistence, ridge, split, windows
from rnncore.sweep import grid
from rnncore.training import fit
from rnncore.vanilla import ReadOut

LONGEST = 60  # days in a window: all forecasts are for the same days
LAGS = 20


def prepared():
    """Return the DAX's returns, those of all four to one scale, and the days of each part."""
    indices = stocks()
    returns = 100 * np.diff(np.log(indices.price), axis=0)
    parts = split(indices.year[1:], 1996, 1997, lags=LONGEST)
    known = slice(0, parts[1][0])  # what follows is used for no mean, scale or fit
    return returns[:, 0], returns / returns[known].std(axis=0), parts


def judged(forecast, truth):
    """Return the error of a forecast, and how often its direction is right."""
    right = ((forecast > 0) == (truth > 0)).mean()
    return {"rmse": rms(forecast - truth), "right": right}


def rms(error):
    """Return the root of the mean of squares."""
    return float(np.sqrt(np.mean(error**2)))


def weighted_sum(lags, penalty):
    """Fit a ridge regression, and judge it by the validation year."""
    dax, scaled, (train, validation, _) = prepared()
    model = ridge(flattened(windows(scaled, train, lags)), dax[train], penalty)
    return judged(model(flattened(windows(scaled, validation, lags))), dax[validation])


def simple(kind):
    """Judge a forecast without a network by 1997 and 1998."""
    dax, scaled, (train, validation, test) = prepared()
    forecast = np.zeros(len(test))
    if kind == "mean":
        forecast += dax[: validation[0]].mean()
    if kind == "ridge":  # as the validation year has it, see `ridge`
        model = ridge(flattened(windows(scaled, train, 5)), dax[train], penalty=100)
        forecast = model(flattened(windows(scaled, test, 5)))
    return judged(forecast, dax[test]) | {"forecast": forecast.round(3).tolist()}


def trained(series, answers, parts, lags, seed, *, loss=mean_squared_error, hidden, **how):
    """Train a network to say a number from a window; return what it says, and after which step."""
    rng = np.random.default_rng(seed)
    net = Stack(GRU(series.shape[1], hidden, rng=rng), ReadOut(hidden, 1, rng=rng))

    def lesson(at):
        return windows(series, at, lags), *at_end(answers[at], np.ones((lags, len(at))))

    batches = minibatches(*lesson(parts[0]), size=how["batch"], rng=rng)
    history = fit(
        net, batches, loss=loss, optimizer=Adam(net.params, how["rate"]), steps=how["steps"],
        clip=how["clip"], validation=lesson(parts[1]), every=how["every"],
        patience=how["patience"],
    )  # fmt: skip
    return lambda at: net.forward(windows(series, at, lags))[0][-1, :, 0], history.best


def network(lags, answers, year, hidden, seed, *, steps, rate, batch, clip, every, patience):
    """Train one network on returns, on their own or on answers in random order."""
    dax, scaled, parts = prepared()
    unit = dax[: parts[1][0]].std()
    wanted = (dax / unit)[:, np.newaxis]
    if answers == "in random order":
        wanted[parts[0]] = np.random.default_rng(100 + seed).permutation(wanted[parts[0]])
    said, taken = trained(
        scaled, wanted, parts, lags, seed, hidden=hidden, steps=steps, rate=rate, batch=batch,
        clip=clip, every=every, patience=patience,
    )  # fmt: skip
    at = parts[year - 1995]
    forecast = unit * said(at)
    result = {"taken": taken} | judged(forecast, dax[at])
    kept = year == 1997 and answers == "its own"
    return result | ({"forecast": forecast.round(3).tolist()} if kept else {})


def prices(seed, *, hidden, steps, rate, batch, clip, every, patience):
    """Train one network on prices."""
    indices = stocks()
    parts = split(indices.year, 1996, 1997, lags=LONGEST)
    known = indices.price[: parts[1][0]]
    mean, unit = known.mean(axis=0), known.std(axis=0)
    scaled = (indices.price - mean) / unit
    said, taken = trained(
        scaled, scaled[:, :1], parts, LAGS, seed, hidden=hidden, steps=steps, rate=rate,
        batch=batch, clip=clip, every=every, patience=patience,
    )  # fmt: skip
    dax = indices.price[:, 0]
    forecast = [mean[0] + unit[0] * said(at) for at in parts]
    return {
        "taken": taken,
        "rmse": [rms(f - dax[at]) for f, at in zip(forecast, parts, strict=True)],
        "yesterday": [rms(persistence(dax, at) - dax[at]) for at in parts],
        "forecast": np.concatenate(forecast[1:]).round().astype(int).tolist(),
    }


# How far, not which way: a forecast is the standard deviation of tomorrow's return.


def faded(returns, start, fade):
    """Return the root of a fading mean of squares, up to the day before each."""
    square, found = start, []
    for value in returns:
        found.append(np.sqrt(square))
        square = fade * square + (1 - fade) * value**2
    return np.array(found)


def surprise(sigma, returns):
    """Return -log p of a normal distribution, but for a constant, of each day; in nats."""
    return np.log(sigma) + 0.5 * (returns / sigma) ** 2


def fading(fade):
    """Judge a fading mean of squares by the validation year."""
    dax, _, (_, validation, _) = prepared()
    sigma = faded(dax, dax[: validation[0]].var(), fade)
    return {"surprise": surprise(sigma[validation], dax[validation]).mean()}


def surprise_of_logarithm(y, target, mask):
    """Return the mean `surprise` of a network that says log sigma, and its gradient: the loss."""
    share = weights(mask, target.shape[:2])[..., np.newaxis]
    square = (target * np.exp(-y)) ** 2
    return (share * (y + 0.5 * square)).sum().item(), share * (1 - square)


def spread(kind, seed, *, steps, rate, batch, clip, every, patience):
    """Say how far the DAX will move in 1997 and 1998."""
    dax, scaled, parts = prepared()
    known = dax[: parts[1][0]]
    fades = faded(dax, known.var(), 0.98)  # as the validation year has it, see `fading`
    sigma = fades if "fading" in kind else np.full(len(dax), known.std())
    taken, test = 0, parts[2]
    before = surprise(fades[test], dax[test])
    if "network" in kind:
        moved = np.column_stack([scaled, np.log(np.abs(scaled) + 0.1), np.log(sigma)])
        wanted = (dax / sigma)[:, np.newaxis]
        said, taken = trained(
            moved, wanted, parts, LAGS, seed, loss=surprise_of_logarithm, hidden=8, steps=steps,
            rate=rate, batch=batch, clip=clip, every=every, patience=patience,
        )  # fmt: skip
        sigma = sigma.copy()
        sigma[test] *= np.exp(said(test))
    now = surprise(sigma[test], dax[test])
    less = before - now
    blocks = less[: len(less) // 20 * 20].reshape(-1, 20).mean(axis=1)  # neighbours are alike
    error = blocks.std(ddof=1) / np.sqrt(len(blocks))
    return {"taken": taken, "surprise": now.mean(), "gain": less.mean(), "beside": error}


OWN = ["its own"]

experiment = Experiment(
    ridge=Part(weighted_sum, grid(lags=[1, 5, 20], penalty=[3, 10, 30, 100, 300, 1000])),
    choices=Part(
        network, grid(lags=[5, LAGS, LONGEST], hidden=[8, 16], answers=OWN, year=[1996]), seeds=3
    ),
    simple=Part(simple, grid(kind=["no change", "mean", "ridge"])),
    test=Part(
        network,
        grid(lags=[LAGS], hidden=[16], answers=[*OWN, "in random order"], year=[1997]),
        seeds=10,
    ),
    prices=Part(prices, [{"hidden": 16}], seeds=3),
    fading=Part(fading, grid(fade=[0.9, 0.94, 0.96, 0.97, 0.98, 0.99])),
    spread=Part(
        spread,
        grid(kind=["constant", "fading", "network", "network on fading"]),
        seeds=3,
    ),
    settings={
        "steps": 1500, "rate": 0.002, "batch": 32, "clip": 1.0, "every": 50, "patience": 10,
    },
    quick={"steps": 2},
)  # fmt: skip
