"""The paper on which figures are drawn: typeface and colours, axes, marks."""
