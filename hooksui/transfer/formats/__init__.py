"""The formats that hooks have in files, and the reading of files whose format is not known yet."""
