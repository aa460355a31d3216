"""Whether the mailbox can be watched."""

from dataclasses import dataclass

from watcher.errors import StornowachtError
from watcher.mailbox.fault import MailboxError, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How it is with the mailbox; without trouble it is fine."""

    trouble: Trouble | None = None
    message: str = ""
    advice: str = ""

    @property
    def ok(self) -> bool:
        """Whether mails are seen as they come."""
        return self.trouble is None


def health_of(fault: StornowachtError) -> Health:
    """Return what a fault says about the mailbox; one of the caller's own means that nothing is remembered."""
    trouble = fault.trouble if isinstance(fault, MailboxError) else Trouble.NOT_REMEMBERED
    return Health(trouble=trouble, message=fault.message, advice=fault.advice)
