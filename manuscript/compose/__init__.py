"""From executed sources to finished documents: tree, numbering, formats, pages."""
