"""Exporters: programs as Python, JSON, text and SMT-LIB.  Each is a plugin of kind ``exporters``."""
