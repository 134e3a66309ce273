"""What a producer turns at the desk, a widget a setting."""

from __future__ import annotations

from typing import Any

from bosspick.briefing.language import Language
from bosspick.desk.settings import Settings

__all__ = ["Controls"]


class Controls:
    """What a producer turns, a widget a setting.

    Parameters
    ----------
    start
        Settings to begin with; ranges are around them.
    screens
        Whether the thresholds of the screen mean anything.
    language
        What the labels are written in.
    """

    def __init__(self, start: Settings, *, screens: bool, language: Language) -> None:
        import ipywidgets as widgets

        t = language.gettext
        wide = widgets.Layout(width="480px")
        named = {"style": {"description_width": "150px"}, "layout": wide, "continuous_update": False}
        score, channels, pot = start.store_score_min, start.min_channels, start.platform_pot_yuan
        sliders = {
            "store_score_min": widgets.FloatSlider(
                value=score, min=min(4.0, score), max=5.0, step=0.05, description=t("store score at least"), **named
            ),
            "min_channels": widgets.IntSlider(
                value=channels, min=1, max=max(9, channels), description=t("channels at least"), **named
            ),
            "platform_pot_yuan": widgets.IntSlider(
                value=pot, min=0, max=max(pot * 2, 1), step=max(pot // 50, 1), description=t("platform subsidy, ¥"),
                disabled=not pot, readout_format=",d", **named,
            ),
        }  # fmt: skip
        if not screens:
            sliders = {"platform_pot_yuan": sliders["platform_pot_yuan"]}
        tags: dict[str, Any] = {"allow_duplicates": False, "layout": wide}
        none = t("none; type an offer id")
        chosen = {
            "locked": widgets.TagsInput(tag_style="success", placeholder=none, **tags),
            "banned": widgets.TagsInput(tag_style="danger", placeholder=none, **tags),
        }
        self.by_setting: dict[str, Any] = dict(sliders)
        rule = t("none; rule id and by how much, category +1")
        chosen["loosened"] = widgets.TagsInput(tag_style="warning", placeholder=rule, allow_duplicates=False, layout=wide)
        self.by_setting |= chosen
        names = {"locked": t("locked"), "banned": t("banned"), "loosened": t("rules that give way")}
        side = widgets.Layout(width="150px", justify_content="flex-end")
        labels = [widgets.Label(names[name], layout=side) for name in chosen]
        rows = [widgets.HBox([label, control]) for label, control in zip(labels, chosen.values(), strict=True)]
        self.box = widgets.VBox([*sliders.values(), *rows])

    def write(self, settings: Settings) -> None:
        """Show settings."""
        for name, control in self.by_setting.items():
            value = getattr(settings, name)
            control.value = list(value) if isinstance(value, tuple) else value
