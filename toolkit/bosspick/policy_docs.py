"""Every key of ``policy.toml`` as Markdown, for ``docs/policy.md``: made from the policy itself."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bosspick.policy import Policy, Pot
from bosspick.policy_rules import RuleSpec

__all__ = ["policy_reference"]


def policy_reference() -> str:
    """All sections, pots and kinds of rules with their keys, kinds, defaults and meanings."""
    lines = [
        "# policy.toml", "", "Made by `python -m bosspick.policy_docs`. A key not given keeps its default.",
        "`fact:` names the row of `seeds/facts.csv` a default rests on.", "",
    ]  # fmt: skip
    for name, field in Policy.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            lines += _section(f"[{name}]", field.annotation)
    lines += _section("[[pots]]", Pot)
    for rule in _models(RuleSpec):
        kind = get_args(rule.model_fields["type"].annotation)[0]
        lines += _section(f'[[rules]] type = "{kind}"', rule, leave_out=("type",))
    return "\n".join(lines).rstrip() + "\n"


def _section(title: str, model: type[BaseModel], *, leave_out: tuple[str, ...] = ()) -> list[str]:
    about = (model.__doc__ or "").strip().splitlines()
    lines = [f"## {title}", "", *([about[0], ""] if about else []), "| key | kind | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        if name not in leave_out:
            lines.append(f"| `{name}` | {_kind(field.annotation)} | {_default(field)} | {_meaning(field)} |")
    return [*lines, ""]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models of a discriminated union."""
    if isinstance(annotation, type):
        return [annotation]
    parts = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return [model for part in parts for model in _models(part)]


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin is Literal:
        return " / ".join(f"`{choice}`" for choice in get_args(annotation))
    if origin is tuple:
        return f"list of {_kind(get_args(annotation)[0])}"
    if origin is dict:
        return f"table of {_kind(get_args(annotation)[1])} by name"
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_kind(part) for part in get_args(annotation) if part is not type(None))
    words = {
        "str": "text",
        "int": "whole number",
        "float": "number",
        "bool": "true / false",
        "Decimal": "yuan",
        "time": "clock",
    }
    return words.get(annotation.__name__, "table")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ((), {}, ""):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(f"`{getattr(each, 'id', each)}`" for each in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "/")


if __name__ == "__main__":
    import sys

    sys.stdout.write(policy_reference())
