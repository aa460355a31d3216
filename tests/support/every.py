"""Many small cases in one test: a test of its own costs milliseconds, which hundreds of cheap cases are not worth."""

import inspect
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from traceback import extract_tb
from typing import Any

import pytest


def every(
    names: str | tuple[str, ...],
    cases: Collection[Any],
    *,
    ids: Callable[[Any], str] | Sequence[str] = repr,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Like `pytest.mark.parametrize`, within one test: every case is tried, and all that fail are told by name.

    Fixtures are the same for all cases. `names` is one name, or a tuple of names for cases that are tuples.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        wanted = (names,) if isinstance(names, str) else names
        signature = inspect.signature(test)
        missing = set(wanted) - set(signature.parameters)
        assert not missing, f"{test.__name__} takes no {sorted(missing)}"
        left = [each for name, each in signature.parameters.items() if name not in wanted]

        @wraps(test)
        def try_every(**fixtures: object) -> None:
            assert len(cases) > 0, "there is no case to try"
            faults = []
            titles = map(ids, cases) if callable(ids) else ids
            for case, title in zip(cases, titles, strict=True):
                values = (case,) if isinstance(names, str) else case
                try:
                    test(**fixtures, **dict(zip(wanted, values, strict=True)))
                except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001 - whatever it is, it is told
                    faults.append(f"{title}\n{_told(fault)}")
            if faults:
                pytest.fail(
                    "\n\n".join((f"{len(faults)} of {len(cases)} cases fail:", *faults)), pytrace=False
                )

        try_every.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return try_every

    return decorate


def _told(fault: BaseException) -> str:
    where = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(fault.__traceback__)[1:]]
    said = f"{type(fault).__name__}: {fault}".splitlines()
    return "\n".join(f"    {line}" for line in (" > ".join(where), *said))
