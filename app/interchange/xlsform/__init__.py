"""XLSForm: surveys as spreadsheets, as ODK, KoboToolbox and others take them."""
