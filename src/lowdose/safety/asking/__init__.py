"""What has to be asked, in which order, and what somebody types turned into facts."""
