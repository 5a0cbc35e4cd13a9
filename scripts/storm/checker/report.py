"""Findings as lines for people."""

from scripts.storm.checker.findings import Findings


def report_of(findings: Findings) -> str:
    lines = [f"  {name.replace('_', ' '):46} {value:>12,}" for name, value in findings.counts.items()]
    for code, texts in sorted(findings.mistakes.items()):
        lines.append(f"WRONG {code}: {findings.numbers[code]:,}")
        lines += [f"    {text}" for text in texts]
    lines.append("Nothing is wrong." if findings.is_good else f"{findings.numbers.total():,} things are wrong.")
    return "\n".join(lines)
