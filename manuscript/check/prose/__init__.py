"""What prose says in words: numbers, findings, claims, abbreviations, exceptions."""
