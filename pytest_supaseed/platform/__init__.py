"""What a Supabase project expects around its own migrations, where those come from, and how they are run."""
