"""Chromium refuses a picture now and then and takes the same one a moment later, most often soon after its start."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

from playwright.sync_api import Error

_Asked = ParamSpec("_Asked")
_REFUSAL: Final = "Unable to capture screenshot"
_MOMENT: Final = 0.1  # seconds


def asked_again(take: Callable[_Asked, bytes]) -> Callable[_Asked, bytes]:
    """Let a picture that is refused be asked for once more; what else goes wrong stays as it is."""

    @wraps(take)
    def taken(*args: _Asked.args, **kwargs: _Asked.kwargs) -> bytes:
        try:
            return take(*args, **kwargs)
        except Error as error:
            if _REFUSAL not in error.message:
                raise
        time.sleep(_MOMENT)
        return take(*args, **kwargs)

    return taken
