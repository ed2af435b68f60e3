"""The pages of residents, one file a subject: each view calls operations and words the answer."""
