"""Texts other rooms compose in English and a briefing or the desk shows: whole ones, and forms with places to fill.

The rooms above know no languages: what they say is recognised here by its form, so that a new sentence needs its line
here and in the catalogue, which a test demands.
"""

from __future__ import annotations

import csv
import tomllib
from typing import Any

from bosspick.bargaining.sheet_words import REASONS as ASK_REASONS
from bosspick.share import share_path

__all__ = ["FORMS", "vocabulary"]

#: Sentences with places to fill; what fills a place is translated by itself where the catalogue knows it.
FORMS = (
    # bargaining/targets.py, bargaining/anchor.py: why an ask can be defended
    *ASK_REASONS,
    # rundown/hard_rules.py: rules no order keeps
    "%(offer)s: the brand's representative is not on set then",
    "%(offer)s: opens the show as %(role)s, not %(wanted)s",
    "%(offer)s: opens the show as %(role)s, not %(wanted)s or %(other)s",
    "%(offer)s: closes the show as %(role)s, not %(wanted)s",
    "%(offer)s: closes the show as %(role)s, not %(wanted)s or %(other)s",
    "%(offer)s and %(other)s: two of %(category)s in a row",
    "%(offer)s and %(other)s: two hooks with %(between)s items between them, not %(gap)s",
    "next to another of %(category)s",
    # rundown/show.py, rundown/conflict.py: a lineup that had no order
    "The best lineup had no order: %(offers)s cannot be in one show, %(why)s",
    "The best lineup had no order: %(offer)s cannot be shown, %(why)s",
    "In came %(come)s; out went %(gone)s: %(what)s, worth %(worth)s yuan-equivalents%(share)s less.",
    "In came %(come)s; out went %(gone)s: %(what)s, worth %(worth)s yuan-equivalents less.",
    "An order exists: at most %(most)s of %(names)s",
    "An order exists: at most %(most)s of %(names)s and %(more)s like them",
    "so many of %(category)s cannot be kept from following each other",
    # demand/estimate.py: what units rest on
    "%(brand)s airings of the brand, %(category)s of the category, %(total)s in all",
    "no airing of the brand, %(category)s of the category, %(total)s in all",
    "no airing of brand or category, %(total)s in all",
    # demand/acceptance.py: what chances rest on
    "%(bounds)s and past talks",
    "%(bounds)s, spread evenly",
    # lineup/from_policy.py, ledger/standing.py: rules nobody wrote
    "%(rule)s: full-price money left out",
    "Locked by the producer: %(offer)s",
    "Banned by the producer: %(offer)s",
    "%(offer)s was published",
    # ledger/moves.py: why a lineup moved
    "the screen keeps it off the air: %(codes)s",
    "agreed at %(price)s",
    "agreed at %(price)s: others are worth more",
    "agreed at %(price)s: too high for the screen at any subsidy",
    "from the bench for %(offer)s",
    "from the bench, place %(place)s",
    "agreed at %(price)s, from the bench for %(offer)s",
    "agreed at %(price)s, from the bench, place %(place)s",
    "agreed, %(gap)s above what was aimed at",
    "agreed, %(gap)s below what was aimed at",
    # lineup/counting.py, lineup/proofs.py, lineup/outcome.py, lineup/plan.py: why there is no lineup
    "there is no lineup: %(why)s",
    "no lineup of %(places)s: %(why)s",
    "these rules cannot hold together: %(rules)s",
    "this rule cannot be kept: %(rule)s",
    "%(rules)s and %(rule)s cannot hold together",
    "only %(offers)s offer can be picked, the lineup has %(places)s places",
    "only %(offers)s offers can be picked, the lineup has %(places)s places",
    "under %(rules)s only %(offers)s of %(all)s offers can be picked, the lineup has %(places)s places",
    "%(rule)s wants %(offer)s, which a ban or cooldown closes",
    "%(rule)s keeps apart %(offers)s, which are all locked in",
    "the %(places)s most modest offers take %(needed)s of %(column)s, %(rule)s allows %(most)s",
    "%(locks)s take %(needed)s of %(column)s, %(rule)s allows %(most)s",
    "%(locks)s, the %(offers)s most modest offers take %(needed)s of %(column)s, %(rule)s allows %(most)s",
    "%(rule)s allows %(most)s of %(label)s, locked in are %(locks)s",
    "%(rule)s wants %(least)s of %(label)s, only %(there)s can be picked",
    "%(rule)s leaves room for %(room)s item, the lineup has %(places)s places",
    "%(rule)s leaves room for %(room)s items, the lineup has %(places)s places",
    "the minima for %(column)s add up to %(least)s, the lineup has %(places)s places",
    "%(offers)s of %(all)s offers may air",
    "%(offers)s of %(all)s offers may air; most often in the way of the others: %(reasons)s",
    # lineup/mending.py: what would help
    "raise the limit of %(rule)s by %(by)s to %(limit)s",
    "let %(rule)s be as uneven as %(uneven)s instead of %(most)s",
    "loosen %(rule)s by %(by)s item",
    "loosen %(rule)s by %(by)s items",
    "release the lock %(rule)s",
    "lift the ban %(rule)s",
    "allow %(by)s more of %(offers)s in %(rule)s",
    "let %(by)s of %(offers)s stay out in %(rule)s",
    "switch off %(rule)s",
    "let %(by)s item in that rests under %(rule)s",
    "let %(by)s items in that rest under %(rule)s",
    "admit %(more)s more offer",
    "admit %(more)s more offers",
    "admit %(more)s more offer, or plan %(places)s item",
    "admit %(more)s more offer, or plan %(places)s items",
    "admit %(more)s more offers, or plan %(places)s item",
    "admit %(more)s more offers, or plan %(places)s items",
    # lineup/checks.py, lineup/mending.py: rules that cannot be
    "%(locks)s offers are locked in but the lineup has %(places)s places",
    "release at least %(least)s of the locks",
    "offer %(offer)s is locked in and banned",
    "no options exist for offer %(offers)s",
    "there is no rule %(rule)s to loosen",
    "use one of: %(rules)s",
    "rule %(rule)s",
    "rules %(rules)s",
    # desk/settings.py, desk/scenarios.py, desk/state.py
    "Locked at the desk: %(offer)s",
    "Banned at the desk: %(offer)s",
    "%(text)s loosens no rule",
    "the name has %(length)s characters",
    "use at most %(most)s, as a line of a table",
    "there is a scenario %(name)s",
    "there is no scenario %(name)s",
    # briefing/wording_check.py
    "%(n)s texts may not go on air as they are: %(texts)s",
    "%(offer)s, %(place)s: %(phrase)s — %(instead)s (%(source)s)",
    # rundown/files.py
    "stock release %(number)s",
)
_WHOLE = (
    "representative not on set then",
    "the best lineup that has an order",
    "a lineup with an order",
    "with their representatives' windows no order opens, closes and spaces its hooks as asked",
    "its representative is not on set for its least minutes at any time of the show",
    "their representatives' windows cannot all be met",
    "their representatives' windows put two of a category in a row",
    "prior of the policy: fewer than 3 airings are known",
    "our estimate of the floor",
    "the policy's prior bounds",
    "banned by the producer",
    "its talk failed, and at its opening price others are worth more",
    "its talk failed, and at its opening price the screen does not pass it",
    "others are worth more now",
    "it has no price left at which it may air",
    "locked by the producer",
    "worth more than what left",
    "its talk failed: the opening price holds",
    "another aim is worth more now",
    "the producer",
    "the brand's representative",
    "the host",
    "start",
    "end",
    "none",
    "no lineup meets the rules",
    "no offer may air",
    "the time limit passed before a lineup was found",
    "the solvers failed or disagreed",
    "switch one of the two rules off",
    "correct the offer id, or switch the rule off if the offer has left or may not air",
    "change the text, or sign it in wording_signed.csv (offer_id, phrase, who, why); see `bosspick wording`",
    "subsidy_fen",
    "subsidy90_fen",
    "subsidy_discounted_fen",
    "subsidy90_discounted_fen",
    "talk_hours",
    "category",
    "brand_id",
    "store_id",
    "price_band",
    # intake/cells.py, bargaining/sheet_cells.py: what is wrong with what was typed
    "is not an amount of money",
    "is finer than a fen",
    "is not above zero",
    "is above a billion yuan",
    "is not a whole number",
    "is longer than 2,000 characters",
    "holds control characters",
    "is a spreadsheet error",
)


def vocabulary() -> list[str]:
    """Every text of other rooms that a briefing shows, forms included, in a fixed order without repeats."""
    from bosspick.bargaining.anchor import TRADES
    from bosspick.bargaining.sheet_words import WORDS
    from bosspick.rundown.files import CUES
    from bosspick.rundown.roles import ROLES
    from bosspick.screening.evidence import SET_ASIDE
    from bosspick.screening.matching.match import WHY
    from bosspick.screening.screen import STATUSES
    from bosspick.screening.verdicts import REASONS

    found = [*FORMS, *_WHOLE, *REASONS.values(), *SET_ASIDE.values(), *TRADES, *CUES, *WHY.values(), *WORDS.values()]
    found += [word for words in (STATUSES, ROLES) for word in (*words, *words.values())]
    # Beside its own title a gap is said without its reason.
    found += [words.partition(",")[0] for code, words in REASONS.items() if code.endswith("_GAP")]
    found += [*_policy_texts(), *_word_list_texts()]
    return list(dict.fromkeys(found))


def _policy_texts() -> list[str]:
    """The texts of the policy that comes with the package; what a room writes itself stays as it was written."""
    policy: dict[str, Any] = tomllib.loads((share_path("seeds") / "policy.toml").read_text(encoding="utf-8"))
    rules = [rule[name] for rule in policy.get("rules", []) for name in ("title", "why") if rule.get(name)]
    return [policy["room"]["note"], *rules]


def _word_list_texts() -> list[str]:
    with (share_path("seeds") / "wording.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [row[column] for column in ("kind", "suggestion", "source") for row in rows]
