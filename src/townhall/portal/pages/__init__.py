"""The pages of residents, one file a subject. Each view calls operations and words what they say."""
