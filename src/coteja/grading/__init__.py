"""The pipeline: release, record, check, score, report. The stages themselves know nothing of each other."""
