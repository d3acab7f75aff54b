"""From the data of an assessment to a frozen report, and from that to page, PDF, Word and Excel."""
