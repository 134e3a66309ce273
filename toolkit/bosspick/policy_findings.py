"""What is wrong with a policy file, in a producer's words: the key as written, and the key that was meant."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import BaseModel

from bosspick.policy_rules import keys_of, kinds_of_rule

__all__ = ["describe"]


def describe(item: dict[str, Any], raw: dict[str, Any], root: type[BaseModel]) -> str:
    """One finding of pydantic as a sentence that names the key.

    Parameters
    ----------
    item
        An entry of ``ValidationError.errors()``.
    raw
        The policy as written.
    root
        The model of the whole policy.
    """
    parts = [str(part) for part in item["loc"]]
    where = ".".join(_named(parts, raw))
    if item["type"] == "extra_forbidden":
        return f"{where}: unknown key{_meant(parts, root)}"
    if item["type"] == "union_tag_invalid":
        written = item["ctx"]["tag"]
        near = difflib.get_close_matches(written, kinds_of_rule(), n=1, cutoff=0.5)
        meant = f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(kinds_of_rule())}"
        return f"{where}.type: there is no rule of type {written!r}, {meant}"
    if item["type"] == "union_tag_not_found":
        return f"{where}: lacks its type, one of {', '.join(kinds_of_rule())}"
    if item["type"] == "tuple_type":
        return f'{where}: is no list: write ["…"], also for one'
    text = str(item["msg"]).removeprefix("Value error, ")
    return f"{where}: {text}" if where else text


def _meant(parts: list[str], root: type[BaseModel]) -> str:
    """The known key nearest to an unknown one: in its own section, or the section the key belongs to."""
    homes = [name for name in root.model_fields if len(parts) < 3 and parts[-1] in _keys_at([name], root)]
    if homes:
        return f", it belongs in [{homes[0]}]"
    near = difflib.get_close_matches(parts[-1], _keys_at(parts[:-1], root), n=1, cutoff=0.5)
    return f", did you mean {near[0]!r}?" if near else ""


def _named(parts: list[str], raw: dict[str, Any]) -> list[str]:
    """The place with a rule's id instead of its number."""
    if len(parts) < 2 or parts[0] != "rules" or not parts[1].isdigit():
        return parts
    rule = raw["rules"][int(parts[1])]
    name = rule.get("id", parts[1]) if isinstance(rule, dict) else parts[1]
    return [f"rules[{name}]", *parts[3:]]


def _keys_at(parts: list[str], root: type[BaseModel]) -> list[str]:
    if parts and parts[0] == "rules":
        return keys_of(parts[2] if len(parts) > 2 else "")
    model = root
    for part in parts:
        if part.isdigit():
            continue
        kind = model.model_fields[part].annotation
        inner = [kind, *get_args(kind)]
        model = next((each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), BaseModel)
    return list(model.model_fields)
