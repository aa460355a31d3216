"""What the seven tips say to one's own ads: rules as dated data, and what they find in an ad. Pure."""
