"""The message box of February 2026, which names its parts by class alone.

Sources: a public client's message tab (2026-02) for the class names of rows, header, messages, cards and reply box. That
a row's id stands in its link alone, and that the conversation is whatever holds the header, is inferred: the
source shows no attribute for either.
"""

from datetime import date

from watcher.pages.layout import Layout
from watcher.pages.selectors import Selectors

LAYOUT = Layout(
    name="messagebox_2026_02",
    seen=date(2026, 2, 28),
    selectors=Selectors(
        list="#conversation-list",
        row="article.ConversationListItem",
        row_id="input[data-testid]",
        row_link="a[href*='conversationId']",
        row_title="h3",
        row_buyer=":scope header span span",
        row_date=":scope header > span:last-child",
        row_preview=":scope section span",
        thread=":has(> .ConversationHeader)",
        thread_title=".ConversationHeader a",
        message_list=".MessageList",
        message=".MessageList > li .MessageListItem--Message",
        message_date=".MessageListItem-Date",
        inbound=".Message-inbound",
        outbound=".Message-outbound",
        card="section.PaymentMessageBox",
        card_heading="h3, h4",
        buttons="button, a, [role='button']",
        reply_box=".ReplyBox, textarea#nachricht",
    ),
)
