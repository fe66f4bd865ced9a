"""What authors may write: each module says what it handles, and makes nodes of it.

The tree that leaves this room holds pandoc's own elements, of which every writer
knows the meaning, and the nodes below, each of which every format writes in its
way. Whatever no module says that it handles is refused by name.

``Float``
    ``id``, ``kind``, ``number``, ``caption`` (inlines), ``content`` (blocks).
``Panel``
    A part of a figure: ``id``, ``letter``, ``number``, ``caption``, ``content``.
``Panels``
    Parts side by side: ``columns`` and ``content``.
``Theorem``
    ``id``, ``kind``, ``number``, ``name``, ``title``, ``content``.
``Proof``
    ``title`` and ``content``.
``Equation``
    ``id``, ``number``, ``text``, ``alt``.
``Callout``
    ``type``, ``title``, ``icon``, ``content``.
``Folded``
    Code that a page folds away: ``summary`` and ``content``.
``Coloured``
    Words in a ``colour``, and their ``content``.
``SaidRawBlock``, ``SaidRawInline``
    Raw output that says for which ``format`` it is: its ``text``.
``Only``
    What some formats alone show: ``formats`` and ``content``.
``Tabs``
    Views behind tabs: ``id``, ``content`` (of each its heading and blocks).
``Columns``
    Side by side: ``id``, ``widths`` (shares or empty), ``content`` (blocks of each).
``Annotated``
    Code and what is said of its lines: ``classes``, ``lines``, ``marks`` (of each
    line, 0 for none), ``names`` (such as ``Line 2``) and ``content`` (blocks of each).
``Box``
    Of a task, ``ticked`` or not.
``PageBreak``
``Ref``
    A reference to any of them: ``id``, ``kind``, ``number``, ``prefix``.
"""
