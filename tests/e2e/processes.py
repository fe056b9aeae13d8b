"""Bots in processes of their own, to be killed."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

__all__ = ["killed", "started"]


def started(target: Callable[..., None], *told: Any) -> BaseProcess:
    """A process that calls `target`; what its module imports is paid for by the first alone."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([target.__module__])
    process = context.Process(target=target, args=told, daemon=True)
    process.start()
    return process


def killed(process: BaseProcess) -> None:
    """As kill -9 does."""
    process.kill()
    process.join()
