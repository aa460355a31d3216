"""What a seller's own quick script would do: open the list and the threads, save page and JSON.

With `--pictures` it takes a picture of each page, too: it does not compare, so it cannot know which one it will need. With
`--all=CONVERSATION` it takes of that one, and of the list, what a check keeps of a page that has changed.
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, Response, sync_playwright

TALLEST = (
    """() => Math.max(0, ...[...document.querySelectorAll('*')].map(e => e.scrollHeight - e.clientHeight))"""
)


THREAD, CARD = "[data-testid='conversation-wrapper']", ".PaymentMessageBox"


def main(profile: str, base_url: str, arguments: list[str]) -> None:
    """Fetch the same bytes as a check does."""
    whole = {name.removeprefix("--all=") for name in arguments if name.startswith("--all=")}
    pictures = "--pictures" in arguments
    conversations = [name for name in arguments if not name.startswith("--")]
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
        for name in ["", *conversations]:
            address = f"?conversationId={quote(name, safe=':')}" if name else ""
            answers.clear()
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"{base_url}/m-nachrichten.html{address}", wait_until="domcontentloaded")
            page.wait_for_selector("#conversation-list article")
            if address:
                page.wait_for_selector(".ReplyBox")
            saved += sum(len(answer.body()) for answer in answers if answer.request.method == "GET")
            saved += len(page.content())
            is_kept = name in whole or (whole and not name)  # the list shows the change, too
            if pictures or is_kept:
                page.set_viewport_size({"width": 1280, "height": 900 + page.evaluate(TALLEST)})
                saved += len(page.screenshot(type="webp", full_page=True))
            if is_kept:
                saved += sum(map(len, everything_else(page, answers)))
        context.close()
        print(saved)


def everything_else(page: Page, answers: list[Response]) -> list[bytes]:
    """Take what a kept capture of a thread has besides, by the obvious calls."""
    session = page.context.new_cdp_session(page)
    archive = session.send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode()
    session.detach()
    threads = page.locator(THREAD)
    thread = threads.first if threads.count() else page.locator("body")
    box = thread.bounding_box() or {"x": 0, "y": 0, "width": 1280, "height": 900}
    top = max(box["y"], box["y"] + box["height"] - 900)
    lower = {"x": box["x"], "y": top, "width": box["width"], "height": box["y"] + box["height"] - top}
    files = [
        archive,
        page.screenshot(type="png", clip=lower),  # type: ignore[arg-type]
        page.screenshot(type="png", clip=lower, scale="css"),  # type: ignore[arg-type]
        page.locator("body").aria_snapshot().encode(),
        thread.screenshot(type="webp"),
    ]
    files.extend(card.screenshot(type="webp") for card in thread.locator(CARD).all())
    for answer in answers:
        if answer.request.method == "GET":
            answer.all_headers()
            answer.security_details()
            answer.server_addr()
    return files


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
