"""The programs that are compared, each driven as its own documents say, with the settings that suit this work best."""

from bench.tools.bare import BarePlaywright
from bench.tools.changedetection import ChangeDetection
from bench.tools.setting import Setting
from bench.tools.shot_scraper import ShotScraper
from bench.tools.stornowacht import Stornowacht
from bench.tools.tool import Round, Tool
from bench.tools.webchanges import WebChanges

TOOLS: tuple[type[Tool], ...] = (Stornowacht, WebChanges, ChangeDetection, ShotScraper)

__all__ = ["TOOLS", "BarePlaywright", "ChangeDetection", "Round", "Setting", "Tool", "WebChanges"]
