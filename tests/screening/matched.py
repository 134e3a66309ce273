"""Pairs of titles whose truth is known: the published Abt-Buy pairs, and demo rooms with the barcodes hidden."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bosspick.demo import generate_room
from bosspick.screening.matching import match_titles
from bosspick.screening.matching.blocking import Index
from bosspick.screening.matching.scoring import Weights
from bosspick.screening.matching.words import take_apart

ABT_BUY = Path(__file__).resolve().parents[3] / "shared" / "data" / "abt_buy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares of 1; ``f1`` and ``blocking`` are nan where they are not asked."""

    f1: float
    precision: float
    recall: float
    blocking: float
    accepted: int


def abt_buy_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Abt's products as offers and Buy's as quotes, with their rows' numbers as ids."""
    abt, buy = (pd.read_csv(ABT_BUY / name, usecols=["id", "name"]) for name in ("tableA.csv", "tableB.csv"))
    return abt.rename(columns={"id": "offer_id", "name": "title"}), buy.rename(columns={"id": "quote_id", "name": "title"})


def abt_buy_figures(*parts: str) -> Figures:
    """Figures on labelled pairs: a pair given back is a match for F1, an accepted one for precision and recall."""
    offers, quotes = abt_buy_tables()
    found = match_titles(offers, quotes)
    labelled = pd.concat([pd.read_csv(ABT_BUY / f"{part}.csv") for part in parts])
    labelled = labelled.rename(columns={"ltable_id": "offer_id", "rtable_id": "quote_id"})
    told = labelled.merge(found, on=["offer_id", "quote_id"], how="left")
    true, given, accepted = told["label"] == 1, told["decision"].notna(), told["decision"] == "accept"
    return Figures(
        f1=2 * (true & given).sum() / (true.sum() + given.sum()),
        precision=(true & accepted).sum() / accepted.sum(),
        recall=(true & accepted).sum() / true.sum(),
        blocking=_blocking(offers, quotes, labelled[labelled["label"] == 1]),
        accepted=int(accepted.sum()),
    )


def demo_figures(folder: Path, seed: int, *, with_specs: bool = False) -> Figures:
    """Figures of a demo room's first week: truth is that the barcodes are the same."""
    room = generate_room(folder / f"demo-{seed}-{with_specs}", seed=seed, weeks=1, shows=2)
    offers, quotes = (pd.read_csv(room / "2026-W48" / f"{name}.csv", dtype="str") for name in ("offers", "quotes"))
    columns = ["title", "spec_amount", "spec_unit"] if with_specs else ["title"]
    found = match_titles(offers[["offer_id", *columns]], quotes[["quote_id", *columns]])
    truth = offers[["offer_id", "gtin"]].dropna().merge(quotes[["quote_id", "gtin"]].dropna(), on="gtin")
    true = pd.MultiIndex.from_frame(truth[["offer_id", "quote_id"]])
    accepted = pd.MultiIndex.from_frame(found.loc[found["decision"] == "accept", ["offer_id", "quote_id"]])
    right = len(accepted.intersection(true))
    return Figures(f1=float("nan"), precision=right / len(accepted), recall=right / len(true), blocking=float("nan"),
                   accepted=len(accepted))  # fmt: skip


def _blocking(offers: pd.DataFrame, quotes: pd.DataFrame, true: pd.DataFrame) -> float:
    """Share of the true pairs that are compared at all."""
    left, right = (dict(zip(frame.iloc[:, 0], map(take_apart, frame["title"]), strict=True)) for frame in (offers, quotes))
    both = [*left.values(), *right.values()]
    ids = list(left)
    index = Index(list(left.values()), Weights(both))
    near = {quote: {ids[place] for place in index.candidates(words)} for quote, words in right.items()}
    return sum(offer in near[quote] for offer, quote in zip(true["offer_id"], true["quote_id"], strict=True)) / len(true)
