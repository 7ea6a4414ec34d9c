"""The core: everything that is done with a mailbox, as one function per verb."""
