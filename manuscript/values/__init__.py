"""What a study hands to prose: values, and the one place that prints numbers."""
