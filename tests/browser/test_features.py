"""What Chromium leaves off: its own pages below the address bar, and all that Playwright has it leave off."""

import re
from pathlib import Path

import playwright
import pytest

from tests.browser.guarded import CHROMIUM, guarded
from watcher.browser.features import LEFT_OFF, features_left_off

BUNDLE = Path(playwright.__file__).parent / "driver" / "package" / "lib" / "coreBundle.js"


def test_all_that_playwright_leaves_off_is_left_off_as_well():
    (switch,) = features_left_off()
    name, _, features = switch.partition("=")
    assert name == "--disable-features"
    *theirs, one, other = features.split(",")
    assert (one, other) == LEFT_OFF
    assert {"HttpsUpgrades", "OptimizationHints", "PaintHolding"} <= set(theirs)
    lines = (
        BUNDLE.read_text(encoding="utf-8")
        .split("disabledFeatures = [\n")[1]
        .split("    ].filter(")[0]
        .splitlines()
    )
    assert theirs == [line.strip().strip('",') for line in lines if line.strip().startswith('"')]


def test_comments_in_playwrights_list_are_no_features(tmp_path):
    driver = tmp_path / "coreBundle.js"
    driver.write_text(
        'x = 1;\ndisabledFeatures = [\n  // as "Other" was, see [1]\n  "One",\n  "Two"\n].filter(Boolean);\n"Three"'
    )
    assert features_left_off(driver) == (f"--disable-features=One,Two,{','.join(LEFT_OFF)}",)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "disabledFeatures = [",
        "disabledFeatures = []",
        'features = ["One"]',
        'disabledFeatures = [x ? "" : "One", "Two"]',
        'disabledFeatures = [a["b"], "Two"]',
    ],
)
def test_a_driver_that_says_it_otherwise_keeps_its_own_list(tmp_path, text):
    driver = tmp_path / "coreBundle.js"
    if text is not None:
        driver.write_text(text)
    assert features_left_off(driver) == ()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on the PATH")
def test_a_browser_opens_no_page_of_its_own_below_its_address_bar(playwright, tmp_path):
    with guarded(playwright, tmp_path, hosts=()) as (context, page):
        session = context.new_cdp_session(page)
        targets = session.send("Target.getTargets", {"filter": [{}]})["targetInfos"]
        own = [target["url"] for target in targets if re.match(r"chrome(-untrusted)?://", target["url"])]
        assert own == []
