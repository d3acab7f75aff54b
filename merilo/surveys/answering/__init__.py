"""How people answer: pages drawn once, answers that travel with the page, sending, and guards before it."""
