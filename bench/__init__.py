"""Measurements. Each module is one: ``make -s bench NAME=pages``; the last line is JSON."""
