"""Campsite: packing setups for people and teams. A small SaaS on a MakerKit-shaped Supabase schema."""
