"""The living example: a fictional town in its second cycle, and an organisation that proves the walls."""
