#!/usr/bin/env python3
"""Django's command line for the portal; the settings module comes from DJANGO_SETTINGS_MODULE, local by default."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    execute_from_command_line(sys.argv)
