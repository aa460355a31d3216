"""What carriers say about a parcel, and which milestone that is: one TOML file per carrier, and the reader of them."""
