"""The letter's own numbers, one module a part of the letter."""
