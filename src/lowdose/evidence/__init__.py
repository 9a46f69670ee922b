"""What is known about LDN in people: studies, adverse events, pools, grades. Light to import."""
