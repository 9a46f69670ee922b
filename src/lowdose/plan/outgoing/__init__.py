"""What leaves a plan: the calendar, the order to a pharmacy, the line in the audit log."""
