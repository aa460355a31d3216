"""The mailbox whose mails make a check come sooner: it is only ever read."""
