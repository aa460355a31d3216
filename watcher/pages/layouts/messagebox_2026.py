"""The message box as public client code of February to September 2026 knows it.

No saved page of a logged-in account is public: every selector below comes from code, not from markup.
Sources: EinMelih/Kleinanzeigen-API-unoffical- message.service.ts (2026-03) and another client (2026-02); both agree on
`#conversation-list article`, the rest is single-source, hence several candidates per item.
"""

from datetime import date

from watcher.pages.layout import Layout
from watcher.pages.selectors import Selectors

LAYOUT = Layout(
    name="messagebox_2026",
    seen=date(2026, 9, 25),
    selectors=Selectors(
        list="#conversation-list, [data-testid='conversation-list']",
        row="article",
        row_id="input[data-testid]",
        row_link="a[href*='conversationId']",
        row_title="h3",
        # The list itself is a section: without `:scope` any span in a row would be "a span in a section".
        row_buyer=":scope header span span",
        row_date=":scope header > span:last-child",
        row_preview=":scope section span",
        thread="[data-testid='conversation-wrapper']",
        thread_title=".ConversationHeader a",
        message_list=".MessageList",
        message=".MessageList > li :is(.Message--Text, .MessageListItem--Message)",
        message_date=".MessageListItem-Date",
        inbound="[data-testid='INBOUND'], .Message-inbound",
        outbound="[data-testid='OUTBOUND'], .Message-outbound",
        card=".PaymentMessageBox",
        card_heading="[data-testid='payment-message-header-extended'], header, h3, h4",
        buttons="button, a, [role='button']",
        reply_box=".ReplyBox",
    ),
)
