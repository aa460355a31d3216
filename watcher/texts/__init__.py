"""What the seller reads: German first, English second. Short strings by gettext, long ones in a file per language."""
