"""Co-authors in Word: tracked changes out, edited copies in."""
