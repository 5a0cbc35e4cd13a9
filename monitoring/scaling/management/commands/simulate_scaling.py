"""``manage.py simulate_scaling TRACE``: what each way of scaling would have made of a load."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.scaling.engine.chart import drawing
from monitoring.scaling.engine.simulation import TICK_S, Outcome, simulate, site_for, ways
from monitoring.scaling.engine.traces import MADE, Trace, TraceInvalid, read_trace, resampled


class Command(BaseCommand):
    help = "Replays a load through Kubernetes' autoscaler and this product's own, and compares lateness and cost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("trace", help=f"A CSV file with time and value, or one of: {', '.join(MADE)}.")
        parser.add_argument("--column", type=int, default=2, help="The column of the value; the time is in the first.")
        parser.add_argument("--events", action="store_true", help="Rows are events: the load is how many a minute.")
        parser.add_argument("--startup", type=float, default=60.0, help="Seconds until a new instance serves.")
        parser.add_argument("--max", type=int, default=20, help="The most instances.")
        parser.add_argument("--seed", type=int, default=1, help="Of a made up load.")
        parser.add_argument("--plot", type=Path, help="An SVG file to write.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["startup"] < 0 or options["max"] < 1 or options["column"] < 2:
            raise CommandError("--startup is 0 or more, --max 1 or more, --column 2 or more.")
        loads = resampled(self._trace(options), TICK_S)
        site = site_for(loads, startup_s=options["startup"], high=options["max"])
        outcomes = [simulate(name, make(), loads, site) for name, make in ways(site).items()]
        self._tell(options["trace"], len(loads), outcomes)
        if options["plot"]:
            options["plot"].write_text(drawing(Path(options["trace"]).stem, loads, site, outcomes), "utf-8")
            self.stdout.write(f"Drawn in {options['plot']}.")

    def _trace(self, options: dict[str, Any]) -> Trace:
        if options["trace"] in MADE:
            return MADE[options["trace"]](options["seed"])
        try:
            with Path(options["trace"]).open(encoding="utf-8-sig", newline="") as lines:
                return read_trace(lines, value_column=options["column"] - 1, counts_rows=options["events"])
        except (OSError, UnicodeDecodeError, TraceInvalid) as problem:
            raise CommandError(f"{options['trace']}: {problem}") from problem

    def _tell(self, name: str, steps: int, outcomes: list[Outcome]) -> None:
        self.stdout.write(f"{Path(name).stem}: {steps * TICK_S / 3600:.1f} h in steps of {TICK_S:.0f} s\n\n")
        self.stdout.write(f"{'':14}{'SLO minutes':>20}{'replica-hours':>22}{'reversals':>12}{'most in 1 h':>13}")
        first = outcomes[0]
        for one in outcomes:
            late = f"{one.late_min:.1f}{_against(one.late_min, first.late_min)}"
            hours = f"{one.hours:.1f}{_against(one.hours, first.hours)}"
            self.stdout.write(f"{one.name:14}{late:>20}{hours:>22}{one.turns:>12}{one.turns_max:>13}")


def _against(value: float, first: float) -> str:
    return f" ({(value / first - 1) * 100:+.1f} %)" if first else ""
