"""Every series that is measured: its name, what it means and when it is worth a look.

Contract   ``CATALOGUE`` names every series that ``derive`` answers, in the order in which people read them.
           Thresholds here are the defaults; config/performance.yaml may name others.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitoring.types import SeriesSpec, Thresholds

#: better: which way is good, - for neither; warn and critical in the unit; dec: decimals to show;
#: over time: how the values within a longer step become one for charts. Names as they are stored and in the API.
_TABLE: Final = """
name                | title                 | unit        | better | warn | critical | dec | over time
[system]
cpu_usage           | CPU                   | %           | low    | 70   | 85       | 1   | mean
memory_usage        | Memory                | %           | low    | 75   | 90       | 1   | mean
memory_available    | Memory available      | bytes       | high   | -    | -        | 0   | mean
disk_usage          | Disk                  | %           | low    | 80   | 90       | 1   | mean
disk_read           | Disk reads            | bytes/s     | -      | -    | -        | 0   | mean
disk_write          | Disk writes           | bytes/s     | -      | -    | -        | 0   | mean
network_in          | Network in            | bytes/s     | -      | -    | -        | 0   | mean
network_out         | Network out           | bytes/s     | -      | -    | -        | 0   | mean
cpu_throttled       | CPU throttled         | %           | low    | 5    | 25       | 1   | mean
cpu_pressure        | CPU pressure          | %           | low    | 60   | 90       | 1   | mean
event_loop_lag      | Event loop lag        | ms          | low    | 100  | 500      | 1   | max
thread_pool_lag     | Thread wait           | ms          | low    | 100  | 500      | 1   | max
certificate_days    | Certificate           | days        | high   | 14   | 3        | 0   | min
process_memory      | Process memory        | bytes       | low    | -    | -        | 0   | mean
[requests]
throughput          | Throughput            | requests/s  | -      | -    | -        | 1   | mean
response_time       | Response time         | ms          | low    | 100  | 200      | 1   | mean
response_time_p50   | Response time p50     | ms          | low    | -    | -        | 1   | mean
response_time_p95   | Response time p95     | ms          | low    | 250  | 1000     | 1   | max
response_time_p99   | Response time p99     | ms          | low    | 500  | 2000     | 1   | max
error_rate          | Errors                | %           | low    | 1    | 5        | 2   | mean
slow_requests       | Slow requests         | /s          | low    | 1    | 10       | 2   | mean
login_failures      | Failed sign-ins       | /min        | low    | -    | -        | 1   | mean
refused_keys        | Refused keys          | /min        | low    | -    | -        | 1   | mean
refused_permissions | Refused permissions   | /min        | low    | -    | -        | 1   | mean
[database]
db_pool_size        | Connections held      | connections | -      | -    | -        | 0   | mean
db_pool_checked_out | Connections in use    | connections | -      | -    | -        | 0   | mean
db_pool_overflow    | Connections over plan | connections | low    | 16   | 64       | 0   | mean
db_query_time       | Query time            | ms          | low    | 20   | 100      | 2   | mean
db_queries          | Queries               | /s          | -      | -    | -        | 1   | mean
db_connections      | Server connections    | connections | low    | -    | -        | 0   | mean
replication_lag     | Replication lag       | s           | low    | 10   | 60       | 1   | max
[cache]
cache_hit_rate      | Cache hits            | %           | high   | 70   | 30       | 1   | mean
cache_entries       | Cache entries         | entries     | -      | -    | -        | 0   | mean
cache_memory        | Cache memory          | bytes       | -      | -    | -        | 0   | mean
redis_memory        | Redis memory          | bytes       | low    | -    | -        | 0   | mean
redis_clients       | Redis clients         | connections | -      | -    | -        | 0   | mean
redis_operations    | Redis operations      | /s          | -      | -    | -        | 0   | mean
[sockets]
sockets             | Open sockets          | sockets     | -      | -    | -        | 0   | mean
frames_sent         | Frames sent           | /s          | -      | -    | -        | 1   | mean
frames_dropped      | Frames dropped        | /s          | low    | 1    | 100      | 2   | mean
[jobs]
queue_age           | Queue age             | s           | low    | 10   | 60       | 1   | max
queue_length        | Queue length          | tasks       | low    | 200  | 2000     | 0   | max
tasks               | Tasks                 | /s          | -      | -    | -        | 2   | mean
task_time           | Task time             | ms          | low    | -    | -        | 1   | mean
task_failures       | Task failures         | /s          | low    | 0.05 | 1        | 2   | mean
task_retries        | Task retries          | /s          | low    | -    | -        | 2   | mean
[exchange]
orders              | Orders                | /s          | -      | -    | -        | 2   | mean
trades              | Trades                | /s          | -      | -    | -        | 2   | mean
match_latency       | Match latency         | ms          | low    | 100  | 500      | 1   | max
batch_size          | Batch size            | commands    | -      | -    | -        | 1   | mean
book_depth          | Book depth            | credits     | high   | -    | -        | 0   | last
settlement_lag      | Settlement lag        | s           | low    | 60   | 300      | 0   | max
outbox_lag          | Announcement lag      | s           | low    | 2    | 10       | 3   | max
ledger_check        | Ledger check          | 0/1         | high   | 0    | 0        | 0   | min
open_markets        | Open markets          | markets     | -      | -    | -        | 0   | last
active_traders      | Active traders        | people      | high   | -    | -        | 0   | last
volume              | Volume                | credits/min | -      | -    | -        | 1   | mean
maker_loss          | Maker loss at worst   | %           | low    | -    | -        | 1   | max
wash_trading        | Back and forth        | %           | low    | -    | -        | 1   | max
[health]
health_score        | Health                | points      | high   | 80   | 40       | 0   | min
"""
_HELP: Final = {
    "cpu_usage": "Busy share of the container's CPU limit, or of the host without one; the mean of all hosts.",
    "memory_usage": (
        "Memory in use, without the page cache that can be dropped, of the container's limit or of the host; "
        "the fullest host."
    ),
    "memory_available": "What the fullest host can still give to processes.",
    "disk_usage": "Full share of the file system that holds the data.",
    "disk_read": "Read from disks by the container or host.",
    "disk_write": "Written to disks by the container or host.",
    "network_in": "Received on all interfaces but loopback.",
    "network_out": "Sent on all interfaces but loopback.",
    "cpu_throttled": "Share of the time in which the container's CPU limit held its processes back.",
    "cpu_pressure": "Share of the time in which some process waited for a CPU (Linux pressure stall information).",
    "event_loop_lag": "How late the event loops run what is due, 95th percentile.",
    "thread_pool_lag": "How long a request waited for a thread, 95th percentile.",
    "certificate_days": "Until the certificate of PUBLIC_URL ends; told only for https.",
    "process_memory": "Resident memory of all the product's processes.",
    "throughput": "Requests answered.",
    "response_time": "Mean time to answer a request.",
    "response_time_p50": "Half of the requests are answered faster.",
    "response_time_p95": "One request in 20 takes longer.",
    "response_time_p99": "One request in 100 takes longer.",
    "error_rate": "Share of requests answered with 500 or above.",
    "slow_requests": "Requests that took longer than SLOW_REQUEST_THRESHOLD.",
    "login_failures": "Attempts to sign in with a wrong name or password.",
    "refused_keys": "Requests whose credentials were refused (answer 401).",
    "refused_permissions": "Requests for what the caller may not do (answer 403).",
    "db_pool_size": "Database connections that the processes keep; each thread keeps its own, there is no shared pool.",
    "db_pool_checked_out": "Held connections that execute a statement or sit inside a transaction at the moment.",
    "db_pool_overflow": "Connections that a process holds beyond HTTP_THREADS, one for each thread of requests.",
    "db_query_time": "Mean time of a statement, as the application waits for it.",
    "db_queries": "Statements sent by the application.",
    "db_connections": "Client connections that PostgreSQL has open, of all programs.",
    "replication_lag": "How far the slowest replica is behind; told only where there are replicas.",
    "cache_hit_rate": "Share of the lookups of the last minute that a cache answered.",
    "cache_entries": "Answers kept in memory and in Redis.",
    "cache_memory": "Estimated size of what the caches keep.",
    "redis_memory": "Memory that Redis uses for its data.",
    "redis_clients": "Connections to Redis.",
    "redis_operations": "Commands that Redis executes.",
    "sockets": "WebSockets that are served.",
    "frames_sent": "Messages sent to sockets.",
    "frames_dropped": "Messages that a client was too slow to take.",
    "queue_age": "Age of the oldest task that waits for a worker; 0 when none waits.",
    "queue_length": "Tasks that wait for a worker.",
    "tasks": "Tasks that workers finished.",
    "task_time": "Mean run time of a task.",
    "task_failures": "Tasks that ended with an error.",
    "task_retries": "Tasks that asked to be run again.",
    "orders": "Orders accepted.",
    "trades": "Fills booked.",
    "match_latency": "From a command's arrival to its committed answer, 95th percentile.",
    "batch_size": "Commands executed in one transaction, mean.",
    "book_depth": "Worth of all resting orders at their own prices.",
    "settlement_lag": "Age of the oldest market that is decided but not paid out; 0 when none waits.",
    "outbox_lag": "Age of the oldest committed change that a process has not yet announced to the streams.",
    "ledger_check": "1 when the newest transfers sum to zero and the balances of their accounts follow from them.",
    "open_markets": "Markets open for trading.",
    "active_traders": "Who placed an order in the last five minutes, as far as the last 10,000 orders tell.",
    "volume": "Cost of all fills.",
    "maker_loss": "What makers would lose if each open market went the way that costs most, of the most they can lose.",
    "wash_trading": "Share of the volume of 15 minutes between pairs who trade with each other in both directions.",
    "health_score": (
        "100 when nothing is past its warning; at most 80 with a warning, at most 40 with anything critical. "
        "Worked out from the other series."
    ),
}


def _specs() -> Iterator[SeriesSpec]:
    group: Any = ""
    for line in _TABLE.strip().splitlines()[1:]:
        if line.startswith("["):
            group = line.strip("[]")
            continue
        name, title, unit, better, warn, critical, decimals, aggregate = (cell.strip() for cell in line.split(" | "))
        kinds: Any = (None if better == "-" else better, aggregate)
        limits = (_number(warn), _number(critical))
        yield SeriesSpec(name, title, unit, group, kinds[0], *limits, int(decimals), _HELP[name], kinds[1])


def _number(text: str) -> float | None:
    return None if text == "-" else float(text)


CATALOGUE: Final[Mapping[str, SeriesSpec]] = {spec.name: spec for spec in _specs()}
DEFAULT_THRESHOLDS: Final[Mapping[str, Thresholds]] = {
    spec.name: Thresholds(spec.warn, spec.critical) for spec in CATALOGUE.values() if spec.critical is not None
}
