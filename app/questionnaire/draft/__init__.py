"""A questionnaire in the making: its document as plain data, which may still have mistakes, and pure edits of it."""
