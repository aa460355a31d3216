"""The dossier: the evidence of one order as a PDF, and as a bag of files that anybody can check."""
