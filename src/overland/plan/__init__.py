"""What we will do: the plan, its search and its bound."""
