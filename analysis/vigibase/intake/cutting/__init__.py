"""Regular lines cut many at a time, as arrays of the bytes that they are.

Most lines of a table look alike: cells of a few bytes, digits or a short code.
Such lines are cut and read with arithmetic on words of eight bytes, a block of
the file at a time; what differs in any way (another length, another number of
fields, a sign that is no digit in a number, a letter beyond ASCII) is handed
back as it stood, with its number, to be judged one by one. A value that many
rows share (a code, a date, a time with decimals) is read once, and where it is
not plain, by the database, as it reads the lines that are judged.
"""

from analysis.vigibase.intake.cutting.blocks import Batch, batches, can_cut
from analysis.vigibase.intake.cutting.cells import Cells

__all__ = ["Batch", "Cells", "batches", "can_cut"]
