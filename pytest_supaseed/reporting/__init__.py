"""What a run says at its beginning and at its end, as functions of values."""
