"""Files of a closed survey: its answers as data, its questionnaire as codebook, its results as report."""
