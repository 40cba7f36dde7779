"""What the user has set for himself: one hand-edited file, read with problems by line."""

from alvh_tui.settings.load import load_settings
from alvh_tui.settings.model import DEFAULT_SETTINGS, AlertSettings, ScreenSettings, Settings
from alvh_tui.settings.starter import settings_text

__all__ = [
    "DEFAULT_SETTINGS",
    "AlertSettings",
    "ScreenSettings",
    "Settings",
    "load_settings",
    "settings_text",
]
