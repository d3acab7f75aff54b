"""Everything a page is made of: components, forms, charts, base templates, styles and small scripts."""
