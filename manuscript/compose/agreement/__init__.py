"""The words of HTML, PDF and Word, read back from the files and held together."""
