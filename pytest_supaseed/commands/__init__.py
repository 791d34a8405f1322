"""The commands of `supaseed`, one in each module; `conventions` holds what is the same for all of them."""
