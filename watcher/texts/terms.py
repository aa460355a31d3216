"""What the platform's terms say, in our own words; nothing is visited before somebody has accepted that."""

TERMS = (
    "The platform's terms (section 5) forbid, without its express written consent, \"crawlers, spiders, scrapers or other "
    'automated mechanisms" for accessing its services and collecting content, and its robots.txt fences the message box '
    "off. Stornowacht reads your own orders, slowly, and changes nothing; that is no permission. The platform may warn or "
    "exclude your account. That risk is yours."
)
