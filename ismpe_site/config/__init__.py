"""The config room: ``site.toml`` → Config, or every problem of it at once."""

from ismpe_site.config.load import load_config
from ismpe_site.config.settings import Config

__all__ = ["Config", "load_config"]
