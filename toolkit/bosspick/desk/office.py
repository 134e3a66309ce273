"""The ledger side of the desk: what was left on it, and what is published from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.briefing.wording_check import refuse_unsigned
from bosspick.desk.draft import Plans, draft_of, settings_of
from bosspick.desk.planner import Planned
from bosspick.desk.scenarios import Scenario
from bosspick.desk.state import DeskState
from bosspick.errors import BosspickError, InputError
from bosspick.ledger import Ledger, published_document

__all__ = ["Office"]


@dataclass(slots=True, kw_only=True)
class Office:
    """Keeps a desk's decisions when they are made, and publishes.

    Attributes
    ----------
    ledger, session_id
        Where.
    who
        Who sits at the desk.
    unsigned
        What may not be said of a plan's items as it stands, a line each; see
        :func:`bosspick.briefing.wording_check.unsigned_of`.
    language
        What it speaks.
    """

    ledger: Ledger
    session_id: str
    who: str = "desk"
    unsigned: Callable[[Planned], list[str]] = lambda planned: []
    language: Language = ENGLISH
    _kept: str = field(default="", init=False)

    def take_up(self, state: DeskState) -> str:
        """Bring back what was left on the desk, planned again; returns what was done, in words.

        That is settings, scenarios and the steps that can be taken back or done again; a step that cannot be planned any
        more is left out.
        """
        draft = self.ledger.draft(self.session_id)
        if draft is None:
            self._kept = draft_of(state)
            return ""
        plans = Plans(state)
        lost = []
        for kept in draft.get("scenarios", []):
            try:
                state.restore(Scenario(name=str(kept["name"]), planned=plans.of(kept["settings"])))
            except BosspickError as error:
                lost.append(f"{kept['name']} ({self.language.told(error.message)})")
        settings = settings_of(draft.get("settings", {}), state.planner.start)
        if settings != state.settings:
            state.solve(settings)
        if "past" in draft:
            state.recall(plans.of_all(draft["past"]), plans.of_all(draft["future"]))
        self._kept = draft_of(state)
        t, names = self.language.gettext, self.language.listed(lost)
        more = t("Scenarios that cannot be planned any more: %(names)s.", names=names) if lost else ""
        return self.language.space.join(filter(None, [t("Taken up where it was left."), more]))

    def keep(self, state: DeskState) -> None:
        """Keep settings, scenarios and steps as they stand, if they changed since."""
        draft = draft_of(state)
        if draft != self._kept:
            self.ledger.save_draft(self.session_id, json.loads(draft), who=self.who)
            self._kept = draft

    def publish(self, planned: Planned | None, *, who: str, note: str = "") -> str:
        """Publish the plan shown, with its locks and bans; returns what was done, in words.

        Raises
        ------
        InputError
            There is no plan, it is not proven, or nobody is named.
        FindingError
            Something on the word list would be said, and nobody signed it.
        """
        if planned is None:
            raise InputError(marked("there is no plan to publish yet"), where=marked("Publish"), hint=marked("solve first"))
        if not planned.plan.result.outcome.is_proven:
            raise InputError(marked("the plan is not proven"), where=marked("Publish"), hint=marked("solve to the end first"))
        if not who.strip():
            hint = marked("write your name: every entry says who made it")
            raise InputError(marked("nobody is named"), where=marked("Publish"), hint=hint)
        plan, settings = planned.plan, planned.settings
        refuse_unsigned(self.unsigned(planned))
        before = self.ledger.choices(self.session_id)
        wanted = dict.fromkeys(settings.locked, "lock") | dict.fromkeys(settings.banned, "ban")
        changed = {offer: word for offer, word in wanted.items() if before.get(offer) != word}
        changed |= {offer: "free" for offer in before if offer not in wanted}
        self.ledger.choose(self.session_id, changed, who=who.strip(), why=note.strip())
        number = self.ledger.publish(
            self.session_id, plan.version, sorted(plan.chosen["offer_id"]), who=who.strip(), note=note.strip(),
            document=published_document(plan) | {"settings": asdict(settings)},
        )  # fmt: skip
        return self.language.gettext("Published %(version)s as number %(number)s.", version=plan.version, number=number)
