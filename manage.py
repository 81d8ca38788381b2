#!/usr/bin/env python3
"""Django's command line for the portal; the settings module comes from DJANGO_SETTINGS_MODULE, local by default."""

import os
import sys

from django.core.management import execute_from_command_line

from regions.channel import acting_through

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    with acting_through(f"命令 {' '.join(sys.argv[1:2])}".rstrip()):
        execute_from_command_line(sys.argv)
