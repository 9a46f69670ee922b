"""What happens at the bench: weighing, diluting, measuring, and the sheet on which it is worked out."""
