"""By which marks a page shows that it has come to rest. Sources: as in the layouts."""

MARKER = "#user-email, [data-testid='ownprofile-header'], [data-testid='user-badge'], a[href*='m-abmelden']"
ROWS = "#conversation-list article, [data-testid='conversation-list'] article"
SKELETONS = ".ConversationListSkeleton, .ConversationSkeleton, [data-testid='skeleton-line'], .spinner-big"
THREAD = "[data-testid='conversation-wrapper']"
THREAD_LOADED = ".MessageList > li, .PaymentMessageBox, .ReplyBox"
ERROR_BOX = ".outcomebox-error"
