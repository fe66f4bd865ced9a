"""What surrounds the numbers: flow, bias, certainty, checklists, reproduction."""
