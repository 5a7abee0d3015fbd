"""What a Job's spec and status mean: their defaults, their rules, their indexes. Jobs and CronJobs are made of it."""
