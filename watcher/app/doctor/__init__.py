"""The doctor: examinations of everything a watch leans on. Nothing is mended, and no page of the site is asked for."""
