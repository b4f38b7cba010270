"""Files as texts by their paths, and what all formats share: a hook as files describe it, keywords, JSON and YAML."""
