"""Sources that say where a parcel is: a carrier's official interface, asked with the user's own key."""
