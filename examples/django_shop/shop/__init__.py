"""The shop: products, and orders of them."""
