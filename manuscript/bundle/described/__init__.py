"""What a bundle says of itself: to people, to catalogues, to journals, to reviewers."""
