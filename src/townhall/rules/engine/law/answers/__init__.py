"""What people want to know of a decision: why, what to ask next, and the question turned round."""
