"""The thread that runs labs: run, mailbox, claims."""
