"""Data only: service packages, code lists, fonts, icons, translations."""
