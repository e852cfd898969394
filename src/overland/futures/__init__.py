"""What could happen: sampled futures, a plan carried out in them, and what holds."""
