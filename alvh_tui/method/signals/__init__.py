"""Every signal of the method, one small file each; a new file here is a new signal."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from alvh_tui.method.settings import settings
from alvh_tui.method.signal import Unit


@cache
def units() -> Mapping[str, Unit]:
    """By name, in the order in which the rules file brings up their families."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Unit)]
    families = list(dict.fromkeys(key.partition(".")[0] for key in settings()))
    found.sort(key=lambda unit: families.index(unit.entry.id.partition(".")[0]))
    return MappingProxyType({unit.entry.id: unit for unit in found})
