"""Runs untrusted notebooks and brings back what they left behind: the only stage that touches student code."""
