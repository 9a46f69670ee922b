"""What a plan says beside its doses: advice, side effects, checks, disagreements between sources."""
