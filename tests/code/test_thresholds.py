"""Thresholds, strengths and floors keep what they promise on the scores that they were set on."""

import numpy as np
import pytest

from pipeline.model.classifier import FLOORS
from pipeline.model.thresholds import best_thresholds, calibration_error, platt, precision_floors, strength_cuts
from pipeline.records import STRENGTHS


@pytest.fixture(scope="module")
def drawn():
    generator = np.random.default_rng(3)
    scores = np.round(generator.random((4_000, 3)), 3).astype(np.float32)
    truth = generator.random((4_000, 3)) < scores * np.array([1.0, 0.8, 0.3])
    return scores, truth


def test_tags_of_a_strength_are_right_as_often_as_it_says(drawn):
    scores, truth = drawn
    cuts = strength_cuts(scores, truth)
    assert cuts.shape == (len(STRENGTHS), 3)
    upper = np.full(3, np.inf)
    for (_, wanted), cut in zip(STRENGTHS, cuts, strict=True):
        assert (cut <= upper).all()
        for label in range(3):
            band = (scores[:, label] >= cut[label]) & (scores[:, label] < upper[label])
            assert not band.any() or truth[band, label].mean() >= wanted
        upper = cut
    assert np.isfinite(cuts[0, 0])
    assert np.isinf(cuts[:, 2]).all()


def test_floors_keep_to_their_precision_and_are_the_lowest_that_do(drawn):
    scores, truth = drawn
    for wanted, cut in zip(FLOORS, precision_floors(scores, truth), strict=True):
        for label in range(3):
            above = scores[:, label] >= cut[label]
            assert not above.any() or truth[above, label].mean() >= wanted
            for lower in np.unique(scores[~above, label]):
                below = scores[:, label] >= lower
                assert below.sum() < 5 or truth[below, label].mean() < wanted


def test_the_threshold_is_as_good_as_the_best_and_lies_in_its_spread(drawn):
    scores, truth = drawn
    thresholds, spread = best_thresholds(scores, truth, np.arange(len(scores)) // 10)
    chosen = thresholds[0]
    assert (spread[0] <= thresholds).all()
    assert (thresholds <= spread[1]).all()

    def f1(cut):
        tagged = scores[:, 0] >= cut
        return 2 * (tagged & truth[:, 0]).sum() / (tagged.sum() + truth[:, 0].sum())

    assert f1(chosen) >= 0.995 * max(f1(cut) for cut in np.unique(scores[:, 0]))


def test_calibration_mends_scores_that_are_too_sure():
    generator = np.random.default_rng(5)
    log_odds = generator.normal(size=(20_000, 1)).astype(np.float32)
    truth = generator.random((20_000, 1)) < 1 / (1 + np.exp(-log_odds))
    slope, shift = platt(4 * log_odds, truth)
    assert slope[0] == pytest.approx(0.25, abs=0.02)
    assert shift[0] == pytest.approx(0, abs=0.06)
    sure = 1 / (1 + np.exp(-4 * log_odds))
    mended = 1 / (1 + np.exp(-(4 * log_odds * slope + shift)))
    assert calibration_error(mended, truth) < 0.02 < 0.1 < calibration_error(sure, truth)
