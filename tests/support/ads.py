"""Own ads in a storage folder, as readings have left them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.ready import with_database
from watcher.domain.ad import Ad, KnownAd
from watcher.storage.store import SqliteStore


def plant_ads(
    folder: Path,
    ads: Iterable[Ad],
    *,
    now: datetime,
    unread: Iterable[Ad] = (),
    gone: Iterable[Ad] = (),
    complete: bool = True,
    account: str = "main",
) -> None:
    """Put ads into a storage folder: some read yesterday, some not read yet, some gone since."""
    store = SqliteStore(with_database(folder))
    yesterday = now - timedelta(days=1)
    known = [_known(account, ad, yesterday, read=True) for ad in ads]
    known += [_known(account, ad, yesterday, read=False) for ad in unread]
    known += [replace(_known(account, ad, yesterday, read=True), gone_at=now) for ad in gone]
    with store.writing() as writing:
        writing.save_account(
            replace(store.account(account), ads_read_at=now - timedelta(hours=2), ads_complete=complete)
        )
        for one in known:
            writing.ads().save(one)
    store.close()


def _known(account: str, ad: Ad, at: datetime, *, read: bool) -> KnownAd:
    return KnownAd(
        account=account, ad=ad, first_seen_at=at, seen_at=at, mark="mark", read_at=at if read else None
    )
