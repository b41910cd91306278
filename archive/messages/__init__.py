"""From a row of the outbox to a package: the message of Fiks Arkiv V1, its files, and what it must live up to."""
