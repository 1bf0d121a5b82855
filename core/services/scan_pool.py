"""A pool of detector processes that hands out id lists and gives back answers as they come.

Only as many tasks are in the pool as its processes can soon take, and each looks now and then whether its answer is
still wanted, so that a cancel waits for a second of work, not for the whole queue.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from core.cancel import CancelToken
from core.errors import Refusal
from core.services import scan_child
from core.services.scan_child import Found, ScanJob

MOST_WORKERS = 4
POLL = 0.2  # seconds between looks at the cancel token

Answer = tuple[str, Found]
Here = Callable[[ScanJob, Sequence[int]], Answer]
There = Callable[[Sequence[int]], Answer]


def workers_for(asked: int | None, tasks: int) -> int:
    """How many processes to start: as asked, else one a core up to four, never more than there are tasks."""
    wanted = min(cpu_count() or 1, MOST_WORKERS) if asked is None else max(0, asked)
    return min(wanted, tasks)


def run_tasks(
    workspace: Path,
    tasks: Sequence[list[int]],
    *,
    here: Here,
    there: There,
    workers: int | None,
    rules_only: bool,
    cancel: CancelToken,
) -> Generator[tuple[list[int], Answer]]:
    """Run each task and give it back with its answer, in the order of completion.

    With ``workers`` 0 the tasks run in this process by ``here``, else in spawned ones by ``there``.
    Raises ``Cancelled`` on a cancel and a Refusal if a process dies.
    """
    count = workers_for(workers, len(tasks))
    if count == 0:
        yield from _in_this_process(workspace, tasks, here, rules_only=rules_only, cancel=cancel)
        return
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(
        count, mp_context=context, initializer=scan_child.start, initargs=(workspace, rules_only, stop)
    )
    try:
        yield from _in_pool(pool, tasks, there, count * 2, cancel)
    except BrokenProcessPool as error:
        raise Refusal(
            "A detector process ended unexpectedly; what was scanned so far is kept, so start the scan again."
        ) from error
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _in_this_process(
    workspace: Path, tasks: Sequence[list[int]], here: Here, *, rules_only: bool, cancel: CancelToken
) -> Generator[tuple[list[int], Answer]]:
    if not tasks:
        return
    job = scan_child.open_job(workspace, rules_only=rules_only, check=cancel.check)
    try:
        for task in tasks:
            cancel.check()
            yield task, here(job, task)
    finally:
        job.conn.close()


def _in_pool(
    pool: ProcessPoolExecutor, tasks: Sequence[list[int]], there: There, most: int, cancel: CancelToken
) -> Generator[tuple[list[int], Answer]]:
    waiting = iter(tasks)
    running: dict[Future[Answer], list[int]] = {}
    while True:
        cancel.check()
        while len(running) < most and (task := next(waiting, None)) is not None:
            running[pool.submit(there, task)] = task
        if not running:
            return
        done, _ = wait(running, timeout=POLL, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()
