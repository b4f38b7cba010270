"""What several processes would have to share."""
