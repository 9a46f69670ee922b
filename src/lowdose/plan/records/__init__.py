"""What a plan is, word by word: frozen records, their JSON and its hash."""
