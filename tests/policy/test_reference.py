"""The reference of ``policy.toml`` is made from the policy, and is up to date."""

from __future__ import annotations

from pathlib import Path

from bosspick.policy import Policy
from bosspick.policy_docs import policy_reference

DOCS = Path(__file__).resolve().parents[2] / "docs" / "policy.md"


def test_the_file_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == policy_reference(), "run `python -m bosspick.policy_docs > docs/policy.md`"


def test_every_key_is_in_it() -> None:
    text = policy_reference()
    for name, field in Policy.model_fields.items():
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"| `{key}` |" in text, f"{name}.{key}"
