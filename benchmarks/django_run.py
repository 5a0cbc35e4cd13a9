"""Run a module with Django set up: `python -m benchmarks.django_run MODULE ARGUMENTS`."""

import os
import runpy
import sys

import django

from opinion_market.garbage import calm_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

if __name__ == "__main__":
    django.setup()
    calm_collector()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
