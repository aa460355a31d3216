"""What is known about carriers: facts as dated data, tracking numbers, how a parcel can still be stopped. Pure."""
