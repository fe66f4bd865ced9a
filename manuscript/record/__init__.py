"""What documents say, as a ledger; how it differs from that of another revision."""
