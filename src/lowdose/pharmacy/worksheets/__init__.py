"""From a batch or a plan to what is printed: worksheet, label, prescription draft; and reading what people write."""
