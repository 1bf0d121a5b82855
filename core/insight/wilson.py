"""The Wilson score interval of a rate.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927). Chosen
because it stays inside [0, 1] and is honest for small groups, where p ± 2·s is not.
"""

import math
from statistics import NormalDist


def wilson(successes: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Lower and upper end, as fractions, of the interval for ``successes`` out of ``total``; (0, 1) for an empty group.

    Raises ValueError unless ``0 <= successes <= total`` and ``0 < confidence < 1``.
    """
    if not (0 <= successes <= total and 0 < confidence < 1):
        raise ValueError("successes must lie within the total, and confidence between 0 and 1")
    if total == 0:
        return 0.0, 1.0
    z2 = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2
    rate = successes / total
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = math.sqrt(z2 * (rate * (1 - rate) + z2 / (4 * total)) / total) / (1 + z2 / total)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == total else min(1.0, centre + half)
