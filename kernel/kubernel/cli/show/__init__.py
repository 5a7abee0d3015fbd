"""Turning answers into text for people: tables, trees, ages."""
