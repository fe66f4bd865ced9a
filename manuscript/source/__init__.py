"""What authors wrote, with its places: settings, documents, labels, expressions."""
