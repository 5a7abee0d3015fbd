"""What confines a pod: users, privileges, profiles, and what its operating system has of them."""
