"""The plain rival of every encoder: character TF-IDF and a logistic regression a label."""

from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

__all__ = ["TFIDF", "label_regressions", "tfidf_features"]

TFIDF: Final = "char TF-IDF + LR"
"""What it is called in tables."""


def tfidf_features() -> TfidfVectorizer:
    """Character 1- to 4-grams across spaces, those of one text alone left out; 1 + ln(count)."""
    return TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True, dtype=np.float32
    )


def label_regressions(seed: int = 0) -> OneVsRestClassifier:
    """An L2-regularised logistic regression a label (C = 3).

    Where one label holds, the probabilities of a text are scaled to sum to 1.
    """
    return OneVsRestClassifier(LogisticRegression(C=3.0, solver="liblinear", random_state=seed))
