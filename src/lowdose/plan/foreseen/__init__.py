"""What the simulator expects of a dose: while it is taken and after the last of it. It decides nothing."""
