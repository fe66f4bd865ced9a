"""What the small letter computes."""

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

RANGES = {"north": 3.82, "south": 1.25}


class Value:
    def __init__(self, key, text):
        self.key = key
        self.text = text

    def _repr_markdown_(self):
        return f'[{self.text}]{{.value key="range.{self.key}"}}'


def range_of(harbour):
    return Value(harbour, str(RANGES[harbour]))


def table():
    rows = "".join(f"| {name} | {height} |\n" for name, height in RANGES.items())
    return Markdown(f"| Harbour | Range, m |\n|:--|--:|\n{rows}")


def plot():
    hours = np.linspace(0, 24, 97)
    _, axes = plt.subplots(figsize=(5, 2.5))
    for height in RANGES.values():
        axes.plot(hours, height * np.sin(hours / 12 * 2 * np.pi) / 2)
    axes.set_xlabel("Hour")
    plt.show()
