"""Why there is no lineup, and what would help, in the desk's language."""

from __future__ import annotations

import re

from bosspick.briefing.language import Language
from bosspick.lineup import Conflict

__all__ = ["mend_words", "reason_words"]

#: Between the changes of one mend; a rule's own title may have the word too.
_AND = re.compile(r" and (?=(?:raise the|loosen|release the|lift the|allow|let|switch off) )")


def mend_words(text: str, language: Language) -> str:
    """What a repair changes."""
    if language.code == "en":
        return text
    return language.clause.join(language.told(change) for change in _AND.split(text))


def reason_words(conflict: Conflict, language: Language) -> str:
    """What is in the way, a sentence for each reason."""
    if language.code == "en":
        return conflict.reasons
    parts = [language.told(finding) for finding in conflict.findings]
    if conflict.titles and not conflict.is_said:
        rules = language.joined(f"“{language.told(title)}”" for title in conflict.titles)
        several = len(conflict.titles) > 1
        t = language.gettext
        parts.append(
            t("these rules cannot hold together: %(rules)s", rules=rules)
            if several
            else t("this rule cannot be kept: %(rule)s", rule=rules)
        )
    return language.stop.join(parts) if parts else language.told(conflict.reasons)
