"""How long naltrexone is stopped before an operation: what sources say, and what a site chose."""
