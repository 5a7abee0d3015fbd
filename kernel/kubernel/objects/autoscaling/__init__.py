"""What a HorizontalPodAutoscaler measures and how fast it acts: defaults, rules, cells, and the older version."""
