#!/usr/bin/env python
"""Django's command line; development settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

from common.configuration.reading import ConfigError
from opinion_market.settings.env import EnvError

#: These change tables, so they connect as the tables' owner.
OWNER_COMMANDS = ("migrate", "flush", "grant_app_role", "up")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
    os.environ.setdefault("PROCESS_ROLE", "migration" if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS else "command")
    try:
        execute_from_command_line(sys.argv)
    except (EnvError, ConfigError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
