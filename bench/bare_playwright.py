"""What a seller's own quick script would do: open the list and the threads, save picture, page and JSON."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Response, sync_playwright

TALLEST = (
    """() => Math.max(0, ...[...document.querySelectorAll('*')].map(e => e.scrollHeight - e.clientHeight))"""
)


def main(profile: str, base_url: str, conversations: list[str]) -> None:
    """Fetch the same bytes as a check does."""
    # No tabs to restore, as in a check: they would be loaded besides.
    shutil.rmtree(Path(profile) / "Default" / "Sessions", ignore_errors=True)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path="/usr/bin/chromium" if os.path.exists("/usr/bin/chromium") else None,  # noqa: PTH110
            chromium_sandbox=os.geteuid() != 0,
            args=["--restore-last-session"],
            viewport={"width": 1280, "height": 900},
        )
        page = context.pages[0]
        answers: list[Response] = []
        page.on(
            "response",
            lambda response: answers.append(response) if "/conversations" in response.url else None,
        )
        saved = 0
        for address in ["", *(f"?conversationId={quote(name, safe=':')}" for name in conversations)]:
            answers.clear()
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{base_url}/m-nachrichten.html{address}", wait_until="domcontentloaded")
            page.wait_for_selector("#conversation-list article")
            if address:
                page.wait_for_selector(".ReplyBox")
            saved += sum(len(answer.body()) for answer in answers if answer.request.method == "GET")
            saved += len(page.content())
            page.set_viewport_size({"width": 1280, "height": 900 + page.evaluate(TALLEST)})
            saved += len(page.screenshot(type="webp", full_page=True))
        context.close()
        print(saved)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
