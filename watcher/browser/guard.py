"""The read-only guard: a bundled Chromium extension, and the switches that go with it.

The browser's own network layer stops what could write before it leaves the machine, also from workers and from pages
that are already gone; no script of ours runs in a page, and the HTTP cache stays on. It guards the regular profile
only: private (off-the-record) contexts load no extensions, so visits use a persistent context. That a given browser
obeys is never assumed but shown: `proof.prove` once per browser, `proof.canary` at every visit. What is stopped and why
is in `guard_rules` and `guard_switches`, and what is not closed is in `guard_rules.NOT_CLOSED`.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from watcher.browser.guard_rules import RULES, exception_rules, host_rules
from watcher.browser.guard_switches import switches
from watcher.errors import BrowserError
from watcher.texts.language import _

# Playwright's own default would switch the guard off.
IGNORED_DEFAULT_ARGUMENTS: Final[tuple[str, ...]] = ("--disable-extensions",)
_PROOF_PAGES: Final = Path(__file__).with_name("proof_page")


def write_extension(folder: Path, *, allow: Sequence[str] = (), hosts: Sequence[str] = ()) -> Path:
    """Write the guard's extension into `folder` (made if missing) and return it.

    `allow` lists what the user lets through in spite of the guard: an exact address (scheme, host, path; any query goes
    with it), or one method at that address, as in ``PUT https://host/path``, or ``GET`` for one of another host. Never a
    WebSocket. Name the method wherever one address does several things. `hosts` are the site's; nothing is loaded from
    others (none given: from anywhere). The files depend on these alone, not on their order, and are touched only when they
    differ. Chromium keeps an index in the same folder: give browsers that run at the same time one each.

    Raises:
        ValueError: an entry of `allow` is not an exact address; the message names it and says what is wrong.

    """
    rules = [
        *RULES,
        *host_rules(hosts),
        *(rule for entry in sorted(set(allow)) for rule in exception_rules(entry)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    _write_if_different(folder / "manifest.json", _MANIFEST)
    _write_if_different(
        folder / "rules.json",
        [
            {"id": number, "priority": rule.priority, "action": rule.action, "condition": rule.condition}
            for number, rule in enumerate(rules, start=1)
        ],
    )
    return folder


def launch_arguments(
    extension: Path, *, proxy: str = "direct://", hosts: Sequence[str] = (), allow: Sequence[str] = ()
) -> list[str]:
    """Return the switches that load the guard and close what its rules cannot see.

    They replace the system's proxy settings; whoever needs a proxy names it here, as in ``http://host:3128``. With `hosts`
    no other name is looked up (but those that `allow` names): a browser also calls its maker by itself, beside any page.

    Raises:
        BrowserError: the extension's path holds a comma, where Chromium would cut it in two.

    """
    folder = extension.resolve()
    if "," in str(folder):
        raise BrowserError(
            _(
                "No browser loads the read-only guard from a folder with a comma in its path: {folder}."
            ).format(folder=folder),
            advice=_("Choose another folder with [storage] dir in the config."),
        )
    return [switch.text for switch in switches(folder, proxy=proxy, hosts=hosts, allow=allow)]


def fingerprint(extension: Path) -> str:
    """Return the SHA-256 over the written rules, all switches and all that a proof tries, wherever the extension lies.

    A proof holds for one fingerprint and one browser version; either changing asks for a new proof.

    Raises:
        FileNotFoundError: no extension was written there.

    """
    digest = hashlib.sha256()
    for name in ("manifest.json", "rules.json"):
        digest.update((extension / name).read_bytes())
    for file in sorted(_PROOF_PAGES.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    # With any host, so that the switches which only a site asks for count as well; which host it is, the rules say.
    texts = [switch.text for switch in switches(Path("guard"), hosts=("site",))]
    digest.update(_json([*texts, *IGNORED_DEFAULT_ARGUMENTS]))
    return digest.hexdigest()


def proof_key(product: str, fingerprint: str, *, headless: bool) -> str:
    """Return under which name a proof is remembered."""
    return f"{product} {fingerprint} headless={headless}"


_MANIFEST: Final = {
    "manifest_version": 3,
    "name": "Stornowacht read-only guard",
    "version": "1.0",
    "description": "Stops every request that could change something.",
    "permissions": ["declarativeNetRequest"],
    "host_permissions": ["<all_urls>"],
    "declarative_net_request": {
        "rule_resources": [{"id": "read-only", "enabled": True, "path": "rules.json"}],
    },
}


def _write_if_different(file: Path, content: object) -> None:
    wanted = _json(content)
    if file.is_file() and file.read_bytes() == wanted:
        return
    # Replaced as a whole: a browser that starts meanwhile reads the old rules or the new ones, never half.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(wanted)
    draft.replace(file)


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"
