"""Where the program keeps its own files, by the platform's conventions or where the user says."""

import os
from enum import StrEnum
from pathlib import Path

APP = "alvh-tui"
PRIVATE = 0o700
"""What one owns and plans is nobody else's business."""


class Directory(StrEnum):
    CONFIG = "config"
    DATA = "data"
    CACHE = "cache"
    STATE = "state"
    """Logs: they lie in the data directory where that has been moved, so that one variable moves both."""

    @property
    def variable(self) -> str:
        """The environment variable that moves it."""
        return f"ALVH_{self.name}_DIR"

    @property
    def path(self) -> Path:
        """Where it is, or would be; nothing is made."""
        told = os.environ.get(self.variable)
        if told:
            return Path(told).expanduser()
        if self is Directory.STATE and os.environ.get(Directory.DATA.variable):
            return Directory.DATA.path / "state"
        import platformdirs

        conventional = {
            Directory.CONFIG: platformdirs.user_config_path,
            Directory.DATA: platformdirs.user_data_path,
            Directory.CACHE: platformdirs.user_cache_path,
            Directory.STATE: platformdirs.user_state_path,
        }
        return conventional[self](APP, appauthor=False)

    def made(self) -> Path:
        """The directory, made where it is missing and for its owner alone; OSError where that cannot be."""
        path = self.path
        path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        return path
