"""The lineup a briefing was published with: the offers and what each costs on air."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.errors import SessionError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PLANNED_COLUMNS", "PLAN_SCHEMA", "published_plan"]

#: Version of ``plan.json``; raised when a field changes its meaning or goes.
PLAN_SCHEMA = 1
PLANNED_COLUMNS = ("slot", "offer_id", "viewer_price_fen", "verdict_then", "web_lowest_then_fen")


def published_plan(out: Path, session_id: str) -> pd.DataFrame:
    """Read the lineup last published for a session.

    Parameters
    ----------
    out
        Folder of all briefings; ``<session>/latest/plan.json`` in it is read, and ``verdicts.csv`` beside it.
    session_id
        ISO week.

    Returns
    -------
    DataFrame
        One row a slot, columns of ``PLANNED_COLUMNS``: prices in fen; verdict_then is what the published evidence said of
        the price on air, PASS or FAIL, UNKNOWN where it named no price that passes, null without verdicts.csv.

    Raises
    ------
    SessionError
        Nothing was published for the session, or its plan cannot be read.
    """
    import pandas as pd

    folder = out / session_id / "latest"
    path = folder / "plan.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != PLAN_SCHEMA:
            raise SessionError(f"is of schema {document['schema']!r}, not {PLAN_SCHEMA}", where=str(path), hint=_HINT)
        rows = [(int(each["slot"]), str(each["offer_id"]), int(each["viewer_price"])) for each in document["lineup"]]
    except FileNotFoundError:
        raise SessionError(f"no lineup was published for {session_id}", where=str(path), hint=_HINT) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SessionError(f"is no readable plan: {error!r}", where=str(path), hint=_HINT) from None
    planned = pd.DataFrame(rows, columns=list(PLANNED_COLUMNS[:3]))
    planned = planned.astype({"slot": "Int64", "offer_id": "str", "viewer_price_fen": "Int64"})
    then = _then(folder / "verdicts.csv")
    passes_at, web = (planned["offer_id"].map(then[name]).astype("Int64") for name in ("passes_at", "web_lowest"))
    verdicts = [
        None if offer not in then.index else "UNKNOWN" if pd.isna(passes) else "PASS" if price <= passes else "FAIL"
        for offer, price, passes in zip(planned["offer_id"], planned["viewer_price_fen"], passes_at, strict=True)
    ]
    planned = planned.assign(verdict_then=pd.Series(verdicts, dtype="str"), web_lowest_then_fen=web)
    return planned.sort_values("slot", ignore_index=True)


_HINT = "publish one with `bosspick brief`, or name the folder of its briefings with --out"


def _then(path: Path) -> pd.DataFrame:
    """What the published verdicts said of prices, by offer; nothing where there is no such file."""
    import pandas as pd

    columns = ["passes_at", "web_lowest"]
    types: dict[Any, str] = {"offer_id": "str", "rule": "str", **dict.fromkeys(columns, "Int64")}
    try:
        read = pd.read_csv(
            path, usecols=list(types), dtype=types, keep_default_na=False, na_values={name: [""] for name in columns}
        )
    except (OSError, ValueError):
        return pd.DataFrame({name: pd.Series(dtype="Int64") for name in columns})
    return read[read["rule"] == "lowest_price"].drop_duplicates("offer_id").set_index("offer_id")[columns]
