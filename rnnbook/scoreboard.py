"""The twelve applications in one table, made from the kept results of their experiments.

Each function here reads what one experiment found on the test part, and returns its `Score`.
"""

from typing import NamedTuple

import numpy as np

from rnnbook.results import kept

SCORES = {}
"""The functions, by part and chapter: ``SCORES["prediction/weather"]()``."""


class Score(NamedTuple):
    """What the network of a chapter is worth beside the best that does without.

    Parameters
    ----------
    title : str
        The problem, in a few words.
    metric : str
        What is measured, with its unit.
    baseline : str
        The best of the chapter's baselines.
    theirs : float
        What it reaches.
    ours : sequence of float
        What the network reaches, for each seed.
    gain, error : float
        By how much the network is better, on average, and the standard error of that gain, as
        the chapter takes it: over the test cases, paired, or over the seeds, whichever is larger.
    seconds : float
        Of one training run.
    digits : int
        Decimals that are shown.
    """

    title: str
    metric: str
    baseline: str
    theirs: float
    ours: tuple
    gain: float
    error: float
    seconds: float
    digits: int = 2

    @property
    def verdict(self):
        """Return "wins", "draws" or "loses": less than two standard errors apart is a draw."""
        if abs(self.gain) < 2 * self.error:
            return "draws"
        return "wins" if self.gain > 0 else "loses"


def scored(function):
    """Add a function to the scores: ``prediction_weather`` is that of prediction/weather."""
    SCORES[function.__name__.replace("_", "/", 1)] = function
    return function


def _row(rows, **case):
    """Return the one row of a part that has all of this.

    >>> _row([{"kind": "a", "mae": 1}, {"kind": "b", "mae": 2}], kind="b")
    {'kind': 'b', 'mae': 2}
    """
    (row,) = [row for row in rows if case.items() <= row.items()]
    return row


def _standard_error(values):
    """Return that of the mean of values, over cases or over seeds."""
    return np.std(values, ddof=1) / len(values) ** 0.5


@scored
def prediction_weather():
    """Compare GRUs with a ridge regression on the days of 2015."""
    from rnncore.datasets import weather
    from rnncore.prediction import gain, split

    found = kept("prediction_weather")
    days = weather("Seattle")
    *_, test = split(days.date, "2014", "2015", lags=28)
    line = _row(found["simple"], place="Seattle", kind="ridge")
    net = _row(found["test"], place="Seattle")
    truth = days.temp_max[test]
    each = [gain(said, line["forecast"], truth) for said in net["forecast"]]
    ahead, error = np.mean(each, axis=0)
    return Score(
        "tomorrow's temperature", "mean absolute error, °C", "ridge regression",
        line["mae"], net["mae"], ahead, error, np.mean(net["seconds"]),
    )  # fmt: skip


@scored
def classification_sentiment():
    """Compare GRUs with naive Bayes on 350 sentences of film reviews."""
    from rnncore.datasets import sentences

    found = kept("classification_sentiment")
    (net,), (bayes,) = found["test"], found["counted"]
    praise = sentences().rating[-len(bayes["good"]) :] > 0
    theirs, ours = ((np.array(row["good"]) > 0.5) == praise for row in (bayes, net))
    ahead = 100 * (ours.mean(axis=0) - theirs)  # of each sentence
    return Score(
        "praise or blame in a sentence", "% right", "naive Bayes",
        100 * bayes["accuracy"], tuple(100 * one for one in net["accuracy"]),
        ahead.mean(), ahead.std(ddof=1) / np.sqrt(len(ahead)), np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def prediction_stocks():
    """Compare GRUs with the mean of the years before on the days of 1997 and 1998."""
    from rnncore.datasets import stocks
    from rnncore.prediction import split

    found = kept("prediction_stocks")
    indices = stocks()
    *_, test = split(indices.year[1:], 1996, 1997, lags=60)
    mean = _row(found["simple"], kind="mean")
    net = _row(found["test"], answers="its own")
    truth = 100 * np.diff(np.log(indices.price[:, 0]))[test]
    less = (np.array(mean["forecast"]) - truth) ** 2 - (np.array(net["forecast"]) - truth) ** 2
    errors = less.std(axis=1, ddof=1) / np.sqrt(len(test))  # of a mean of squares
    return Score(
        "tomorrow's share prices", "root mean squared error, %", "mean return",
        mean["rmse"], net["rmse"], mean["rmse"] - np.mean(net["rmse"]),
        errors.mean() / (2 * mean["rmse"]), np.mean(net["seconds"]), digits=3,
    )  # fmt: skip


@scored
def seq2seq_dates():
    """Compare LSTMs with a phrase book on phrases drawn at random."""
    found = kept("seq2seq_dates")
    book = _row(found["simple"], left=False, kind="by example", part="test")
    net = _row(found["test"], left=False)
    gain = 100 * (np.mean(net["right"], axis=0) - book["right"])
    ours = 100 * np.array(net["exact"])
    error = max(_standard_error(gain), _standard_error(ours))
    return Score(
        "dates into French", "exact phrases, %", "phrase book",
        100 * book["exact"], tuple(ours), gain.mean(), error, np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def generation_text():
    """Compare GRUs with a table of the last four characters, on the last pages of the novel."""
    from rnncore.prediction import gain

    table, nets = kept("generation_text")["test"]
    theirs = np.array(table["blocks"][0])
    each = [gain(ours, theirs, np.zeros(len(theirs))) for ours in nets["blocks"]]
    ahead, error = np.mean(each, axis=0)
    return Score(
        "a novel that goes on", "bits per character", "table of four characters",
        table["bits"][0], nets["bits"], ahead, error, np.mean(nets["training"]),
    )  # fmt: skip


@scored
def prediction_shopping():
    """Compare GRUs with a logit of habit and prices on the purchases of 124 households."""
    from rnncore.datasets import shopping
    from rnncore.prediction import gain

    found = kept("prediction_shopping")
    line = _row(found["simple"], kind="loyalty and prices")
    net = _row(found["test"], reads="purchases and prices")
    data = shopping()
    homes = [np.flatnonzero(data.household == home)[1:]  # the first purchase is given
             for home in np.random.default_rng(1234).permutation(516)[:129]]  # fmt: skip
    homes = [rows for rows in homes if len(rows)]
    came = data.choice[np.concatenate(homes)]
    ends = np.cumsum([len(rows) for rows in homes])[:-1]
    theirs, *ours = (
        [some.sum() for some in np.split(np.array(said) != came, ends)]
        for said in (line["said"], *net["said"])
    )
    each = [gain(wrong, theirs, np.zeros(len(homes))) for wrong in ours]  # purchases a household
    ahead, error = 100 * np.mean(each, axis=0) * len(homes) / len(came)
    return Score(
        "the next purchase", "% right", "logit of habit and prices",
        100 * line["accuracy"], tuple(100 * one for one in net["accuracy"]),
        ahead, error, np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def generation_captions():
    """Compare GRUs with three logistic regressions on pairs of digits that were left out."""
    found = kept("generation_captions")
    (net,), slots = found["test"], _row(found["simple"], method="slots")
    truth = np.repeat(range(200), 10)  # ten pictures of each of 200 captions
    first, second, _ = np.unravel_index(truth, (10, 10, 2))
    further = (second - first) % 10
    held = (further == 3) | ((further == 6) & (first < 8))  # the pairs that were left out
    ours, theirs = (np.array(row["said"]) == truth for row in (net, slots))
    gain = 100 * (ours.mean(axis=0) - theirs)[held]
    exact = 100 * np.array(net["unseen"])
    return Score(
        "captions of two digits, pairs left out", "exact captions, %", "three logistic regressions",
        100 * slots["unseen"], tuple(exact), gain.mean(),
        max(_standard_error(gain), _standard_error(exact)), np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def generation_music():
    """Compare GRUs with a table that is told how far into its bar it is, on tunes kept apart."""
    from rnncore.prediction import gain

    found = kept("generation_music")["test"]
    told, nets = _row(found, kind="told"), _row(found, kind="GRU")
    theirs = np.array(told["tunes"][0])
    each = [gain(ours, theirs, np.zeros(len(theirs))) for ours in nets["tunes"]]
    ahead, error = np.mean(each, axis=0)
    return Score(
        "a jig, sign by sign", "bits per sign", "table that is told the metre",
        told["bits"][0], nets["bits"], ahead, error, np.mean(nets["training"]),
    )  # fmt: skip


@scored
def seq2seq_demand():
    """Compare encoder-decoders with a ridge regression on the electricity of two weeks."""
    from rnncore.prediction import gain

    found = kept("seq2seq_demand")
    line = _row(found["simple"], kind="ridge")
    net = _row(found["test"], base="scaled")
    nothing = np.zeros(len(line["each"]))
    each = [gain(ours, line["each"], nothing, block=4) for ours in net["each"]]
    ahead, error = np.mean(each, axis=0)
    return Score(
        "tomorrow's electricity", "mean absolute error, %", "ridge regression",
        line["mape"], net["mape"], ahead, error, np.mean(net["seconds"]),
    )  # fmt: skip


@scored
def seq2seq_reports():
    """Compare LSTMs with regressions that are told the products, on the weeks of 2015."""
    found = kept("seq2seq_reports")
    told = _row(found["simple"], kind="slots, told", year=2015)
    (net,) = found["test"]
    gain = 100 * (np.mean(net["right"], axis=0) - told["right"])
    blocks = [part.mean() for part in np.array_split(gain, len(gain) // 14)]  # weeks overlap
    ours = 100 * np.array(net["exact"])
    return Score(
        "a week in one sentence", "exact sentences, %", "regressions, told the products",
        100 * told["exact"], tuple(ours), gain.mean(),
        max(_standard_error(blocks), _standard_error(ours)), np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def classification_dna():
    """Compare GRUs with a table slid along, on windows of the test part."""
    from rnncore.datasets import dna

    found = kept("classification_dna")
    data = dna()
    lot = np.random.default_rng(0).random(data.gene.max() + 1)[data.gene]
    truth, gene = data.label[lot < 0.25], data.gene[lot < 0.25]
    scan = _row(found["simple"], kind="scan")
    net = _row(found["test"], place="moved", answer="at the end")
    theirs, ours = (np.array(row["given"]) == truth for row in (scan, net))
    ahead = 100 * (ours.astype(float) - theirs)  # of each network in each window
    families = np.array([np.bincount(gene, d - d.mean()) for d in ahead])  # that go together
    return Score(
        "a splice junction somewhere in DNA", "% right", "a table slid along",
        100 * scan["accuracy"], tuple(100 * one for one in net["accuracy"]),
        ahead.mean(), np.sqrt((families**2).sum(axis=1)).mean() / len(truth),
        np.mean(net["seconds"]), digits=1,
    )  # fmt: skip


@scored
def classification_anomalies():
    """Compare GRUs with a ridge regression on nine holidays among 251 weekdays."""
    from rnncore.datasets import demand_victoria
    from rnncore.measures import auc

    found = kept("classification_anomalies")
    ridge = _row(found["simple"], kind="ridge", folds=4)
    net = _row(found["networks"], hidden=24, folds=4)
    hours = demand_victoria()
    weekday = (hours.time[::24].astype("datetime64[D]").astype(int) + 3) % 7
    asked = (weekday < 5) & (np.arange(365) >= 14)
    holiday = asked & ~hours.workday[12::24]
    rng = np.random.default_rng(0)
    ahead = []
    for _ in range(200):  # the bootstrap, for each kind of day
        days = np.concatenate(
            [
                rng.choice(kind, len(kind))
                for kind in map(np.flatnonzero, (holiday, asked & ~holiday))
            ]
        )
        theirs, *ours = (
            auc(np.array(score)[days], holiday[days]) for score in (ridge["score"], *net["score"])
        )
        ahead.append(np.mean(ours) - theirs)
    return Score(
        "holidays in the demand for electricity", "AUC", "ridge regression",
        ridge["auc"], tuple(net["auc"]), np.mean(net["auc"]) - ridge["auc"], np.std(ahead),
        np.mean(net["seconds"]), digits=3,
    )  # fmt: skip
