"""What people type about themselves: to sign in, and on their profile."""
