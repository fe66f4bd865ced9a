"""What ``python -m analysis`` can do, one module a command."""
