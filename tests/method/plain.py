"""The signals' formulas once more, in plain loops over lists, written from the method's sentences."""

import itertools
from math import log, sqrt
from statistics import correlation, mean, stdev

Values = list[float]


def rsi(closes: Values, period: int) -> dict[int, float]:
    """Wilder's, by row."""
    changes = [b - a for a, b in itertools.pairwise(closes)]
    if len(changes) < period:
        return {}
    ups = sum(max(change, 0.0) for change in changes[:period]) / period
    downs = sum(max(-change, 0.0) for change in changes[:period]) / period
    found = {period: 100.0 - 100.0 / (1.0 + ups / downs)}
    for row in range(period + 1, len(closes)):
        change = changes[row - 1]
        ups = (ups * (period - 1) + max(change, 0.0)) / period
        downs = (downs * (period - 1) + max(-change, 0.0)) / period
        found[row] = 100.0 - 100.0 / (1.0 + ups / downs)
    return found


def exponential(values: Values, span: int) -> dict[int, float]:
    """By row; the first is the mean of the first `span` values."""
    if len(values) < span:
        return {}
    smooth = 2.0 / (span + 1.0)
    found = {span - 1: mean(values[:span])}
    for row in range(span, len(values)):
        found[row] = smooth * values[row] + (1.0 - smooth) * found[row - 1]
    return found


def macd_histogram(values: Values, fast: int = 12, slow: int = 26, smoothing: int = 9) -> dict[int, float]:
    quick, calm = exponential(values, fast), exponential(values, slow)
    rows = sorted(calm)
    line = [quick[row] - calm[row] for row in rows]
    signal = exponential(line, smoothing)
    return {rows[place]: line[place] - level for place, level in signal.items()}


def expanding(histogram: dict[int, float], row: int) -> bool:
    return histogram[row] > 0 and histogram[row] > histogram[row - 1] > histogram[row - 2]


def divergence(index: Values, line: Values, row: int) -> tuple[bool, float]:
    """Whether they part over 5 sessions, and how strongly."""
    index_moves = [index[r] / index[r - 5] - 1.0 for r in range(row - 59, row + 1)]
    line_moves = [line[r] - line[r - 5] for r in range(row - 59, row + 1)]
    strength = index_moves[-1] / stdev(index_moves) - line_moves[-1] / stdev(line_moves)
    near_high = index[row] >= 0.99 * max(index[row - 19 : row + 1])
    return (near_high or index_moves[-1] > 0) and line_moves[-1] < 0, strength


def realised(index: Values, row: int) -> float:
    returns = [log(index[r] / index[r - 1]) for r in range(row - 19, row + 1)]
    return stdev(returns) * sqrt(252.0)


def accelerates(index: Values, vix: Values, row: int) -> bool:
    deviation = vix[row - 1] / 100.0 / sqrt(252.0)
    loss = 1.0 - index[row] / index[row - 1]
    three, three_before = 1.0 - index[row] / index[row - 3], 1.0 - index[row - 3] / index[row - 6]
    leap = vix[row] / vix[row - 1] - 1.0
    return loss > 1.5 * deviation or leap >= 0.20 or (three > three_before and three > 0.02)


def steepness(skew: Values, row: int) -> float:
    window = skew[row - 19 : row + 1]
    return (skew[row] - mean(window)) / stdev(window)


def pace(series: Values, row: int) -> float:
    moves = [series[r] - series[r - 5] for r in range(row - 59, row + 1)]
    return abs(moves[-1]) / stdev(moves)


def together(one: Values, other: Values, row: int) -> float:
    rows = range(row - 19, row + 1)
    return correlation([log(one[r] / one[r - 1]) for r in rows], [log(other[r] / other[r - 1]) for r in rows])


def unexplained(index: Values, vix: Values, row: int, down: float = 1.6, up: float = 1.0) -> float:
    """Today's residual against the link, in deviations of the sixty before."""

    def left(r: int) -> float:
        percent = 100.0 * (index[r] / index[r - 1] - 1.0)
        return vix[r] - vix[r - 1] + percent * (down if percent < 0 else up)

    return left(row) / stdev([left(r) for r in range(row - 60, row)])
