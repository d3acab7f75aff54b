"""From the answers of a closed survey to figures that may be shown: columns, tallies, protected tables."""
