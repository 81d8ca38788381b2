"""The local settings with the bare view beside the portal."""

from portal.settings.local import *  # noqa: F403  settings modules extend one another by name

ROOT_URLCONF = "bench.bare_view"
