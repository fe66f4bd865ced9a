"""The press: turns the manuscript's sources into HTML, PDF and Word, or refuses."""
