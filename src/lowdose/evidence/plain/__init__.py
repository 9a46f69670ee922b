"""What the evidence comes to, in words anybody can read."""
