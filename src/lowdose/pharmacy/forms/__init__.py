"""What is made: capsules, solutions, drops, creams, triturates."""
